"""Reductions, against NumPy."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from inspectree.logger.statistics import describe
from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec
from inspectree.server.grammar.reduce import Reduce

FLOATS = st.floats(-1e6, 1e6, width=32)
ARRAYS = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=FLOATS)

ORACLES: dict[str, Callable[..., Any]] = {
    "mean": np.nanmean,
    "sum": np.nansum,
    "min": np.nanmin,
    "max": np.nanmax,
    "std": np.nanstd,
    "var": np.nanvar,
    "median": np.nanmedian,
    "norm": lambda values, axis=None: np.sqrt(np.nansum(values**2, axis=axis)),
    "count": lambda values, axis=None: np.sum(np.ones_like(values), axis=axis),
    "fraction_zero": lambda values, axis=None: np.mean(values == 0, axis=axis),
    "fraction_nonfinite": lambda values, axis=None: np.mean(~np.isfinite(values), axis=axis),
}


def table(values: Any) -> xr.DataArray:
    return xr.DataArray(values, dims=["sample", "unit"])


def reduced(value: xr.DataArray, op: str, **fields: Any) -> xr.DataArray:
    (step,) = GRAMMAR.parse([{"op": op, **fields}])
    step.check(Spec.of(value))
    return step(value)


def test_means_by_class_by_hand() -> None:
    """Classes come in their own order; a sample without a class is in none."""
    value = table([[1, 2], [3, 4], [5, 6], [100, 100]]).assign_coords(
        {"class": ("sample", ["b", "a", "b", ""])}
    )
    value.coords["class"].attrs["labels"] = ("b", "a", "c")
    result = reduced(value, "mean", over=["sample"], by=["class"])
    assert result.dims == ("class", "unit")
    assert result["class"].values.tolist() == ["b", "a"]
    assert result.values.tolist() == [[3, 4], [3, 4]]


def test_groups_by_two_coordinates_make_two_dims() -> None:
    value = table([[1], [2], [4], [8]]).assign_coords(
        {"class": ("sample", ["a", "a", "b", "b"]), "correct": ("sample", [True, False, True, True])}
    )
    result = reduced(value, "sum", by=["class", "correct"])
    assert result.dims == ("class", "correct")
    assert result["correct"].values.tolist() == [False, True]
    assert result.values.tolist() == [[2, 1], [0, 12]]


def test_what_is_neither_right_nor_wrong_is_in_no_group() -> None:
    correct = np.array([True, None, False, True], dtype=object)
    value = table([[1], [2], [4], [8]]).assign_coords(correct=("sample", correct))
    result = reduced(value, "sum", by=["correct"])
    assert result["correct"].values.tolist() == [False, True]
    assert result.values.tolist() == [4, 9]


def test_quantiles_lie_along_their_own_dim() -> None:
    result = reduced(table([[0, 10], [1, 20], [2, 30]]), "quantile", q=[0, 0.25, 1], over=["sample"])
    assert result.dims == ("unit", "quantile")
    assert result.values.tolist() == [[0, 0.5, 2], [10, 15, 30]]


@pytest.mark.parametrize("op", ORACLES)
@given(values=ARRAYS)
def test_numpy_gives_the_same(op: str, values: Any) -> None:
    """In float64 over any dims, whatever the dtype."""
    wide = values.astype(np.float64)
    np.testing.assert_allclose(reduced(table(values), op).item(), ORACLES[op](wide), rtol=1e-9, atol=1e-9)
    by_unit = reduced(table(values), op, over=["sample"]).values
    np.testing.assert_allclose(by_unit, ORACLES[op](wide, axis=0), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("op", sorted(set(ORACLES) - {"count", "fraction_zero", "fraction_nonfinite"}))
def test_what_is_not_finite_is_left_out(op: str) -> None:
    values = np.array([[1, np.nan], [np.inf, 4], [-2, 0], [-np.inf, 8]])
    known = np.where(np.isfinite(values), values, np.nan)
    np.testing.assert_allclose(reduced(table(values), op, over=["sample"]).values, ORACLES[op](known, axis=0))
    nothing = reduced(table([[np.nan], [np.inf]]), op).item()
    assert nothing == 0 if op in {"sum", "norm"} else np.isnan(nothing)


@given(values=arrays(np.float16, (3, 4), elements=st.floats(-9, 9, width=16)))
def test_stored_statistics_give_the_same(values: Any) -> None:
    statistics = describe(values)
    for step in GRAMMAR.steps:
        if not issubclass(step, Reduce) or step.example["op"] == "quantile":
            continue
        made = step()
        stored = made.from_statistics(statistics, Spec.of(table(values)))
        if stored is not None:
            np.testing.assert_allclose(stored.item(), made(table(values)).item(), rtol=1e-6, atol=1e-6)
            assert stored.dtype == made(table(values)).dtype


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"over": ["y"]}, "no dim 'y'; this value has sample, unit"),
        ({"over": ["unit", "unit"]}, "a dim is named twice: unit, unit"),
        ({"over": ["unit"], "by": ["class"]}, "groups by 'class', so it must reduce over dim 'sample' too"),
        ({"by": ["clas"]}, "no coordinate 'clas'; the nearest is class"),
    ],
)
def test_what_cannot_be_reduced_is_refused(fields: dict[str, Any], message: str) -> None:
    value = table([[1, 2]]).assign_coords({"class": ("sample", ["a"])})
    with pytest.raises(PipelineError) as error:
        reduced(value, "mean", **fields)
    assert str(error.value) == message


def test_too_many_groups_are_refused() -> None:
    value = xr.DataArray(np.zeros(10_001), dims=["unit"])
    with pytest.raises(PipelineError) as error:
        reduced(value, "mean", by=["unit"])
    assert str(error.value) == "grouping by unit makes up to 10,001 groups; 10,000 are allowed"


def test_text_is_refused() -> None:
    with pytest.raises(PipelineError) as error:
        reduced(table([["a", "b"]]).astype(object), "mean")
    assert str(error.value) == "needs numbers; this value holds object"
