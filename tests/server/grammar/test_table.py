"""Tables: from arrays, back to arrays, and what pandas does with them."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.pipeline import check, run
from inspectree.server.grammar.spec import AnyValue, TableSpec, spec_of


def made(value: AnyValue, *steps: dict[str, Any]) -> AnyValue:
    return run(GRAMMAR.parse(steps), value)


def table(value: AnyValue, *steps: dict[str, Any]) -> pd.DataFrame:
    result = made(value, *steps)
    assert isinstance(result, pd.DataFrame)
    return result


def refusal(value: AnyValue, *steps: dict[str, Any]) -> str:
    with pytest.raises(PipelineError) as error:
        check(GRAMMAR.parse(steps), spec_of(value))
    return str(error.value)


GRID = xr.DataArray(
    [[1.0, 2], [3, 4]],
    coords={"sample": [5, 6], "class": ("sample", ["a", "b"]), "step": 7},
    dims=["sample", "unit"],
)
LOSSES = pd.DataFrame(
    {"model": ["a", "a", "b", "b"], "epoch": [1, 2, 1, 2], "loss": [4.0, 2.0, 3.0, np.nan], "ok": [True] * 4}
)


def test_a_melted_array_has_a_row_per_value_and_a_column_per_label() -> None:
    result = table(GRID, {"op": "melt", "into": "score"})
    assert list(result.columns) == ["sample", "unit", "class", "step", "score"]
    assert result.iloc[2].tolist() == [6, 0, "b", 7, 3.0]


def test_xarray_melts_alike() -> None:
    """The rows are those that xarray makes, in the same order."""
    values = np.random.default_rng(0).normal(size=(3, 2, 4))
    array = xr.DataArray(values, coords={"x": [1, 2, 3], "z": list("abcd")}, dims=["x", "y", "z"])
    expected = array.rename("value").to_dataframe().reset_index()[["x", "y", "z", "value"]]
    pd.testing.assert_frame_equal(table(array, {"op": "melt"}), expected)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_pivoting_undoes_melting(rows: int, columns: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(rows, columns))
    array = xr.DataArray(values, coords={"class": [f"c{i}" for i in range(rows)]}, dims=["class", "unit"])
    back = made(array, {"op": "melt"}, {"op": "pivot", "dims": ["class", "unit"], "values": "value"})
    assert isinstance(back, xr.DataArray)
    assert back.values.tolist() == array.values.tolist()
    assert back["class"].values.tolist() == array["class"].values.tolist()


def test_where_there_is_no_row_an_array_is_nan() -> None:
    result = made(LOSSES.iloc[:3], {"op": "pivot", "dims": ["model", "epoch"], "values": "loss"})
    assert isinstance(result, xr.DataArray)
    np.testing.assert_array_equal(result.sel(model="b"), [3, np.nan])


def test_several_rows_in_one_place_need_an_aggregate() -> None:
    pivot = {"op": "pivot", "dims": ["model"], "values": "loss"}
    with pytest.raises(PipelineError) as error:
        made(LOSSES, pivot)
    message = "step 1 (pivot): there are several rows for model a: name an aggregate"
    assert str(error.value) == message
    sums = made(LOSSES, {**pivot, "aggregate": "sum"})
    assert isinstance(sums, xr.DataArray)
    assert sums.values.tolist() == [6, 3]


@pytest.mark.parametrize("how", ["count", "mean", "sum", "min", "max", "std", "var", "median"])
def test_pandas_aggregates_groups(how: str) -> None:
    """What is missing is left out; std and var are the population's."""
    result = table(LOSSES, {"op": "groupby", "by": ["model"], "aggregate": {"loss": [how]}})
    assert result["model"].tolist() == ["a", "b"]
    ddof = {"ddof": 0} if how in {"std", "var"} else {}
    expected = [getattr(pd.Series(values), how)(**ddof) for values in ([4.0, 2.0], [3.0])]
    assert result[f"loss_{how}"].tolist() == expected


