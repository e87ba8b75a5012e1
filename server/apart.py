"""Doing a step to each of several sources by itself, so that they are never in memory all at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import xarray as xr

from inspectree.server.grammar.base import Spec, Step
from inspectree.server.source import Source, label_stack, shared_coords, stack_dim

SHARE = 8
"""The part of what may be held (one in so many) up to which values are held rather than read twice."""


@dataclass(frozen=True)
class Apart:
    """A step that can be done to each source alone.

    ``spec`` describes all of them, ``result`` what the step makes of them; ``limit`` bytes may be held.
    """

    step: Step
    sources: Sequence[Source]
    spec: Spec
    result: Spec
    limit: int

    @classmethod
    def of(cls, step: Step, sources: Sequence[Source], spec: Spec, limit: int) -> "Apart | None":
        """Return how ``step`` is done to each source alone; None where it needs them all at once."""
        if len(sources) < 2:
            return None
        dim, labels = stack_dim(sources)
        if len(set(labels)) < len(labels) or step.fixed(()).within(dim, spec) is None:
            return None
        return cls(step, sources, spec, step.check(spec), limit)

    @property
    def held_bytes(self) -> int:
        """Return the bytes in memory while it is done."""
        return self.spec.held_bytes // len(self.sources) + self.result.held_bytes

    def __call__(self) -> xr.DataArray:
        """Return what the step makes of the sources, as if they were laid on one another first."""
        dim, _ = stack_dim(self.sources)
        values = self._values()
        alone = self.step.fixed(self._extremes() or values()).within(dim, self.spec)
        assert alone is not None, "of() has asked"
        parts = [alone(value) for value in values()]
        own = [name for name, along in self.result.coords.items() if dim in along and name in parts[0].coords]
        stacked = xr.concat(parts, dim="stacked", coords=own or "minimal", compat="override")
        return label_stack(self.sources, stacked).transpose(*self.result.sizes)

    def _extremes(self) -> list[xr.DataArray]:
        """Return what is known of all values without reading them, where that is all that has to be known."""
        if not self.step.extremes_suffice:
            return []
        known = [extremes for source in self.sources if (extremes := source.extremes) is not None]
        return known if len(known) == len(self.sources) else []

    def _values(self) -> Callable[[], Iterable[xr.DataArray]]:
        """Return what goes through the sources, with the coordinates that all have in common.

        They are read one after the other; few enough of them are held for a second time.
        """
        kept = shared_coords([source.value for source in self.sources])
        alike = [source.value.drop_vars(set(source.value.coords) - set(kept)) for source in self.sources]
        if sum(value.nbytes for value in alike) <= self.limit // SHARE:
            held = [value.compute() for value in alike]
            return lambda: held
        return lambda: (value.compute() for value in alike)
