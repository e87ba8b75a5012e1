"""Bringing dims to other sizes."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, Step, spec_like
from inspectree.server.grammar.groups import Values

Floats = NDArray[np.float64]
Size = Annotated[int, Field(ge=1, le=10_000)]


class Sized(Step):
    """What both have in common; coordinates along the dims whose size changes go."""

    family: ClassVar[str] = "reshape"

    sizes: Annotated[
        Mapping[str, Size], Field(min_length=1, description="new number of positions, for each of these dims")
    ]

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_numbers()
        spec.need_dims(self.sizes)
        gone = [name for name, along in spec.coords.items() if set(along) & set(self.sizes)]
        return spec_like(spec.without_coords(gone), {**spec.sizes, **self.sizes}, self._dtype(spec.dtype))

    @abstractmethod
    def _dtype(self, dtype: np.dtype[Any]) -> np.dtype[Any]:
        """Return the result's type."""

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        known = {name: coord for name, coord in value.coords.items() if not set(coord.dims) & set(self.sizes)}
        for dim in self.sizes:
            if not value.sizes[dim]:
                raise PipelineError(f"nothing is left along dim {dim!r}")
        axes = {value.get_axis_num(dim): size for dim, size in self.sizes.items()}
        values = self._resized(value.values, axes).astype(self._dtype(value.dtype), copy=False)
        return xr.DataArray(values, known, value.dims, value.name)

    @abstractmethod
    def _resized(self, values: Values, axes: Mapping[int, int]) -> Values:
        """Return the values with these sizes of these axes, none of which is empty."""


class Pool(Sized):
    """Bring dims down to smaller sizes: one value for each block of positions, all about equally large.

    Block i of m begins at position ⌊i·n/m⌋ of n. Values that are not finite are left out, and of none the
    result is NaN.
    """

    example: ClassVar[Mapping[str, Any]] = {"op": "pool", "sizes": {"y": 2, "x": 1}, "method": "max"}

    op: Literal["pool"] = "pool"
    method: Annotated[Literal["mean", "max", "min"], Field(description="what is made of a block")] = "mean"

    @override
    def check(self, spec: Spec) -> Spec:
        after = super().check(spec)
        for dim, size in self.sizes.items():
            if size > spec.sizes[dim]:
                raise PipelineError(
                    f"dim {dim!r} has only {spec.sizes[dim]} positions; to enlarge it, resize"
                )
        return after

    @override
    def _dtype(self, dtype: np.dtype[Any]) -> np.dtype[Any]:
        return np.dtype(np.float64)

    @override
    def _resized(self, values: Values, axes: Mapping[int, int]) -> Values:
        known, (function, nothing) = np.isfinite(values), POOLS[self.method]
        if known.all():  # counting along the axes that change is enough
            known = np.ones([size if axis in axes else 1 for axis, size in enumerate(values.shape)], bool)
        else:
            values = np.where(known, values, nothing)
        pooled = _blockwise(function, values.astype(np.float64), axes)
        counts = _blockwise(np.add, known.astype(np.float64), axes)
        counts = np.where(counts, counts, np.nan)
        return pooled / counts if self.method == "mean" else np.where(np.isnan(counts), np.nan, pooled)


POOLS: Mapping[str, tuple[np.ufunc, float]] = {
    "mean": (np.add, 0),
    "max": (np.maximum, -np.inf),
    "min": (np.minimum, np.inf),
}
"""What pools two values, and the value that changes no other one."""


def _blockwise(function: np.ufunc, values: Values, axes: Mapping[int, int]) -> Values:
    for axis, size in axes.items():
        old = values.shape[axis]
        blocks = min(size, old)  # fewer may be left than was known before
        values = function.reduceat(values, np.arange(blocks) * old // blocks, axis)
    return values


class Resize(Sized):
    """Bring dims to the sizes of a display, larger or smaller ones: as images are scaled, without smoothing.

    Positions are the middles of pixels; beyond the outermost ones their values go on.
    """

    example: ClassVar[Mapping[str, Any]] = {"op": "resize", "sizes": {"y": 8, "x": 5}, "method": "linear"}

    op: Literal["resize"] = "resize"
    method: Annotated[
        Literal["nearest", "linear"],
        Field(description="nearest: the value of the nearest position; linear: between the nearest two"),
    ] = "nearest"

    @override
    def _dtype(self, dtype: np.dtype[Any]) -> np.dtype[Any]:
        return dtype if self.method == "nearest" or dtype.kind == "f" else np.dtype(np.float64)

    @override
    def _resized(self, values: Values, axes: Mapping[int, int]) -> Values:
        along = _nearest if self.method == "nearest" else _linear
        for axis, size in axes.items():
            values = along(values, axis, size)
        return values


def _nearest(values: Values, axis: int, size: int) -> Values:
    old = values.shape[axis]
    return np.asarray(values.take((2 * np.arange(size) + 1) * old // (2 * size), axis))


def _linear(values: Values, axis: int, size: int) -> Values:
    old = values.shape[axis]
    middles = np.clip((np.arange(size) + 0.5) * old / size - 0.5, 0, old - 1)
    below = np.minimum(middles.astype(int), max(old - 2, 0))
    floats = values.astype(np.result_type(values, np.float32), copy=False)
    weights = (middles - below).astype(floats.dtype)
    weights = weights.reshape([-1 if each == axis else 1 for each in range(values.ndim)])
    low, high = floats.take(below, axis), floats.take(np.minimum(below + 1, old - 1), axis)
    with np.errstate(invalid="ignore"):  # what is not finite shows …
        between = low * (1 - weights) + high * weights
    if not np.isfinite(between).all():  # … but not where its weight is 0
        between = np.where(weights == 0, low, np.where(weights == 1, high, between))
    return np.asarray(between)