def test_groups_come_as_they_first_appear() -> None:
    upside_down = LOSSES.iloc[::-1].reset_index(drop=True)
    result = table(upside_down, {"op": "groupby", "by": ["model"], "aggregate": {"epoch": ["max"]}})
    assert result.to_dict("list") == {"model": ["b", "a"], "epoch_max": [2, 2]}


def test_a_description_is_what_pandas_says() -> None:
    values = np.random.default_rng(1).normal(size=20)
    result = table(xr.DataArray(values, dims=["x"]), {"op": "describe"}).iloc[0]
    series = pd.Series(values)
    assert (result["column"], result["count"]) == ("value", 20)
    np.testing.assert_allclose(result["std"], series.std(ddof=0))
    names = {"mean": "mean", "min": "min", "q25": "25%", "median": "50%", "q75": "75%", "max": "max"}
    for ours, theirs in names.items():
        np.testing.assert_allclose(result[ours], series.describe()[theirs])


def test_arrays_are_described_by_class_and_tables_by_column() -> None:
    by_class = table(GRID, {"op": "describe", "by": ["class"]})
    assert by_class[["class", "mean", "count"]].to_numpy().tolist() == [["a", 1.5, 2], ["b", 3.5, 2]]
    by_column = table(LOSSES, {"op": "describe"})
    assert by_column["column"].tolist() == ["epoch", "loss", "ok"]
    assert by_column["count"].tolist() == [4, 3, 4]


def test_what_is_not_finite_is_not_described() -> None:
    array = xr.DataArray([1.0, np.inf, np.nan, 3], dims=["x"])
    assert table(array, {"op": "describe"})[["count", "mean"]].to_numpy().tolist() == [[2, 2]]


def test_rows_are_selected_sorted_and_limited() -> None:
    selected = table(LOSSES, {"op": "select_rows", "label": {"model": ["a"]}, "range": {"loss": [None, 3]}})
    assert selected["epoch"].tolist() == [2]
    best = table(LOSSES, {"op": "sort_rows", "by": ["loss"]}, {"op": "limit_rows", "count": 2})
    assert best["loss"].tolist() == [2, 3]
    names = table(LOSSES, {"op": "keep_columns", "columns": ["loss", "model"]})
    assert list(names.columns) == ["loss", "model"]


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (
            {"op": "groupby", "by": ["modl"], "aggregate": {"loss": ["max"]}},
            "no column 'modl'; the nearest is model",
        ),
        (
            {"op": "groupby", "by": ["epoch"], "aggregate": {"model": ["max"]}},
            "needs numbers; column 'model' holds text",
        ),
        ({"op": "keep_columns", "columns": ["loss", "loss"]}, "a column is named twice: loss, loss"),
        ({"op": "pivot", "dims": ["loss"], "values": "loss"}, "'loss' cannot be a dim and the values"),
        (
            {"op": "mean"},
            "takes an array, not a table with the columns model, epoch, loss, ok: pivot makes an array of it",
        ),
    ],
)
def test_what_does_not_fit_a_table_is_named(step: dict[str, Any], message: str) -> None:
    assert refusal(LOSSES, step) == f"step 1 ({step['op']}): {message}"


def test_what_does_not_fit_an_array_is_named() -> None:
    message = "takes a table, not an array along sample, unit: melt makes a table of it"
    assert refusal(GRID, {"op": "limit_rows"}) == f"step 1 (limit_rows): {message}"
    assert refusal(GRID, {"op": "melt", "into": "class"}) == (
        "step 1 (melt): 'class' is there already: give the column another name"
    )


def test_a_table_counts_by_its_cells() -> None:
    spec = TableSpec.of(LOSSES)
    assert spec.elements_with_coords == 16
    assert spec.held_bytes == 4 * (3 * 8 + 64)
    assert spec.combinations(["model"]) == 2
