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
from inspectree.server.grammar.groups import Axes, Values, check_groups, reduced
from inspectree.server.grammar.sums import total, total_of_squares

Dims = list[str]


class Reduce(Step):
    """What all reductions share: values that are not finite are left out, and of none the result is NaN."""

    family: ClassVar[str] = "reduce"
    result: ClassVar[str] = "f8"
    of_nothing: ClassVar[float] = np.nan
    new: ClassVar[tuple[str, ...]] = ()

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
        result = reduced(value, over, self.by, self._known, self.new)
        return result.astype(self.result).rename(self.op)

    def _known(self, values: Values, axes: Axes) -> Values:
        """Reduce what is finite: a finite result was made of finite values only."""
        if not values.size:
            return self._none(values, axes)
        with np.errstate(all="ignore"):  # what overflows shows in the answer
            result = self._reduce(values, axes)
            if not np.isfinite(result).all():
                known: Values = np.ma.masked_invalid(values)
                result = np.ma.filled(self._reduce(known, axes), self.of_nothing)
        return result

    def _none(self, values: Values, axes: Axes) -> Values:
        kept = [size for axis, size in enumerate(values.shape) if axis not in axes]
        return np.full(kept, self.of_nothing)

    @abstractmethod
    def _reduce(self, values: Values, axes: Axes) -> Values:
        """Return the values, of which some may be masked, without these axes; there are some."""

    @override
    def within(self, dim: str, spec: Spec) -> "Step | None":
        """Return the reduction of each position of ``dim`` alone, where it stays or is grouped by itself."""
        over, by = self._over(spec.sizes), [name for name in self.by if name != dim]
        rest = [each for each in over if each != dim]
        mixed = (dim in over and dim not in self.by) or dim in map(spec.need_coord, by)
        nothing = not rest and len(spec.sizes) > 1  # where no dim is named, all would go
        return None if mixed or nothing else self.model_copy(update={"over": tuple(rest), "by": tuple(by)})

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
    def _reduce(self, values: Values, axes: Axes) -> Values:
        return np.asanyarray(values.mean(axes, dtype=np.float64))

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.mean


class Sum(Reduce):
    """Add up."""

    example: ClassVar[Mapping[str, Any]] = {"op": "sum", "over": ["channel"]}
    of_nothing: ClassVar[float] = 0

    op: Literal["sum"] = "sum"

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        return total(values, axes)

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.mean * statistics.finite if statistics.finite else 0


class Min(Reduce):
    """Smallest value."""

    example: ClassVar[Mapping[str, Any]] = {"op": "min"}

    op: Literal["min"] = "min"

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        return np.asanyarray(values.min(axes))

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.minimum


class Max(Reduce):
    """Largest value."""

    example: ClassVar[Mapping[str, Any]] = {"op": "max"}

    op: Literal["max"] = "max"

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        return np.asanyarray(values.max(axes))

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.maximum


class Norm(Reduce):
    """Euclidean norm: the root of the sum of squares."""

    example: ClassVar[Mapping[str, Any]] = {"op": "norm", "over": ["in"]}
    of_nothing: ClassVar[float] = 0

    op: Literal["norm"] = "norm"

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        return np.sqrt(total_of_squares(values, axes))

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.norm if statistics.finite else 0
