"""Maps: every value becomes another one; the dims stay."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import xarray as xr
from pydantic import Field, model_validator
from typing_extensions import override

from inspectree.server.grammar.base import Spec, Step, spec_like
from inspectree.server.grammar.moments import Std
from inspectree.server.grammar.quantile import Median
from inspectree.server.grammar.reduce import Max, Mean, Min, Reduce


class Map(Step):
    """What all maps share; whole numbers become float64 first, so that none overflows."""

    family: ClassVar[str] = "map"
    result: ClassVar[str | None] = None

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_numbers()
        own = spec.dtype if spec.dtype.kind == "f" else np.float64
        return spec_like(spec, spec.sizes, self.result or own)

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        floats = value if value.dtype.kind == "f" else value.astype(np.float64)
        with np.errstate(all="ignore"):  # what is not finite then shows in the answer
            return self._map(floats).rename(value.name)

    @abstractmethod
    def _map(self, value: xr.DataArray) -> xr.DataArray:
        """Return the new values."""


class Abs(Map):
    """Magnitude."""

    example: ClassVar[Mapping[str, Any]] = {"op": "abs"}

    op: Literal["abs"] = "abs"

    @override
    def _map(self, value: xr.DataArray) -> xr.DataArray:
        return abs(value)


class Square(Map):
    """Square."""

    example: ClassVar[Mapping[str, Any]] = {"op": "square"}

    op: Literal["square"] = "square"

    @override
    def _map(self, value: xr.DataArray) -> xr.DataArray:
        return value * value


class Log1p(Map):
    """Natural logarithm of 1 + value; NaN below −1."""

    example: ClassVar[Mapping[str, Any]] = {"op": "log1p"}

    op: Literal["log1p"] = "log1p"

    @override
    def _map(self, value: xr.DataArray) -> xr.DataArray:
        return value.copy(data=np.log1p(value.values))


class Clip(Map):
    """Limit to a range; what lies outside takes the nearest bound."""

    example: ClassVar[Mapping[str, Any]] = {"op": "clip", "low": 0, "high": 1}

    op: Literal["clip"] = "clip"
    low: Annotated[float | None, Field(description="lower bound; none where left out")] = None
    high: Annotated[float | None, Field(description="upper bound; none where left out")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low ({self.low}) is above high ({self.high})")
        return self

    @override
    def _map(self, value: xr.DataArray) -> xr.DataArray:
        return value.clip(self.low, self.high)


class Normalise(Map):
    """Bring to a common scale; what does not vary becomes 0. Values that are not finite don't count."""

    example: ClassVar[Mapping[str, Any]] = {"op": "normalise", "method": "z_score", "over": ["sample"]}

    op: Literal["normalise"] = "normalise"
    method: Annotated[
        Literal["min_max", "z_score"],
        Field(description="min_max: to 0…1; z_score: to mean 0 and standard deviation 1"),
    ] = "min_max"
    over: Annotated[
        tuple[str, ...], Field(description="dims that share one scale; all where none is named")
    ] = ()

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_dims(self.over)
        return super().check(spec)

    @override
    def _map(self, value: xr.DataArray) -> xr.DataArray:
        if value.size == 0:
            return value
        over = self.over or tuple(map(str, value.dims))
        if self.method == "min_max":
            origin = Min(over=over)(value)
            unit = Max(over=over)(value) - origin
        else:
            origin, unit = Mean(over=over)(value), Std(over=over)(value)
        return ((value - origin) / unit.where(unit != 0, 1)).astype(value.dtype)


class Fill(Map):
    """Replace values that are not finite, by a number or by what the finite ones make."""

    example: ClassVar[Mapping[str, Any]] = {"op": "fill", "with": "median", "over": ["sample"]}

    op: Literal["fill"] = "fill"
    filling: Annotated[
        Annotated[float, Field(allow_inf_nan=False)] | Literal["mean", "median", "min", "max"],
        Field(
            alias="with", description="a number, or which reduction of the finite values; NaN where all lack"
        ),
    ] = 0.0
    over: Annotated[
        tuple[str, ...], Field(description="dims over which is reduced; all where none is named")
    ] = ()

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_dims(self.over)
        return super().check(spec)

    @override
    def _map(self, value: xr.DataArray) -> xr.DataArray:
        if isinstance(self.filling, str):
            over = self.over or tuple(map(str, value.dims))
            filling = FILLINGS[self.filling].model_validate({"over": over})(value)
        else:
            filling = xr.DataArray(self.filling)
        finite = value.copy(data=np.isfinite(value.values))
        return value.where(finite, filling.astype(value.dtype)).transpose(*value.dims)


FILLINGS: Mapping[str, type[Reduce]] = {"mean": Mean, "median": Median, "min": Min, "max": Max}


def over_dims(value: xr.DataArray, dims: Sequence[str]) -> tuple[int, ...]:
    """Return the axes of dims; of all where none is named."""
    return tuple(value.get_axis_num(dim) for dim in dims or value.dims)
