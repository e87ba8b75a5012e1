"""Selection: by label, position, slice, class, correctness, or at random."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import LABELS, Spec, Step
from inspectree.server.grammar.positions import described_with_positions, with_positions
from inspectree.server.nearest import nearest

Label = str | int | float | bool
Indexer = int | slice | NDArray[np.int64]
Bounds = tuple[int | None, int | None] | tuple[int | None, int | None, int | None]


class Select(Step):
    """Keep what fulfils all conditions; a single position takes its dim away, everything else keeps it.

    A dim without labels is then labelled by its positions.
    """

    family: ClassVar[str] = "select"
    example: ClassVar[Mapping[str, Any]] = {"op": "select", "class": ["zero", "one"], "correct": False}

    op: Literal["select"] = "select"
    classes: Annotated[tuple[str, ...] | None, Field(alias="class", description="names of true classes")] = (
        None
    )
    predicted: Annotated[tuple[str, ...] | None, Field(description="names of predicted classes")] = None
    correct: Annotated[
        bool | None, Field(description="whether the prediction is right; without a class neither")
    ] = None
    label: Annotated[
        Mapping[str, tuple[Label, ...]],
        Field(description="labels per dim or coordinate; a dim without labels is labelled by its positions"),
    ] = {}
    position: Annotated[
        Mapping[str, int | tuple[int, ...]],
        Field(description="one position or several per dim, from 0; −1 is the last"),
    ] = {}
    slices: Annotated[
        Mapping[str, Bounds],
        Field(alias="slice", description="start, stop and, if wanted, step per dim, as in Python"),
    ] = {}
    random: Annotated[
        Mapping[str, Annotated[int, Field(ge=1)]],
        Field(description="so many of what fulfils the other conditions, per dim; all where there are fewer"),
    ] = {}
    seed: Annotated[int, Field(ge=0, description="which random ones")] = 0

    @override
    def check(self, spec: Spec) -> Spec:
        conditioned = [spec.need_coord(name) for name, _ in self._conditions()]
        spec.need_dims([*self.position, *self.slices])
        spec.need_dims(self.random)
        single = [dim for dim, position in self.position.items() if isinstance(position, int)]
        for dim in single:
            if dim in {*conditioned, *self.random}:
                raise PipelineError(f"a single position along {dim!r} leaves nothing more to select there")
        sizes = {dim: self._size(dim, size) for dim, size in spec.sizes.items()}
        for dim in (*conditioned, *self.position, *self.slices, *self.random):
            spec = spec if dim in single else described_with_positions(spec, dim)
        return replace(
            spec,
            sizes={dim: size for dim, size in sizes.items() if dim not in single},
            coords={name: tuple(d for d in along if d not in single) for name, along in spec.coords.items()},
        )

    def _size(self, dim: str, size: int) -> int:
        """Return how many positions remain at most."""
        if dim in self.position:
            positions = np.atleast_1d(self.position[dim])
            for position in positions:
                if not -size <= position < size:
                    raise PipelineError(f"no position {position} along {dim!r}, which has {size}")
            size = len(positions)
        if dim in self.slices:
            if self.slices[dim][2:] == (0,):
                raise PipelineError(f"the step of the slice along {dim!r} is 0")
            size = len(range(*slice(*self.slices[dim]).indices(size)))
        return min(size, self.random.get(dim, size))

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        indexers = self.indexers(value)
        for dim in indexers:
            if not isinstance(indexers[dim], int):
                value = with_positions(value, dim)
        return value.isel(indexers)

    def indexers(self, value: xr.DataArray) -> dict[str, Indexer]:
        """Return the positions to take along each dim; looks at coordinates only, never at values."""
        conditions: dict[str, list[NDArray[np.bool_]]] = {}
        for name, labels in self._conditions():
            coord = value[name]
            conditions.setdefault(str(coord.dims[0]), []).append(_matches(coord, labels))
        dims = dict.fromkeys([*self.position, *self.slices, *conditions, *self.random])
        return {dim: self._indexer(dim, value.sizes[dim], conditions.get(dim, [])) for dim in dims}

    @property
    def names(self) -> set[str]:
        """Return the dims and coordinates that are looked at."""
        return {*(name for name, _ in self._conditions()), *self.position, *self.slices, *self.random}

    def _conditions(self) -> Iterator[tuple[str, tuple[Label, ...]]]:
        if self.classes is not None:
            yield "class", self.classes
        if self.predicted is not None:
            yield "predicted", self.predicted
        if self.correct is not None:
            yield "correct", (self.correct,)
        yield from self.label.items()

    def _indexer(self, dim: str, size: int, conditions: list[NDArray[np.bool_]]) -> Indexer:
        position = self.position.get(dim)
        if isinstance(position, int):
            return position
        if position is None and not conditions and dim not in self.random:
            return slice(*self.slices[dim])
        keep = np.arange(size)
        if position is not None:
            keep = keep[np.array(position, dtype=int)]
        if dim in self.slices:
            keep = keep[slice(*self.slices[dim])]
        for matching in conditions:
            keep = keep[matching[keep]]
        if len(keep) > self.random.get(dim, size):
            generator = np.random.default_rng(self.seed)
            keep = np.sort(generator.choice(keep, self.random[dim], replace=False))
        return keep


def _matches(coord: xr.DataArray, labels: tuple[Label, ...]) -> NDArray[np.bool_]:
    values = coord.values
    known = dict.fromkeys([*coord.attrs.get(LABELS, ()), *values.tolist()])
    known.pop(None, None)  # neither right nor wrong
    for label in labels:
        if label not in known and not isinstance(label, bool):
            raise PipelineError(f"no {coord.name} {label!r}; {_valid(label, list(known))}")
    return np.isin(values, np.array(labels, dtype=None if labels else values.dtype))


def _valid(label: Label, known: list[Label]) -> str:
    """Say what would have been right: of numbers the range, for digits say nothing about what is near."""
    if known and not any(isinstance(each, str) for each in (label, *known)):
        return f"they are {min(known)} to {max(known)}"
    return nearest(str(label), map(str, known))
