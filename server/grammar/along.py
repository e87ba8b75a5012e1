"""Maps along dims: what a value becomes depends on the others there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import Field
from typing_extensions import override

from inspectree.server.grammar.base import Spec
from inspectree.server.grammar.elementwise import Map, over_dims
from inspectree.server.grammar.groups import Values
from inspectree.server.grammar.positions import described_with_positions, with_positions
from inspectree.server.grammar.reduce import finite
from inspectree.server.grammar.rows import map_rows


class Softmax(Map):
    """Exponentials as shares of their sum: what a softmax layer makes of scores."""

    example: ClassVar[Mapping[str, Any]] = {"op": "softmax", "over": ["channel"]}

    op: Literal["softmax"] = "softmax"
    over: Annotated[
        tuple[str, ...], Field(description="dims over which shares add up to 1; all where none is named")
    ] = ()

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_dims(self.over)
        return super().check(spec)

    @override
    def _map(self, value: xr.DataArray) -> xr.DataArray:
        if not value.size:
            return value
        from scipy.special import softmax  # takes a while to import, and few ask for it

        return value.copy(data=softmax(value.values, axis=over_dims(value, self.over)))


class Rank(Map):
    """Ranks from 1, the smallest first; equal values share the mean of theirs.

    Values that are not finite have none: NaN.
    """

    example: ClassVar[Mapping[str, Any]] = {"op": "rank", "over": ["sample"]}
    result: ClassVar[str] = "f8"

    op: Literal["rank"] = "rank"
    over: Annotated[
        tuple[str, ...], Field(description="dims whose values are ranked together; all where none is named")
    ] = ()

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_dims(self.over)
        return super().check(spec)

    @override
    def _map(self, value: xr.DataArray) -> xr.DataArray:
        if not value.size:
            return finite(value)
        return value.copy(data=map_rows(finite(value).values, over_dims(value, self.over), _ranks))


def _ranks(table: Values) -> Values:
    ranked = pd.DataFrame(table.reshape(-1, table.shape[-1])).rank(axis="columns")
    return ranked.to_numpy().reshape(table.shape)


class CumSum(Map):
    """Running sum along a dim, each value's own included; values that are not finite add nothing."""

    example: ClassVar[Mapping[str, Any]] = {"op": "cumsum", "dim": "sample"}
    result: ClassVar[str] = "f8"

    op: Literal["cumsum"] = "cumsum"
    dim: Annotated[str, Field(description="dim along which is summed")]

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_dims([self.dim])
        return super().check(spec)

    @override
    def _map(self, value: xr.DataArray) -> xr.DataArray:
        axis = value.get_axis_num(self.dim)
        sums = np.cumsum(value.values, axis, dtype=np.float64)
        ends = sums.take([-1], axis) if value.size else sums
        if not np.isfinite(ends).all():  # what is not finite goes on to the end
            sums = np.cumsum(finite(value).fillna(0).values, axis)
        return value.copy(data=sums)


class Diff(Map):
    """Difference of each value to the one before along a dim, with the later one's labels.

    A dim without labels is labelled by its positions.
    """

    example: ClassVar[Mapping[str, Any]] = {"op": "diff", "dim": "sample"}

    op: Literal["diff"] = "diff"
    dim: Annotated[str, Field(description="dim along which neighbours are compared; it gets one shorter")]

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_dims([self.dim])
        after = described_with_positions(super().check(spec), self.dim)
        return replace(after, sizes={**spec.sizes, self.dim: max(spec.sizes[self.dim] - 1, 0)})

    @override
    def _map(self, value: xr.DataArray) -> xr.DataArray:
        later = with_positions(value, self.dim).isel({self.dim: slice(1, None)})
        return later.copy(data=np.diff(value.values, axis=value.get_axis_num(self.dim)))
