"""Reductions of the values in their order."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import xarray as xr
from pydantic import Field
from typing_extensions import override

from inspectree.logger.statistics import EXACT_QUANTILES_UP_TO, QUANTILES, Statistics
from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, spec_like
from inspectree.server.grammar.groups import Axes, Values
from inspectree.server.grammar.reduce import Reduce
from inspectree.server.grammar.rows import filled_rows


class Median(Reduce):
    """Value in the middle; the mean of the two where their number is even."""

    example: ClassVar[Mapping[str, Any]] = {"op": "median", "over": ["sample"]}

    op: Literal["median"] = "median"

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        return quantiles(values, axes, [0.5])[..., 0]

    @override
    def _stored(self, statistics: Statistics) -> float | None:
        exact = statistics.count <= EXACT_QUANTILES_UP_TO
        return float(statistics.quantiles[QUANTILES.index(0.5)]) if exact else None


class Quantile(Reduce):
    """Quantiles, interpolated linearly, along the new dim ``quantile``."""

    example: ClassVar[Mapping[str, Any]] = {"op": "quantile", "q": [0.05, 0.5, 0.95], "by": ["class"]}
    new: ClassVar[tuple[str, ...]] = ("quantile",)

    op: Literal["quantile"] = "quantile"
    q: Annotated[
        tuple[Annotated[float, Field(ge=0, le=1)], ...],
        Field(min_length=1, max_length=1000, description="which quantiles, from 0 to 1"),
    ]

    @override
    def check(self, spec: Spec) -> Spec:
        reduced = super().check(spec)
        if "quantile" in reduced.sizes:
            raise PipelineError("dim 'quantile' is there already; reduce over it too")
        sizes = {**reduced.sizes, "quantile": len(self.q)}
        return spec_like(reduced, sizes, self.result, coords={"quantile": np.float64})

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        return super().__call__(value).assign_coords(quantile=list(self.q))

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        return quantiles(values, axes, self.q)

    @override
    def _none(self, values: Values, axes: Axes) -> Values:
        return np.repeat(super()._none(values, axes)[..., np.newaxis], len(self.q), axis=-1)


def quantiles(values: Values, axes: Axes, q: Sequence[float]) -> Values:
    """Return quantiles of what is finite along a new last axis, interpolated as `numpy.quantile` does."""
    table = filled_rows(values, axes)
    count = np.isfinite(table).sum(axis=-1, keepdims=True)
    ranks = np.array(q) * np.maximum(count - 1, 0)
    low, high = np.floor(ranks).astype(int), np.ceil(ranks).astype(int)
    if (count == table.shape[-1]).all():
        ordered = np.partition(table, np.unique([low, high]), axis=-1)
    else:  # NaN comes last
        ordered = np.sort(np.where(np.isfinite(table), table, np.nan), axis=-1)
    below, above = (np.take_along_axis(ordered, at, -1).astype(np.float64) for at in (low, high))
    return np.asarray(below + (above - below) * (ranks - low))
