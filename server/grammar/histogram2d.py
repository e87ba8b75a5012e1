"""Histograms of two things at once."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import xarray as xr
from pydantic import Field, model_validator
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import NUMBERS, Spec, Step
from inspectree.server.grammar.counting import Floats, as_floats, equal_edges, extent, places
from inspectree.server.grammar.groups import check_groups, grouped

AXES = ("first", "second")
PAIR = "the two of a pair"
"""A dim that no value has."""

Bins = Annotated[int, Field(ge=1, le=1_000)]
Range = tuple[float, float] | None


class Histogram2D(Step):
    """Count pairs per cell: the values at two positions of a dim, or a coordinate's labels and the values.

    Two positions of a dim are two units, say, over all samples, or two checkpoints over all weights. Both
    directions have equal bins from their smallest to their largest value; the last one is closed. The dims
    are ``first`` and ``second``, with the edges ``first_left``, ``first_right``, ``second_left`` and
    ``second_right``. Pairs of which one is not finite, or outside the range, are in no cell.
    """

    family: ClassVar[str] = "bin"
    example: ClassVar[Mapping[str, Any]] = {
        "op": "histogram2d", "along": "channel", "of": [0, -1], "bins": [8, 6], "by": ["class"],
    }  # fmt: skip

    op: Literal["histogram2d"] = "histogram2d"
    along: Annotated[str | None, Field(description="dim of which two positions make the pairs")] = None
    of: Annotated[
        tuple[int, int], Field(description="the two positions along that dim, from 0; −1 is the last")
    ] = (0, 1)
    against: Annotated[
        str | None, Field(description="instead of a dim: coordinate of numbers that come first in the pairs")
    ] = None
    bins: Annotated[tuple[Bins, Bins], Field(description="number of bins of the first and of the second")] = (
        32,
        32,
    )
    ranges: Annotated[
        tuple[Range, Range],
        Field(description="first and last edge of the first and of the second; smallest and largest value"),
    ] = (None, None)
    by: Annotated[
        tuple[str, ...],
        Field(description="coordinates such as class: counts for each label, in the same cells"),
    ] = ()

    @model_validator(mode="after")
    def _sensible(self) -> Self:
        if (self.along is None) == (self.against is None):
            raise ValueError("name either a dim ('along') or a coordinate ('against')")
        for known in self.ranges:
            if known is not None and not (np.isfinite(known).all() and known[0] < known[1]):
                raise ValueError(
                    f"a range must be two finite numbers, the lower one first, not {list(known)}"
                )
        return self

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_numbers()
        groups = check_groups(spec, self.by, self._paired_dims(spec))
        sizes = {**groups, **dict(zip(AXES, self.bins, strict=True))}
        edges = {f"{axis}_{side}": (axis,) for axis in AXES for side in ("left", "right")}
        known = {n: along for n, along in spec.coords.items() if along and set(along) <= set(groups)}
        labels = {name: (name,) for name in self.by}
        return Spec(sizes, np.dtype(np.int64), {**known, **labels, **edges}, dtypes=spec.dtypes)

    def _paired_dims(self, spec: Spec) -> list[str]:
        """Return the dims along which pairs lie."""
        if self.against is not None:
            dtype = spec.dtypes.get(self.against) if spec.need_coord(self.against) else None
            if dtype is not None and dtype.kind not in NUMBERS:
                raise PipelineError(f"needs a coordinate of numbers; {self.against!r} holds text")
            return list(spec.sizes)
        spec.need_dims([str(self.along)])
        size = spec.sizes[str(self.along)]
        for position in self.of:
            if not -size <= position < size:
                raise PipelineError(f"no position {position} along {self.along!r}, which has {size}")
        return [dim for dim in spec.sizes if dim != self.along]

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        pairs = self._pairs(value)
        edges = [self._edges(pairs.isel({PAIR: number}), number) for number in range(2)]
        return grouped(pairs, self.by, lambda part: _counted(part, edges)).rename(self.op)

    def _pairs(self, value: xr.DataArray) -> xr.DataArray:
        if self.along is not None:
            both = value.isel({self.along: list(self.of)})
            gone = [name for name, coord in both.coords.items() if self.along in coord.dims]
            return both.drop_vars(gone).rename({self.along: PAIR})
        labels = value[self.against].astype(np.float64).broadcast_like(value).transpose(*value.dims)
        return xr.concat([labels, value.astype(np.float64)], PAIR, coords="minimal", compat="override")

    def _edges(self, value: xr.DataArray, number: int) -> Floats:
        floats = as_floats(value)
        ends = self.ranges[number] or extent(floats) or (0, 1)
        return equal_edges(floats.dtype, self.bins[number], ends)


def _counted(pairs: xr.DataArray, edges: list[Floats]) -> xr.DataArray:
    """Return how many pairs fall into each cell, with its edges."""
    first, second = (places(as_floats(pairs.isel({PAIR: i})), edges[i]) for i in range(2))
    shape = (len(edges[0]) - 1, len(edges[1]) - 1)
    inside = (first >= 0) & (second >= 0)
    cells = np.bincount(first[inside] * shape[1] + second[inside], minlength=shape[0] * shape[1])
    counted = xr.DataArray(cells.reshape(shape).astype(np.int64), dims=AXES)
    for axis, ends in zip(AXES, edges, strict=True):
        counted = counted.assign_coords(
            {f"{axis}_left": (axis, ends[:-1]), f"{axis}_right": (axis, ends[1:])}
        )
    return counted
