"""Answers as bytes."""

import io
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import xarray as xr

from inspectree.server.errors import RequestError
from inspectree.server.formats import FORMATS, as_arrow, as_csv, as_json, as_npy, tidy
from inspectree.server.jsontext import dumps
from inspectree.server.result import Provenance, Result, Value

ARRAY = xr.DataArray(
    np.array([[1, 2], [3, np.nan]], np.float32),
    dims=["class", "unit"],
    coords={"class": ["a", "b"], "left": ("unit", [0.5, 1.5])},
    name="mean",
)


def result(value: Value) -> Result:
    return Result(value, Provenance("values", 16, 1.5))


def test_an_array_in_json_has_labels_and_provenance() -> None:
    assert json.loads(FORMATS["json"].body(result(ARRAY)).told(cached=True)) == {
        "kind": "array",
        "name": "mean",
        "dims": ["class", "unit"],
        "shape": [2, 2],
        "dtype": "float32",
        "coords": {"class": ["a", "b"], "left": {"dims": ["unit"], "values": [0.5, 1.5]}},
        "values": [[1, 2], [3, "NaN"]],
        "provenance": {"source": "values", "bytes_read": 16, "ms": 1.5, "cached": True, "notes": []},
    }


def test_a_single_number_in_json_is_a_number() -> None:
    content = json.loads(as_json(xr.DataArray(2.5, coords={"epoch": 3})))
    assert (content["values"], content["shape"], content["coords"]) == (
        2.5,
        [],
        {"epoch": {"dims": [], "values": 3}},
    )


def test_a_table_in_json_has_its_columns() -> None:
    content = json.loads(as_json(pd.DataFrame({"epoch": [1, 2], "loss": [np.inf, 0.5]})))
    assert (content["kind"], content["columns"]) == ("table", ["epoch", "loss"])
    assert content["data"] == {"epoch": [1, 2], "loss": ["Infinity", 0.5]}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (float("nan"), b'"NaN"'),
        ([np.float32("-inf")], b'["-Infinity"]'),
        (np.array([1, np.inf]), b'[1.0,"Infinity"]'),
        (np.array(["a"]), b'["a"]'),
        (np.array([1.5, 2], np.float16), b"[1.5,2.0]"),
        (np.arange(4)[::2], b"[0,2]"),
        ({"a": (True, None)}, b'{"a":[true,null]}'),
    ],
)
def test_any_value_becomes_strict_json(value: object, text: bytes) -> None:
    assert dumps(value) == text


def test_long_form_has_a_row_per_value_and_a_column_per_label() -> None:
    frame = tidy(ARRAY)
    assert frame.columns.tolist() == ["class", "unit", "left", "mean"]
    assert frame["class"].tolist() == ["a", "a", "b", "b"]
    assert frame["unit"].tolist() == [0, 1, 0, 1]
    assert frame["left"].tolist() == [0.5, 1.5, 0.5, 1.5]


def test_csv_and_arrow_hold_the_long_form() -> None:
    frame = tidy(ARRAY)
    pd.testing.assert_frame_equal(pa.ipc.open_stream(as_arrow(ARRAY)).read_pandas(), frame)
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(as_csv(ARRAY))), frame, check_dtype=False)


def test_npy_holds_the_values_alone() -> None:
    np.testing.assert_array_equal(np.load(io.BytesIO(as_npy(ARRAY))), ARRAY.values)
    with pytest.raises(RequestError) as error:
        as_npy(pd.DataFrame({"a": [1]}))
    assert str(error.value) == "npy holds arrays of numbers only: ask for JSON, CSV or Arrow"
