"""Rows and columns of tables: which of them stay, and in what order."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
from pydantic import Field
from typing_extensions import override

from inspectree.server.grammar.base import Step
from inspectree.server.grammar.select import Label
from inspectree.server.grammar.spec import Kind, TableSpec


class TableStep(Step):
    """What all steps from a table to a table share."""

    family: ClassVar[str] = "table"
    takes: ClassVar[tuple[Kind, ...]] = ("table",)


class SelectRows(TableStep):
    """Keep the rows that fulfil all conditions."""

    example: ClassVar[Mapping[str, Any]] = {"op": "select_rows", "range": {"loss": [0, 0.5]}}

    op: Literal["select_rows"] = "select_rows"
    label: Annotated[Mapping[str, tuple[Label, ...]], Field(description="values per column")] = {}
    range: Annotated[
        Mapping[str, tuple[float | None, float | None]],
        Field(description="the smallest and the largest value per column, themselves included; null: any"),
    ] = {}

    @override
    def check(self, spec: TableSpec) -> TableSpec:
        spec.need_columns(self.label)
        spec.need_numbers(self.range)
        return spec

    @override
    def __call__(self, value: pd.DataFrame) -> pd.DataFrame:
        TableSpec.of(value).need_numbers(self.range)
        keep = pd.Series(data=True, index=value.index)
        for name, labels in self.label.items():
            keep &= value[name].isin(labels)
        for name, (low, high) in self.range.items():
            keep &= value[name].between(-np.inf if low is None else low, np.inf if high is None else high)
        return value[keep].reset_index(drop=True)


class SortRows(TableStep):
    """Sort by columns, the first one first; of equal ones the first comes first, what is missing last."""

    example: ClassVar[Mapping[str, Any]] = {"op": "sort_rows", "by": ["loss"], "descending": True}

    op: Literal["sort_rows"] = "sort_rows"
    by: Annotated[tuple[str, ...], Field(min_length=1, description="columns")]
    descending: Annotated[bool, Field(description="the largest first")] = False

    @override
    def check(self, spec: TableSpec) -> TableSpec:
        spec.need_columns(self.by)
        return spec

    @override
    def __call__(self, value: pd.DataFrame) -> pd.DataFrame:
        return value.sort_values(
            list(self.by), ascending=not self.descending, kind="stable", ignore_index=True
        )


class LimitRows(TableStep):
    """Keep the first rows."""

    example: ClassVar[Mapping[str, Any]] = {"op": "limit_rows", "count": 3}

    op: Literal["limit_rows"] = "limit_rows"
    count: Annotated[int, Field(ge=0, description="how many")] = 10

    @override
    def check(self, spec: TableSpec) -> TableSpec:
        return replace(spec, rows=min(self.count, spec.rows))

    @override
    def __call__(self, value: pd.DataFrame) -> pd.DataFrame:
        return value.head(self.count)


class KeepColumns(TableStep):
    """Keep columns, in this order."""

    example: ClassVar[Mapping[str, Any]] = {"op": "keep_columns", "columns": ["epoch", "loss"]}

    op: Literal["keep_columns"] = "keep_columns"
    columns: Annotated[tuple[str, ...], Field(min_length=1, description="which ones")]

    @override
    def check(self, spec: TableSpec) -> TableSpec:
        spec.need_columns(self.columns)
        labels = {name: count for name, count in spec.labels.items() if name in self.columns}
        return TableSpec({name: spec.columns[name] for name in self.columns}, spec.rows, labels)

    @override
    def __call__(self, value: pd.DataFrame) -> pd.DataFrame:
        return value[list(self.columns)]
