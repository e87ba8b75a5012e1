"""Doing a step to each of several sources by itself, so that they are never in memory all at once."""

from collections.abc import Callable, Iterable

import xarray as xr
from typing_extensions import override

from inspectree.server.grammar.base import Step
from inspectree.server.grammar.compare import Compare
from inspectree.server.grammar.pipeline import checked, during
from inspectree.server.grammar.spec import Spec
from inspectree.server.leaf import Leaf, Values
from inspectree.server.ledger import Ledger
from inspectree.server.stack import STACKED, Stack

SHARE = 8
"""The part of what may be held (one in so many) up to which values are held rather than read twice."""


class Apart(Leaf):
    """A step that is done to each source alone; ``limit`` bytes may be held."""

    spec: Spec

    def __init__(self, step: Step, stack: Stack, spec: Spec, limit: int, ledger: Ledger) -> None:
        self.step, self.stack, self.spec = step, stack, spec
        self._sources = stack.alike()
        self._nbytes = sum(source.value.nbytes for source in self._sources)
        self._are_few = self._nbytes <= limit // SHARE
        looks_first = not self._are_few and not self._extremes() and step.fixed(()) != step
        for source in stack.sources:
            ledger.want(source, 2 if looks_first else 1)

    @classmethod
    def of(cls, step: Step, stack: Stack, limit: int, ledger: Ledger) -> "Apart | None":
        """Return how ``step`` is done to each source alone; None where it needs them all at once."""
        if stack.dim is None or len(set(stack.labels)) < len(stack.labels):
            return None
        if step.takes != ("array",) or step.fixed(()).within(stack.dim, stack.spec) is None:
            return None
        spec = checked(step, stack.spec)
        return cls(step, stack, spec, limit, ledger) if isinstance(spec, Spec) else None

    @property
    @override
    def held_bytes(self) -> int:
        """Return the bytes of one source, and of what is made of all."""
        one = self.stack.spec.held_bytes // len(self.stack.sources)
        return one + self.spec.held_bytes

    @override
    def read(self, ledger: Ledger) -> xr.DataArray:
        """Return what the step makes of the sources, as if they were laid on one another first."""
        assert self.stack.dim is not None, "of() has asked"
        ledger.origins.add("values")
        values = self._values(ledger)
        alone = self.step.fixed(self._extremes() or values()).within(self.stack.dim, self.stack.spec)
        assert alone is not None, "of() has asked"
        parts = [alone(value) for value in values()]
        return laid([part for part in parts if isinstance(part, xr.DataArray)], self.stack, self.spec)

    def _extremes(self) -> list[xr.DataArray]:
        """Return what is known of all values without reading them, where that is all that has to be known."""
        if not self.step.extremes_suffice:
            return []
        known = [extremes for source in self._sources if (extremes := source.extremes) is not None]
        return known if len(known) == len(self._sources) else []

    def _values(self, ledger: Ledger) -> Callable[[], Iterable[xr.DataArray]]:
        """Return what goes through the sources one after the other; few enough are held for a second time."""
        if self._are_few:
            held: list[xr.DataArray] = [ledger.read(source) for source in self._sources]
            return lambda: held
        return lambda: map(ledger.read, self._sources)


class ComparedApart(Leaf):
    """A comparison that is done to each source alone, with another one that is read for it."""

    spec: Spec

    def __init__(self, number: int, step: Compare, stack: Stack, others: Stack, ledger: Ledger) -> None:
        self._number, self._step, self._stack, self._others = number, step, stack, others
        self.spec = step.check_pair(stack.spec, others.spec)
        for source in stack.sources:
            ledger.want(source)

    @classmethod
    def of(
        cls, number: int, step: Compare, stack: Stack, other: Leaf, ledger: Ledger
    ) -> "ComparedApart | None":
        """Return how a comparison is done to each source alone; None where it needs them all at once."""
        if stack.dim is None or len(set(stack.labels)) < len(stack.labels):
            return None
        if not step.alone or not isinstance(other, Values) or other.stack.dim != stack.dim:
            return None
        spec = step.check_pair(stack.spec, other.stack.spec)
        return cls(number, step, stack, other.stack, ledger) if stack.dim in spec.sizes else None

    @property
    @override
    def held_bytes(self) -> int:
        """Return the bytes of one source and its other, of the work on them, and of what is made of all."""
        both = self._stack.spec.held_bytes + self._others.spec.held_bytes
        work = self._step.extra_bytes(self._stack.spec)
        return (both + work) // len(self._stack.sources) + self.spec.held_bytes

    @override
    def read(self, ledger: Ledger) -> xr.DataArray:
        ledger.origins.add("values")
        pairs = zip(self._stack.alike(), self._others.alike(), strict=True)
        with during(self._number, self._step):
            parts = [self._step.compared(ledger.read(one), ledger.read(other)) for one, other in pairs]
        return laid(parts, self._stack, self.spec)


def laid(parts: list[xr.DataArray], stack: Stack, spec: Spec) -> xr.DataArray:
    """Lay what was made of each source on one another, as ``spec`` describes it."""
    along = [name for name, dims in spec.coords.items() if stack.dim in dims]
    own = [name for name in along if name in parts[0].coords]
    stacked = xr.concat(parts, dim=STACKED, coords=own or "minimal", compat="override")
    return stack.labelled(stacked).transpose(*spec.sizes)
