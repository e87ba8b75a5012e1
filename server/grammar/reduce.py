"""Reductions: dims go, one number per rest stays."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import xarray as xr
from pydantic import Field
from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, Step, spec_like
from inspectree.server.grammar.groups import check_groups, grouped

Dims = list[str]


class Reduce(Step):
    """What all reductions share: values that are not finite are left out, and of none the result is NaN."""

    family: ClassVar[str] = "reduce"
    result: ClassVar[str] = "f8"
    of_nothing: ClassVar[float] = np.nan

    over: Annotated[tuple[str, ...], Field(description="dims that go; all where none is named")] = ()
    by: Annotated[
        tuple[str, ...],
        Field(description="coordinates along these dims, such as class: a result for each label"),
    ] = ()

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_numbers()
        spec.need_dims(self.over)
        over = self._over(spec.sizes)
        groups = check_groups(spec, self.by, over)
        kept = {dim: size for dim, size in spec.sizes.items() if dim not in over}
        if twice := set(groups) & set(kept):
            raise PipelineError(f"dim {', '.join(twice)!r} is there already, so nothing can be grouped by it")
        return spec_like(spec, {**groups, **kept}, self.result, coords=self.by)

    def _over(self, sizes: Mapping[Any, int]) -> Dims:
        return list(self.over or map(str, sizes))

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        over = self._over(value.sizes)
        result = grouped(value, self.by, lambda part: self._reduced(part, over))
        return result.astype(self.result).rename(self.op)

    def _reduced(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        if all(value.sizes[dim] for dim in over):
            return self._reduce(value, over)
        empty = value.isel(dict.fromkeys(over, slice(0))).sum(over).astype(float)
        return empty + self.of_nothing

    @abstractmethod
    def _reduce(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        """Return the value without the dims ``over``, of which none is empty."""

    @override
    def within(self, dim: str, spec: Spec) -> "Step | None":
        """Return the reduction of each position of ``dim`` alone, over all other dims."""
        over = self._over(spec.sizes)
        everything = {*over, dim} == set(spec.sizes)
        if everything and ((dim in over and self.by == (dim,)) or (dim not in over and not self.by)):
            return self.model_copy(update={"over": (), "by": ()})
        return None

    @override
    def from_statistics(self, statistics: Statistics, spec: Spec) -> xr.DataArray | None:
        """Return the stored number where the reduction is over everything."""
        if self.by or set(self._over(spec.sizes)) != set(spec.sizes):
            return None
        number = self._stored(statistics)
        return None if number is None else xr.DataArray(number, name=self.op).astype(self.result)

    def _stored(self, statistics: Statistics) -> float | None:  # noqa: ARG002 - for those that can
        """Return the reduction of all elements from their descriptors, where these tell it."""
        return None


def finite(value: xr.DataArray) -> xr.DataArray:
    """Return the value in float64, NaN where it is not finite."""
    floats = value.astype(np.float64)
    return floats.where(np.isfinite(floats))


class Mean(Reduce):
    """Average."""

    example: ClassVar[Mapping[str, Any]] = {"op": "mean", "over": ["sample", "y", "x"], "by": ["class"]}

    op: Literal["mean"] = "mean"

    @override
    def _reduce(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        return finite(value).mean(over)

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.mean


class Sum(Reduce):
    """Add up."""

    example: ClassVar[Mapping[str, Any]] = {"op": "sum", "over": ["channel"]}
    of_nothing: ClassVar[float] = 0

    op: Literal["sum"] = "sum"

    @override
    def _reduce(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        return finite(value).sum(over)


class Min(Reduce):
    """Smallest value."""

    example: ClassVar[Mapping[str, Any]] = {"op": "min"}

    op: Literal["min"] = "min"

    @override
    def _reduce(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        return finite(value).min(over)

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.minimum


class Max(Reduce):
    """Largest value."""

    example: ClassVar[Mapping[str, Any]] = {"op": "max"}

    op: Literal["max"] = "max"

    @override
    def _reduce(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        return finite(value).max(over)

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.maximum


class Std(Reduce):
    """Standard deviation of the population."""

    example: ClassVar[Mapping[str, Any]] = {"op": "std", "over": ["sample"]}

    op: Literal["std"] = "std"

    @override
    def _reduce(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        return finite(value).std(over)

    @override
    def _stored(self, statistics: Statistics) -> float:
        return float(np.sqrt(statistics.variance))


class Var(Reduce):
    """Variance of the population."""

    example: ClassVar[Mapping[str, Any]] = {"op": "var", "over": ["sample"]}

    op: Literal["var"] = "var"

    @override
    def _reduce(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        return finite(value).var(over)

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.variance


class Median(Reduce):
    """Value in the middle; the mean of the two where their number is even."""

    example: ClassVar[Mapping[str, Any]] = {"op": "median", "over": ["sample"]}

    op: Literal["median"] = "median"

    @override
    def _reduce(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        return finite(value).median(over)


class Quantile(Reduce):
    """Quantiles, interpolated linearly, along the new dim ``quantile``."""

    example: ClassVar[Mapping[str, Any]] = {"op": "quantile", "q": [0.05, 0.5, 0.95], "by": ["class"]}

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
        return spec_like(reduced, sizes, self.result, coords=("quantile",))

    @override
    def _reduce(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        return finite(value).quantile(list(self.q), over).transpose(..., "quantile")


class Norm(Reduce):
    """Euclidean norm: the root of the sum of squares."""

    example: ClassVar[Mapping[str, Any]] = {"op": "norm", "over": ["in"]}
    of_nothing: ClassVar[float] = 0

    op: Literal["norm"] = "norm"

    @override
    def _reduce(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        return (finite(value) ** 2).sum(over) ** 0.5

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.norm


class Count(Reduce):
    """Number of values, the non-finite ones included."""

    example: ClassVar[Mapping[str, Any]] = {"op": "count", "by": ["class"]}
    result: ClassVar[str] = "i8"
    of_nothing: ClassVar[float] = 0

    op: Literal["count"] = "count"

    @override
    def _reduce(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        return xr.ones_like(value, dtype=np.int64).sum(over)

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.count


class FractionZero(Reduce):
    """Share of all values that are exactly 0."""

    example: ClassVar[Mapping[str, Any]] = {"op": "fraction_zero", "over": ["sample"]}

    op: Literal["fraction_zero"] = "fraction_zero"

    @override
    def _reduce(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        return (value == 0).mean(over)

    @override
    def _stored(self, statistics: Statistics) -> float | None:
        return statistics.zeros / statistics.count if statistics.count else None


class FractionNonfinite(Reduce):
    """Share of all values that are NaN or infinite."""

    example: ClassVar[Mapping[str, Any]] = {"op": "fraction_nonfinite"}

    op: Literal["fraction_nonfinite"] = "fraction_nonfinite"

    @override
    def _reduce(self, value: xr.DataArray, over: Dims) -> xr.DataArray:
        return value.copy(data=~np.isfinite(value.values)).mean(over)

    @override
    def _stored(self, statistics: Statistics) -> float | None:
        return 1 - statistics.finite / statistics.count if statistics.count else None
