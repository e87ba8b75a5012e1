"""From an array to a table."""

from collections.abc import Iterable, Mapping
from math import prod
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, Step
from inspectree.server.grammar.spec import TableSpec, column_dtype

POSITIONS = np.dtype(np.int64)
"""What stands in the column of a dim without labels."""


class Melt(Step):
    """Make a table: a row per value, and a column per dim and per label before the values'."""

    family: ClassVar[str] = "table"
    example: ClassVar[Mapping[str, Any]] = {"op": "melt"}

    op: Literal["melt"] = "melt"
    into: Annotated[str, Field(min_length=1, description="name of the values' column")] = "value"

    @override
    def check(self, spec: Spec) -> TableSpec:
        return long_spec(spec, {self.into: spec.dtype})

    @override
    def __call__(self, value: xr.DataArray) -> pd.DataFrame:
        return long_form(value, {self.into: value})


def long_spec(
    spec: Spec, columns: Mapping[str, np.dtype[Any]], only: Iterable[str] | None = None
) -> TableSpec:
    """Describe a table with an array's dims and labels, or ``only`` some of these, before other columns."""
    names = label_names(spec) if only is None else list(only)
    if twice := [name for name in names if name in columns]:
        raise PipelineError(f"{twice[0]!r} is there already: give the column another name")
    labels = {name: _dtype(spec, name) for name in names}
    values = {name: _wide(column_dtype(dtype)) for name, dtype in columns.items()}
    counts = {name: _count(spec, name) for name in names}
    return TableSpec({**labels, **values}, spec.elements, counts)


def label_names(spec: Spec) -> list[str]:
    """Return the dims and then the other coordinates."""
    return [*spec.sizes, *(name for name in spec.coords if name not in spec.sizes)]


def _dtype(spec: Spec, name: str) -> np.dtype[Any] | None:
    if name not in spec.coords:
        return POSITIONS
    return _wide(column_dtype(spec.dtypes[name])) if name in spec.dtypes else None


def _count(spec: Spec, name: str) -> int:
    most = prod(spec.sizes[dim] for dim in spec.coords.get(name, (name,)))
    return min(most, spec.labels.get(name, most) + 1)  # and the label that stands for none


def _wide(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype of a column; pandas does not work with float16."""
    return np.dtype(np.float32) if dtype == np.float16 else dtype


def long_form(
    value: xr.DataArray, columns: Mapping[str, xr.DataArray], only: Iterable[str] | None = None
) -> pd.DataFrame:
    """Return a table with a value's dims and labels, or ``only`` some, and arrays of the same dims."""
    names = label_names(Spec.of(value)) if only is None else list(only)
    labels = {name: _column(value[name], value) for name in names}
    return pd.DataFrame({**labels, **{name: _column(each, value) for name, each in columns.items()}})


def _column(array: xr.DataArray, like: xr.DataArray) -> NDArray[Any]:
    """Return an array's values once per position of ``like``."""
    absent = {dim: size for dim, size in like.sizes.items() if dim not in array.dims}
    bare = xr.DataArray(array.variable).expand_dims(absent).transpose(*like.dims)
    values: NDArray[Any] = bare.values.ravel()
    return values.astype(_wide(values.dtype), copy=False)
