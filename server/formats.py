"""Answers as bytes: JSON, CSV, NumPy's own format, or an Arrow stream."""

import io
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import xarray as xr

from inspectree.server.errors import RequestError
from inspectree.server.jsontext import dumps
from inspectree.server.questions.body import Body
from inspectree.server.result import Result, Value


@dataclass(frozen=True)
class Format:
    """A way to write a value, with its media type."""

    media_type: str
    encode: Callable[[Value], bytes]

    def body(self, result: Result) -> Body:
        """Return an answer as bytes, with how it was made."""
        return Body(self.encode(result.value), self.media_type, asdict(result.provenance))


def as_json(value: Value) -> bytes:
    """Return an array or a table with its labels."""
    return dumps(_table(value) if isinstance(value, pd.DataFrame) else array_content(value))


def array_content(value: xr.DataArray) -> dict[str, Any]:
    """Return a labelled array as it stands in JSON."""
    return {
        "kind": "array",
        "name": value.name,
        "dims": value.dims,
        "shape": value.shape,
        "dtype": value.dtype.name,
        "coords": {str(name): _coord(str(name), coord) for name, coord in value.coords.items()},
        "values": value.values if value.ndim else value.values.item(),
    }


def _coord(name: str, coord: xr.DataArray) -> Any:
    """Return a dim's own labels as a list; any other coordinate says along which dims it lies."""
    if coord.dims == (name,):
        return coord.values
    return {"dims": coord.dims, "values": coord.values if coord.ndim else coord.values.item()}


def _table(value: pd.DataFrame) -> dict[str, Any]:
    columns = [str(name) for name in value.columns]
    return {"kind": "table", "columns": columns, "data": {name: value[name].tolist() for name in columns}}


def as_csv(value: Value) -> bytes:
    """Return one row per value, with a column per label."""
    return tidy(value).to_csv(index=False).encode()


def as_arrow(value: Value) -> bytes:
    """Return one row per value, with a column per label, as an Arrow stream."""
    table = pa.Table.from_pandas(tidy(value), preserve_index=False)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def tidy(value: Value) -> pd.DataFrame:
    """Return a value in long form: a column per dim and coordinate, and the values last."""
    if isinstance(value, pd.DataFrame):
        return value
    name = str(value.name or "value")
    labelled = value.assign_coords({dim: value[dim] for dim in value.dims})
    if not value.ndim:
        return pd.DataFrame({**{str(k): [c.item()] for k, c in value.coords.items()}, name: [value.item()]})
    frame = labelled.rename(name).to_dataframe().reset_index()
    return frame[[column for column in frame.columns if column != name] + [name]]


def as_npy(value: Value) -> bytes:
    """Return the values alone.

    Raises
    ------
    RequestError
        When the answer is a table or text, which this format does not hold.
    """
    if isinstance(value, pd.DataFrame) or value.dtype.kind not in "biuf":
        raise RequestError("npy holds arrays of numbers only: ask for JSON, CSV or Arrow")
    buffer = io.BytesIO()
    np.save(buffer, value.values, allow_pickle=False)
    return buffer.getvalue()


FORMATS = {
    "json": Format("application/json", as_json),
    "csv": Format("text/csv", as_csv),
    "npy": Format("application/x-npy", as_npy),
    "arrow": Format("application/vnd.apache.arrow.stream", as_arrow),
}
