"""Merging: the columns of a branch become one value again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from operator import add, mul, sub, truediv
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import Field
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Step
from inspectree.server.grammar.compare import float_of
from inspectree.server.grammar.melt import long_form, long_spec
from inspectree.server.grammar.pairs import pair_sizes, pair_spec, paired
from inspectree.server.grammar.spec import Columns, ColumnsSpec, Kind, Spec, TableSpec, spec_like

How = Literal["columns", "concat", "stack", "difference", "ratio", "sum", "product"]

ARITHMETIC: Mapping[str, Callable[[xr.DataArray, xr.DataArray], xr.DataArray]] = {
    "difference": sub,
    "ratio": truediv,
    "sum": add,
    "product": mul,
}


class Merge(Step):
    """Make one value of a branch's columns; what is labelled alike belongs together.

    ``columns``: a table with a column of each, and a row for each position along their dims. ``stack``:
    along a new dim, whose labels are the columns' names. ``concat``: along a dim that all have, one behind
    the other, or else as ``stack``; of tables one below the other. ``difference``, ``ratio``, ``sum``,
    ``product``: of exactly two.
    """

    family: ClassVar[str] = "merge"
    takes: ClassVar[tuple[Kind, ...]] = ("columns",)
    example: ClassVar[Mapping[str, Any]] = {"op": "merge", "how": "difference"}

    op: Literal["merge"] = "merge"
    how: Annotated[How, Field(description="what is made of them")] = "columns"
    dim: Annotated[
        str, Field(min_length=1, description="for concat and stack: the dim, or the column that tells which")
    ] = "branch"

    @override
    def check(self, spec: ColumnsSpec) -> Spec | TableSpec:
        arrays = {name: each for name, each in spec.columns.items() if isinstance(each, Spec)}
        tables = {name: each for name, each in spec.columns.items() if isinstance(each, TableSpec)}
        for name, each in spec.columns.items():
            if isinstance(each, ColumnsSpec):
                raise PipelineError(f"{name} is {each}: merge them there first")
        if tables:
            self._need_tables(tables, arrays)
            return self._check_rows(tables)
        if self.how in ARITHMETIC:
            return self._check_two(arrays)
        return self._check_table(arrays) if self.how == "columns" else self._check_along(arrays)

    @override
    def __call__(self, value: Columns) -> xr.DataArray | pd.DataFrame:
        arrays = {name: each for name, each in value.values.items() if isinstance(each, xr.DataArray)}
        tables = {name: each for name, each in value.values.items() if isinstance(each, pd.DataFrame)}
        if tables:
            named = [each.assign(**{self.dim: name}) for name, each in tables.items()]
            return pd.concat([each[[self.dim, *each.columns[:-1]]] for each in named], ignore_index=True)
        if self.how in ARITHMETIC:
            return self._two(*arrays.values())
        return _table(arrays) if self.how == "columns" else self._along(arrays)

    @override
    def extra_bytes(self, spec: ColumnsSpec) -> int:
        """Return the bytes of the columns, which are there until they are merged."""
        return spec.held_bytes

    def _need_tables(self, tables: Mapping[str, TableSpec], arrays: Mapping[str, Spec]) -> None:
        if arrays:
            raise PipelineError(
                f"{next(iter(tables))} is a table and {next(iter(arrays))} an array: make them alike"
            )
        if self.how != "concat":
            raise PipelineError(f"tables are put below one another by 'concat', not by {self.how!r}")

    def _check_rows(self, tables: Mapping[str, TableSpec]) -> TableSpec:
        (first, spec), *others = tables.items()
        for name, other in others:
            if list(other.columns) != list(spec.columns):
                raise PipelineError(f"{first} is {spec} and {name} {other}: they must have the same columns")
        if self.dim in spec.columns:
            raise PipelineError(f"column {self.dim!r} is there already; name the new one by 'dim'")
        columns = {name: _common([each.columns[name] for each in tables.values()]) for name in spec.columns}
        rows = sum(each.rows for each in tables.values())
        return TableSpec({self.dim: np.dtype(object), **columns}, rows, {self.dim: len(tables)})

    def _check_two(self, arrays: Mapping[str, Spec]) -> Spec:
        if len(arrays) != 2:
            raise PipelineError(f"{self.how!r} is of exactly two columns; here are {len(arrays)}")
        first, second = arrays.values()
        first.need_numbers()
        second.need_numbers()
        return pair_spec(first, second, pair_sizes(first, second), float_of(first.dtype, second.dtype))

    def _two(self, first: xr.DataArray, second: xr.DataArray) -> xr.DataArray:
        dtype = float_of(first.dtype, second.dtype)
        one, other = paired(first, second)
        with np.errstate(all="ignore"):  # what is not finite then shows in the answer
            return ARITHMETIC[self.how](one.astype(dtype), other.astype(dtype)).rename(self.how)

    def _check_table(self, arrays: Mapping[str, Spec]) -> TableSpec:
        joint = _joint_spec(arrays.values())
        return long_spec(joint, {name: spec.dtype for name, spec in arrays.items()})

    def _check_along(self, arrays: Mapping[str, Spec]) -> Spec:
        for spec in arrays.values():
            spec.need_numbers()
        dtype = np.result_type(*(spec.dtype for spec in arrays.values()))
        if self._is_stack([spec.sizes for spec in arrays.values()]):
            joint = _joint_spec(arrays.values())
            if self.dim in joint.coords:
                raise PipelineError(f"{self.dim!r} is there already; name the new dim by 'dim'")
            sizes = {self.dim: len(arrays), **joint.sizes}
            return replace(spec_like(joint, sizes, dtype, (self.dim,)), labels=joint.labels)
        specs = [*arrays.values()]
        joint = _joint_spec(specs, [self.dim])
        sizes = {**joint.sizes, self.dim: sum(spec.sizes[self.dim] for spec in specs)}
        along = {name for name in joint.coords if self.dim in joint.coords[name]}
        kept = {name for name in along if all(spec.coords.get(name) == (self.dim,) for spec in specs)}
        bare = joint.without_coords(along - kept)
        same = {name: d for name, d in bare.dtypes.items() if _all_are(d, name, specs) or name not in kept}
        return replace(bare, sizes=sizes, dtype=dtype, dtypes=same, labels={})

    def _is_stack(self, sizes: Sequence[Mapping[Any, int]]) -> bool:
        having = [self.dim in each for each in sizes]
        if self.how == "stack" and any(having):
            raise PipelineError(f"dim {self.dim!r} is there already; name the new dim by 'dim'")
        if any(having) and not all(having):
            raise PipelineError(f"not all columns have dim {self.dim!r}: concat needs it in all, or in none")
        return not any(having)

    def _along(self, arrays: Mapping[str, xr.DataArray]) -> xr.DataArray:
        stacked = self._is_stack([each.sizes for each in arrays.values()])
        joint, parts = _together([*arrays.values()], [] if stacked else [self.dim])
        if stacked:
            values = np.stack([part.values for part in parts])
            return joint.expand_dims({self.dim: list(arrays)}).copy(data=values).rename(self.how)
        coords = [name for name in joint.coords if joint[name].dims == (self.dim,)]
        kept = [name for name in coords if all(_has(each, name, self.dim) for each in arrays.values())]
        bare = joint.drop_vars([name for name in joint.coords if self.dim in joint[name].dims])
        values = np.concatenate([part.values for part in parts], axis=joint.get_axis_num(self.dim))
        labels = {
            name: (self.dim, np.concatenate([each[name].values for each in arrays.values()])) for name in kept
        }
        return xr.DataArray(values, dims=joint.dims, coords={**bare.coords, **labels}, name=self.how)


def _has(value: xr.DataArray, name: Any, dim: str) -> bool:
    return name in value.coords and value[name].dims == (dim,)


def _all_are(dtype: np.dtype[Any], name: str, specs: Sequence[Spec]) -> bool:
    return all(spec.dtypes.get(name) == dtype for spec in specs)


def _common(dtypes: Sequence[np.dtype[Any] | None]) -> np.dtype[Any] | None:
    """Return the dtype of columns below one another, where it is known."""
    return dtypes[0] if len(set(dtypes)) == 1 else None


def _joint_spec(specs: Iterable[Spec], apart: Sequence[str] = ()) -> Spec:
    """Describe what all arrays have in common: their dims, with the first one's labels."""
    return reduce(lambda one, other: pair_spec(one, other, pair_sizes(one, other, apart), one.dtype), specs)


def _together(
    arrays: Sequence[xr.DataArray], apart: Sequence[str] = ()
) -> tuple[xr.DataArray, list[xr.DataArray]]:
    """Return the first array along all dims, with its labels, and all of them along the same dims."""
    joint = arrays[0]
    for array in arrays[1:]:
        joint, other = paired(joint, array, apart)
        new = {
            dim: other.indexes.get(dim, size) for dim, size in other.sizes.items() if dim not in joint.dims
        }
        joint = joint.expand_dims(new).transpose(*joint.dims, *new)
    parts = [paired(joint, array, apart)[1] for array in arrays]
    return joint, [_broadcast(part, joint) for part in parts]


def _broadcast(part: xr.DataArray, joint: xr.DataArray) -> xr.DataArray:
    absent = {dim: size for dim, size in joint.sizes.items() if dim not in part.dims}
    return part.drop_vars(list(part.coords)).expand_dims(absent).transpose(*joint.dims)


def _table(arrays: Mapping[str, xr.DataArray]) -> pd.DataFrame:
    joint, parts = _together([*arrays.values()])
    return long_form(joint, dict(zip(arrays, parts, strict=True)))
