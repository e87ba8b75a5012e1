"""Changing the dims without changing the values."""

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Annotated, Any, ClassVar, Literal

import xarray as xr
from pydantic import Field
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, Step, spec_like
from inspectree.server.nearest import nearest


class Flatten(Step):
    """Make one dim of several; it comes last, and coordinates of the old dims lie along it."""

    family: ClassVar[str] = "reshape"
    example: ClassVar[Mapping[str, Any]] = {"op": "flatten", "dims": ["y", "x", "channel"]}

    op: Literal["flatten"] = "flatten"
    dims: Annotated[
        tuple[str, ...], Field(min_length=1, description="dims that become one, the last runs fastest")
    ]
    into: Annotated[str, Field(min_length=1, description="name of the new dim")] = "flat"

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_dims(self.dims)
        if self.into in {*spec.sizes, *spec.coords}:
            raise PipelineError(f"{self.into!r} is there already; name the new dim otherwise")
        kept = {dim: size for dim, size in spec.sizes.items() if dim not in self.dims}
        coords = {name: self._along(along) for name, along in spec.coords.items()}
        sizes = {**kept, self.into: prod(spec.sizes[dim] for dim in self.dims)}
        return replace(spec, sizes=sizes, coords=coords)

    def _along(self, dims: tuple[str, ...]) -> tuple[str, ...]:
        if not set(dims) & set(self.dims):
            return dims
        return (*(dim for dim in dims if dim not in self.dims), self.into)

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        coords = {name: self._flat(coord.variable, value.sizes) for name, coord in value.coords.items()}
        return xr.DataArray(self._flat(value.variable, value.sizes), coords=coords, name=value.name)

    def _flat(self, variable: xr.Variable, sizes: Mapping[Any, int]) -> xr.Variable:
        """Flatten the values or a coordinate; unlike `xarray.DataArray.stack`, also where there are none."""
        if not set(variable.dims) & set(self.dims):
            return variable
        kept = [dim for dim in variable.dims if dim not in self.dims]
        absent = {dim: sizes[dim] for dim in self.dims if dim not in variable.dims}
        whole = xr.DataArray(variable).expand_dims(absent)
        shape = [*(sizes[dim] for dim in kept), prod(sizes[dim] for dim in self.dims)]
        values = whole.transpose(*kept, *self.dims).values.reshape(shape)
        return xr.Variable([*kept, self.into], values, variable.attrs)


class Transpose(Step):
    """Put the dims into another order."""

    family: ClassVar[str] = "reshape"
    example: ClassVar[Mapping[str, Any]] = {"op": "transpose", "dims": ["channel", "sample", "y", "x"]}

    op: Literal["transpose"] = "transpose"
    dims: Annotated[tuple[str, ...], Field(description="all dims, in the new order")]

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_dims(self.dims)
        if left_out := set(spec.sizes) - set(self.dims):
            raise PipelineError(f"must name all dims; left out: {', '.join(sorted(left_out))}")
        return spec_like(spec, {dim: spec.sizes[dim] for dim in self.dims}, spec.dtype)

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        return value.transpose(*self.dims)


class Rename(Step):
    """Call dims or coordinates otherwise."""

    family: ClassVar[str] = "reshape"
    example: ClassVar[Mapping[str, Any]] = {"op": "rename", "names": {"channel": "unit", "class": "true"}}

    op: Literal["rename"] = "rename"
    names: Annotated[
        Mapping[str, Annotated[str, Field(min_length=1)]],
        Field(min_length=1, description="new names by the old ones; a dim's labels are renamed with it"),
    ]

    @override
    def check(self, spec: Spec) -> Spec:
        known = {**spec.sizes, **spec.coords}
        for name in self.names:
            if name not in known:
                raise PipelineError(f"no dim or coordinate {name!r}; {nearest(name, known)}")
        after = [self._new(name) for name in known]
        if twice := sorted({name for name in after if after.count(name) > 1}):
            raise PipelineError(f"{twice[0]!r} would be there twice")
        coords = {self._new(n): tuple(map(self._new, along)) for n, along in spec.coords.items()}
        return replace(
            spec,
            sizes={self._new(dim): size for dim, size in spec.sizes.items()},
            coords=coords,
            labels={self._new(name): count for name, count in spec.labels.items()},
            dtypes={self._new(name): dtype for name, dtype in spec.dtypes.items()},
        )

    def _new(self, name: str) -> str:
        return self.names.get(name, name)

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        """Make it anew: xarray's own renaming warns where a name goes from a dim to a coordinate."""
        coords = {self._new(str(name)): self._renamed(coord.variable) for name, coord in value.coords.items()}
        return xr.DataArray(self._renamed(value.variable), coords=coords, name=value.name)

    def _renamed(self, variable: xr.Variable) -> xr.Variable:
        dims = [self._new(str(dim)) for dim in variable.dims]
        return xr.Variable(dims, variable.values, variable.attrs)
