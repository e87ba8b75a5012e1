"""Reductions, against NumPy."""

import warnings
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import stats

from inspectree.logger.statistics import describe
from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec
from inspectree.server.grammar.reduce import Reduce

FLOATS = st.floats(-1e6, 1e6, width=32)
ARRAYS = arrays(np.float32, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=FLOATS)


def moments(oracle: Callable[..., Any], values: Any, axis: int | None) -> Any:
    with warnings.catch_warnings(action="ignore"):  # SciPy's, where hardly anything varies
        return np.asarray(oracle(values, axis=axis, nan_policy="omit"))


def histogram_entropy(values: Any) -> Any:
    known = values[np.isfinite(values)]
    return stats.entropy(np.histogram(known, 64)[0], base=2) if known.size else np.nan


ORACLES: dict[str, Callable[..., Any]] = {
    "mean": np.nanmean,
    "sum": np.nansum,
    "min": np.nanmin,
    "max": np.nanmax,
    "std": np.nanstd,
    "var": np.nanvar,
    "skew": lambda values, axis=None: moments(stats.skew, values, axis),
    "kurtosis": lambda values, axis=None: moments(stats.kurtosis, values, axis),
    "entropy": lambda values, axis=None: (
        np.apply_along_axis(histogram_entropy, 0, values) if axis == 0 else histogram_entropy(values)
    ),
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


@pytest.mark.parametrize("op", [op for op in ORACLES if op not in {"skew", "kurtosis"}])
@given(values=ARRAYS)
def test_numpy_gives_the_same(op: str, values: Any) -> None:
    """In float64 over any dims, whatever the dtype."""
    wide = values.astype(np.float64)
    np.testing.assert_allclose(reduced(table(values), op).item(), ORACLES[op](wide), rtol=1e-9, atol=1e-9)
    by_unit = reduced(table(values), op, over=["sample"]).values
    np.testing.assert_allclose(by_unit, ORACLES[op](wide, axis=0), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("op", ["skew", "kurtosis"])
@given(values=arrays(np.float32, (5, 2), elements=st.integers(-99, 99).map(float)))
def test_scipy_gives_the_same(op: str, values: Any) -> None:
    """NaN where nothing varies."""
    wide = values.astype(np.float64)
    np.testing.assert_allclose(reduced(table(values), op).item(), ORACLES[op](wide), rtol=1e-9, atol=1e-9)
    by_unit = reduced(table(values), op, over=["sample"]).values
    np.testing.assert_allclose(by_unit, ORACLES[op](wide, axis=0), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("value", [0.1, -1e-300, 3e200])
@pytest.mark.parametrize("shape", [(1_000, 1), (1, 999), (300_000, 2)])
def test_what_does_not_vary_has_a_variance_of_0(value: float, shape: tuple[int, int]) -> None:
    """Though the mean of many is rounded."""
    constant = table(np.full(shape, value))
    assert reduced(constant, "var").item() == 0
    assert reduced(constant, "std", over=["sample"]).values.tolist() == [0] * shape[1]
    assert np.isnan(reduced(constant, "skew").item())


@pytest.mark.parametrize("shape", [(70_000, 3), (3, 70_000), (7, 5, 4_000)])
@pytest.mark.parametrize("op", ["std", "norm", "skew", "kurtosis", "mean", "median"])
def test_blocks_add_up(op: str, shape: tuple[int, ...]) -> None:
    """What is too large for one block is as if it were one, over any dims."""
    values = np.random.default_rng(0).normal(3, size=shape).astype(np.float32)
    dims = ["a", "b", "c"][: len(shape)]
    for axes in product([False, True], repeat=len(shape)):
        axis = tuple(np.flatnonzero(axes).tolist())
        if not axis:
            continue
        oracle = {"skew": stats.skew, "kurtosis": stats.kurtosis}.get(op, ORACLES[op])
        expected = oracle(values.astype(np.float64), axis=axis)
        result = reduced(xr.DataArray(values, dims=dims), op, over=[dims[i] for i in axis])
        np.testing.assert_allclose(result.values, expected, rtol=1e-9, atol=1e-9)


@given(values=ARRAYS)
def test_each_position_by_itself_is_a_reduction_over_the_others(values: Any) -> None:
    """Grouping by a dim without labels labels it by its positions."""
    alone = reduced(table(values), "mean", by=["unit"])
    assert alone["unit"].values.tolist() == list(range(values.shape[1]))
    assert alone.values.tolist() == reduced(table(values), "mean", over=["sample"]).values.tolist()


@given(values=ARRAYS, parts=st.integers(1, 3), op=st.sampled_from(["mean", "sum", "min", "max", "median"]))
def test_pandas_groups_the_same(values: Any, parts: int, op: str) -> None:
    labels = np.arange(len(values)) % parts
    value = table(values).assign_coords(part=("sample", labels))
    expected = pd.DataFrame(values.astype(np.float64)).groupby(labels).agg(op)
    result = reduced(value, op, over=["sample"], by=["part"])
    np.testing.assert_allclose(result.values, expected.to_numpy(), rtol=1e-9, atol=1e-9)


@given(values=arrays(np.float32, (2, 3, 2), elements=FLOATS), data=st.data())
def test_each_checkpoint_by_itself_gives_the_same(values: Any, data: st.DataObject) -> None:
    """Where a reduction says that it can be made of each alone."""
    coords = {
        "checkpoint": [3, 5],
        "epoch": ("checkpoint", [1, 1]),
        "class": ("sample", ["a", "b", "a"]),
    }
    value = xr.DataArray(values, coords, ["checkpoint", "sample", "unit"])
    over = data.draw(st.lists(st.sampled_from(value.dims), unique=True))
    gone = over or value.dims
    possible = [name for name in ("class", "checkpoint", "unit", "epoch") if value[name].dims[0] in gone]
    by = data.draw(st.lists(st.sampled_from(possible), unique=True))
    op = data.draw(st.sampled_from(["mean", "var", "median", "count"]))
    (step,) = GRAMMAR.parse([{"op": op, "over": over, "by": by}])
    alone = step.within("checkpoint", Spec.of(value))
    if alone is None:
        assert "checkpoint" in gone
        return
    whole = step(value)
    parts = [alone(value.isel(checkpoint=i, drop=True)) for i in range(2)]
    stacked = xr.concat(parts, dim=pd.Index([3, 5], name="checkpoint")).transpose(*whole.dims)
    np.testing.assert_allclose(stacked.values, whole.values, rtol=1e-9)


def test_the_entropy_of_probabilities_by_hand() -> None:
    """A coin has one bit, what is certain none; a negative share makes no sense."""
    value = table([[0.5, 0.5, 0], [1, 0, 0], [2, 2, np.nan], [-1, 1, 2], [0, 0, 0]])
    result = reduced(value, "entropy", of="probabilities", over=["unit"])
    assert result.values.tolist()[:3] == [1, 0, 1]
    assert np.isnan(result.values[3:]).all()


@given(values=arrays(np.float64, (3, 4), elements=st.floats(0.125, 8)))
def test_scipy_gives_the_same_entropy(values: Any) -> None:
    result = reduced(table(values), "entropy", of="probabilities", over=["unit"])
    np.testing.assert_allclose(result.values, stats.entropy(values, axis=1, base=2))


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
