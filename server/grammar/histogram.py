"""Histograms: how many values fall into each bin."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field, model_validator
from typing_extensions import override

from inspectree.logger.statistics import BINS, Statistics
from inspectree.server.grammar.base import Spec, Step
from inspectree.server.grammar.counting import Floats, as_floats, count, equal_edges, extent
from inspectree.server.grammar.groups import check_groups, grouped


class Histogram(Step):
    """Count values per bin, over all dims; the coordinates ``left`` and ``right`` are the bins' edges.

    As `numpy.histogram` does: equal bins from the smallest to the largest value, the last one closed.
    Values that are not finite, or outside the range, are in no bin.
    """

    family: ClassVar[str] = "bin"
    example: ClassVar[Mapping[str, Any]] = {"op": "histogram", "bins": 16, "by": ["class"]}

    op: Literal["histogram"] = "histogram"
    bins: Annotated[int, Field(ge=1, le=10_000, description="number of bins")] = BINS
    range: Annotated[
        tuple[float, float] | None,
        Field(description="first and last edge; the smallest and the largest value"),
    ] = None
    by: Annotated[
        tuple[str, ...], Field(description="coordinates such as class: a histogram for each label")
    ] = ()
    shared: Annotated[bool, Field(description="the same edges for every label")] = True
    log: Annotated[
        bool, Field(description="edges in equal ratios; values from 0 downwards are in no bin")
    ] = False

    @model_validator(mode="after")
    def _sensible_range(self) -> Self:
        if self.range is not None:
            low, high = self.range
            if not (np.isfinite(self.range).all() and low < high):
                raise ValueError(
                    f"range must be two finite numbers, the lower one first, not {low} and {high}"
                )
            if self.log and low <= 0:
                raise ValueError(f"a range in equal ratios starts above 0, not at {low}")
        return self

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_numbers()
        groups = check_groups(spec, self.by, spec.sizes)
        known = {n: along for n, along in spec.coords.items() if along and set(along) <= set(groups)}
        along = ("bin",) if self.shared else (*self.by, "bin")
        coords = {**known, **{name: (name,) for name in self.by}, "left": along, "right": along}
        return Spec({**groups, "bin": self.bins}, np.dtype(np.int64), coords, dtypes=spec.dtypes)

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        edges = self._edges(as_floats(value)) if self.shared else None
        own = () if self.shared else ("left", "right")
        return grouped(value, self.by, lambda part: self._counts(part, edges), own).rename(self.op)

    def _counts(self, value: xr.DataArray, edges: Floats | None) -> xr.DataArray:
        floats = as_floats(value)
        edges = self._edges(floats) if edges is None else edges
        return labelled(count(floats, edges, log=self.log), edges)

    def _edges(self, floats: Floats) -> Floats:
        extent = self.range or self._extent(floats)
        if not self.log:
            return equal_edges(floats.dtype, self.bins, extent or (0, 1))
        low, high = extent or (1, 10)
        if low == high:
            low, high = low / 2, high * 2
        return np.geomspace(low, high, self.bins + 1)

    def _extent(self, floats: Floats) -> tuple[Any, Any] | None:
        """Return the smallest and the largest value that has a bin; None where there is none."""
        return extent(floats[floats > 0] if self.log else floats)

    @override
    def fixed(self, values: Iterable[xr.DataArray]) -> "Step":
        """Return the histogram with the range of all values, where the edges are shared."""
        if not self.shared or self.range is not None:
            return self
        extents = [known for value in values if (known := self._extent(as_floats(value))) is not None]
        if not extents:
            return self.model_copy(update={"range": (1, 10) if self.log else (0, 1)})
        lows, highs = zip(*extents, strict=True)
        return self.model_copy(update={"range": (min(lows), max(highs))})

    @property
    @override
    def extremes_suffice(self) -> bool:
        """In equal ratios the smallest value above 0 counts."""
        return not self.log

    @override
    def within(self, dim: str, spec: Spec) -> "Step | None":
        """Return the histogram of each position of ``dim`` alone, where none depends on the others."""
        alone = dim in self.by and (not self.shared or self.range is not None)
        return self.model_copy(update={"by": tuple(n for n in self.by if n != dim)}) if alone else None

    @override
    def from_statistics(self, statistics: Statistics, spec: Spec) -> xr.DataArray | None:
        """Return the stored histogram where it has these bins."""
        plain = not (self.by or self.log) and self.range is None and self.bins == BINS
        if not plain or not statistics.finite:
            return None
        return labelled(statistics.histogram, statistics.edges).rename(self.op)


def labelled(counts: NDArray[np.int64], edges: Floats) -> xr.DataArray:
    """Return counts with their bins' edges as coordinates."""
    coords = {"left": ("bin", edges[:-1]), "right": ("bin", edges[1:])}
    return xr.DataArray(counts.astype(np.int64), dims=["bin"], coords=coords)
