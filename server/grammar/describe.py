"""The usual numbers that describe values."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import Field
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, Step
from inspectree.server.grammar.melt import long_form, long_spec
from inspectree.server.grammar.spec import NUMBERS, Kind, TableSpec

VALUE = "value"

NUMBERS_OF = {
    "count": np.int64,
    "mean": np.float64,
    "std": np.float64,
    "min": np.float64,
    "q25": np.float64,
    "median": np.float64,
    "q75": np.float64,
    "max": np.float64,
}


class Describe(Step):
    """Count, mean, standard deviation (of the population), extremes and quartiles of what is finite.

    Of an array a row per group, of a table a row per column of numbers and group; ``column`` tells which.
    """

    family: ClassVar[str] = "table"
    takes: ClassVar[tuple[Kind, ...]] = ("array", "table")
    example: ClassVar[Mapping[str, Any]] = {"op": "describe", "by": ["class"]}

    op: Literal["describe"] = "describe"
    by: Annotated[tuple[str, ...], Field(description="dims, coordinates or columns that make groups")] = ()

    @override
    def check(self, spec: Spec | TableSpec) -> TableSpec:
        table = spec if isinstance(spec, TableSpec) else self._values_of(spec)
        table.need_columns(self.by)
        if taken := {"column", *NUMBERS_OF} & {*self.by}:
            raise PipelineError(f"{sorted(taken)[0]!r} is what a column of the description is called")
        described = [name for name, dtype in table.columns.items() if dtype is None or dtype.kind in NUMBERS]
        rows = len({*described} - {*self.by}) * (table.combinations(self.by) if self.by else 1)
        groups = {name: table.columns[name] for name in self.by}
        numbers = {name: np.dtype(dtype) for name, dtype in NUMBERS_OF.items()}
        labels = {name: table.labels[name] for name in self.by if name in table.labels}
        return TableSpec({"column": np.dtype(object), **groups, **numbers}, rows, labels)

    def _values_of(self, spec: Spec) -> TableSpec:
        spec.need_numbers()
        for name in self.by:
            spec.need_coord(name)
        return long_spec(spec, {VALUE: spec.dtype}, self.by)

    @override
    def extra_bytes(self, spec: Spec | TableSpec) -> int:
        """Return the bytes of the numbers in float64, and of their order."""
        return 2 * spec.held_bytes

    @override
    def __call__(self, value: xr.DataArray | pd.DataFrame) -> pd.DataFrame:
        table = value if isinstance(value, pd.DataFrame) else long_form(value, {VALUE: value}, self.by)
        described = [
            name for name in table.columns if table[name].dtype.kind in NUMBERS and name not in self.by
        ]
        keys = [table[name] for name in self.by] or [pd.Series(0, table.index, name="all")]
        parts = [_described(table[name].astype(np.float64), keys) for name in described]
        known = [part.reset_index(drop=not self.by) for part in parts]
        named = [part.assign(column=name) for name, part in zip(described, known, strict=True)]
        columns = ["column", *self.by, *NUMBERS_OF]
        return pd.concat(named, ignore_index=True)[columns] if named else _nothing(columns)


def _described(column: "pd.Series[float]", keys: "list[pd.Series[Any]]") -> pd.DataFrame:
    """Return one row per group; where nothing is finite, all but the count is NaN."""
    groups = column.where(np.isfinite(column)).groupby(keys, sort=False, observed=True)
    numbers = {
        "count": groups.count(),
        "mean": groups.mean(),
        "std": groups.std(ddof=0),
        "min": groups.min(),
        "q25": groups.quantile(0.25),
        "median": groups.median(),
        "q75": groups.quantile(0.75),
        "max": groups.max(),
    }
    return pd.DataFrame(numbers)


def _nothing(columns: list[str]) -> pd.DataFrame:
    dtypes = {name: NUMBERS_OF.get(name, object) for name in columns}
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})
