"""Maps: every value becomes another one; the dims stay."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import xarray as xr
from pydantic import Field, model_validator
from typing_extensions import override

from inspectree.server.grammar.base import Spec, Step, spec_like
from inspectree.server.grammar.reduce import finite


class Map(Step):
    """What all maps share; whole numbers become float64 first, so that none overflows."""

    family: ClassVar[str] = "map"

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_numbers()
        return spec_like(spec, spec.sizes, spec.dtype if spec.dtype.kind == "f" else np.float64)

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
        over = list(self.over or value.dims)
        known = finite(value)
        if self.method == "min_max":
            origin, unit = known.min(over), known.max(over) - known.min(over)
        else:
            origin, unit = known.mean(over), known.std(over)
        return ((value - origin) / unit.where(unit != 0, 1)).astype(value.dtype)
