"""From a table to an array."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, Step
from inspectree.server.grammar.groupby import Aggregate, aggregated
from inspectree.server.grammar.spec import NUMBERS, Kind, TableSpec


class Pivot(Step):
    """Make an array: columns become dims, with their values as labels; where there is no row it is NaN."""

    family: ClassVar[str] = "table"
    takes: ClassVar[tuple[Kind, ...]] = ("table",)
    example: ClassVar[Mapping[str, Any]] = {"op": "pivot", "dims": ["epoch", "class"], "values": "loss"}

    op: Literal["pivot"] = "pivot"
    dims: Annotated[tuple[str, ...], Field(min_length=1, description="columns that become dims")]
    values: Annotated[str, Field(description="the column of the values")]
    aggregate: Annotated[
        Aggregate | None,
        Field(description="what is made of several rows in one place; refused where none is named"),
    ] = None

    @override
    def check(self, spec: TableSpec) -> Spec:
        spec.need_columns(self.dims)
        spec.need_numbers([self.values])
        if self.values in self.dims:
            raise PipelineError(f"{self.values!r} cannot be a dim and the values")
        sizes = {name: spec.combinations([name]) for name in self.dims}
        known = {name: dtype for name in self.dims if (dtype := spec.columns[name]) is not None}
        numbers = {name: dtype for name, dtype in known.items() if dtype.kind in NUMBERS}
        return Spec(sizes, np.dtype(np.float64), {name: (name,) for name in self.dims}, dtypes=numbers)

    @override
    def __call__(self, value: pd.DataFrame) -> xr.DataArray:
        TableSpec.of(value).need_numbers([self.values])
        rows = value.dropna(subset=list(self.dims))
        if self.aggregate is None and (twice := rows.duplicated(list(self.dims))).any():
            first = rows.loc[twice, list(self.dims)].iloc[0]
            place = ", ".join(f"{name} {label}" for name, label in first.items())
            raise PipelineError(f"there are several rows for {place}: name an aggregate")
        cells = aggregated(rows, self.dims, [(self.values, self.aggregate or "mean", "cell")])["cell"]
        labels = [_labels(rows[name]) for name in self.dims]
        places = pd.MultiIndex.from_product(labels) if len(labels) > 1 else pd.Index(labels[0])
        values = cells.reindex(places).to_numpy(np.float64).reshape([len(each) for each in labels])
        coords = dict(zip(self.dims, labels, strict=True))
        return xr.DataArray(values, coords=coords, dims=list(self.dims), name=self.values)


def _labels(column: "pd.Series[Any]") -> NDArray[Any]:
    """Return the different values in the order in which they first appear; text as NumPy has it."""
    values = np.asarray(column.unique())
    return np.array(values.tolist()) if values.dtype.kind == "O" else values
