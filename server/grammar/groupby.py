"""Groups of a table's rows, and what is made of each."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Step
from inspectree.server.grammar.spec import Kind, TableSpec

Aggregate = Literal["count", "mean", "sum", "min", "max", "std", "var", "median"]

Wanted = tuple[str, Aggregate, str]
"""A column, how it is aggregated, and the column that this becomes."""


class GroupBy(Step):
    """Group rows by columns and aggregate others, into ``COLUMN_AGGREGATE``; what is missing is left out.

    Groups come in the order in which they first appear; std and var are the population's.
    """

    family: ClassVar[str] = "table"
    takes: ClassVar[tuple[Kind, ...]] = ("table",)
    example: ClassVar[Mapping[str, Any]] = {
        "op": "groupby",
        "by": ["class"],
        "aggregate": {"loss": ["mean", "max"]},
    }

    op: Literal["groupby"] = "groupby"
    by: Annotated[tuple[str, ...], Field(min_length=1, description="columns whose values make the groups")]
    aggregate: Annotated[
        Mapping[str, Annotated[tuple[Aggregate, ...], Field(min_length=1)]],
        Field(min_length=1, description="what is made of which columns"),
    ]

    @override
    def check(self, spec: TableSpec) -> TableSpec:
        spec.need_columns(self.by)
        spec.need_columns(self.aggregate)
        spec.need_numbers({name: how for name, how, _ in self._columns() if how != "count"})
        if named := [into for *_, into in self._columns() if into in self.by]:
            raise PipelineError(f"{named[0]!r} is a column that groups are made by, and would be made again")
        made = {into: _dtype(how, spec.columns[name]) for name, how, into in self._columns()}
        grouped = {name: spec.columns[name] for name in self.by}
        labels = {name: spec.labels[name] for name in self.by if name in spec.labels}
        return TableSpec({**grouped, **made}, spec.combinations(self.by), labels)

    def _columns(self) -> list[Wanted]:
        """Return which column is aggregated how, into which one."""
        return [
            (name, how, f"{name}_{how}")
            for name, each in self.aggregate.items()
            for how in dict.fromkeys(each)
        ]

    @override
    def __call__(self, value: pd.DataFrame) -> pd.DataFrame:
        self.check(TableSpec.of(value))
        return aggregated(value, self.by, self._columns()).reset_index()


def _dtype(how: Aggregate, dtype: np.dtype[Any] | None) -> np.dtype[Any] | None:
    if how in {"min", "max"}:
        return dtype
    return np.dtype(np.int64 if how == "count" else np.float64)


def aggregated(table: pd.DataFrame, by: Sequence[str], wanted: Sequence[Wanted]) -> pd.DataFrame:
    """Return a row per group, labelled by it, and a column per aggregate; what is missing is left out."""
    keys = [table[name] for name in by]
    with np.errstate(all="ignore"):  # infinities make NaN
        return pd.DataFrame({into: _aggregate(table[name], how, keys) for name, how, into in wanted})


def _aggregate(column: "pd.Series[Any]", how: Aggregate, keys: "list[pd.Series[Any]]") -> "pd.Series[Any]":
    numbers = column if how in {"count", "min", "max"} else column.astype(np.float64)
    groups = numbers.groupby(keys, sort=False, observed=True)
    if how == "std":
        return groups.std(ddof=0)
    if how == "var":
        return groups.var(ddof=0)
    result: pd.Series[Any] = getattr(groups, how)()
    return result
