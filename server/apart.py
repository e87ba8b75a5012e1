"""Doing a step to each of several sources by itself, so that they are never in memory all at once."""

from collections.abc import Callable, Iterable

import xarray as xr
from typing_extensions import override

from inspectree.server.grammar.base import Step
from inspectree.server.grammar.pipeline import checked
from inspectree.server.grammar.spec import Spec
from inspectree.server.leaf import Leaf
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
        return self._laid([part for part in parts if isinstance(part, xr.DataArray)])

    def _laid(self, parts: list[xr.DataArray]) -> xr.DataArray:
        along = [name for name, dims in self.spec.coords.items() if self.stack.dim in dims]
        own = [name for name in along if name in parts[0].coords]
        stacked = xr.concat(parts, dim=STACKED, coords=own or "minimal", compat="override")
        return self.stack.labelled(stacked).transpose(*self.spec.sizes)

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
