"""Maps along dims, against SciPy, NumPy and pandas."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import special, stats

from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec

NAN, INF = np.nan, np.inf
VALUES = xr.DataArray([[-3.0, 0.0], [1.0, 4.0]], dims=["sample", "unit"])
BROKEN = xr.DataArray([[NAN, 1.0], [2.0, INF], [4.0, 3.0]], dims=["sample", "unit"])
ARRAYS = arrays(
    np.float32, array_shapes(min_dims=3, max_dims=3, max_side=4), elements=st.integers(-9, 9).map(float)
)


def mapped(value: Any, op: str, **fields: Any) -> xr.DataArray:
    (step,) = GRAMMAR.parse([{"op": op, **fields}])
    array = value if isinstance(value, xr.DataArray) else xr.DataArray(value, dims=["sample", "y", "x"])
    step.check(Spec.of(array))
    return step(array)


@pytest.mark.parametrize(
    ("value", "step", "expected"),
    [
        (VALUES, {"op": "rank"}, [[1, 2], [3, 4]]),
        (VALUES, {"op": "rank", "over": ["sample"]}, [[1, 1], [2, 2]]),
        (BROKEN, {"op": "rank"}, [[NAN, 1], [2, NAN], [4, 3]]),
        (VALUES, {"op": "cumsum", "dim": "unit"}, [[-3, -3], [1, 5]]),
        (BROKEN, {"op": "cumsum", "dim": "sample"}, [[0, 1], [2, 1], [6, 4]]),
        (VALUES, {"op": "diff", "dim": "sample"}, [[4, 4]]),
        (BROKEN, {"op": "diff", "dim": "unit"}, [[NAN], [INF], [-1]]),
        (BROKEN, {"op": "fill"}, [[0, 1], [2, 0], [4, 3]]),
        (BROKEN, {"op": "fill", "with": -1}, [[-1, 1], [2, -1], [4, 3]]),
        (BROKEN, {"op": "fill", "with": "mean"}, [[2.5, 1], [2, 2.5], [4, 3]]),
        (BROKEN, {"op": "fill", "with": "median", "over": ["sample"]}, [[3, 1], [2, 2], [4, 3]]),
        (BROKEN, {"op": "fill", "with": "max", "over": ["unit"]}, [[1, 1], [2, 2], [4, 3]]),
    ],
)
def test_by_hand(value: xr.DataArray, step: dict[str, Any], expected: Any) -> None:
    result = mapped(value, **step)
    assert result.dims == value.dims
    np.testing.assert_array_equal(result.values, expected)


def test_differences_have_the_later_ones_labels() -> None:
    checkpoints = xr.DataArray(
        [1.0, 4.0, 9.0],
        dims=["checkpoint"],
        coords={"checkpoint": [0, 5, 10], "epoch": ("checkpoint", [0, 1, 2])},
    )
    result = mapped(checkpoints, "diff", dim="checkpoint")
    assert result["checkpoint"].values.tolist() == [5, 10]
    assert result["epoch"].values.tolist() == [1, 2]
    assert mapped(VALUES, "diff", dim="unit")["unit"].values.tolist() == [1]


def test_whole_numbers_have_differences_below_0() -> None:
    value = xr.DataArray(np.array([2, 1], np.uint8), dims=["unit"])
    assert mapped(value, "diff", dim="unit").values.tolist() == [-1]


@given(values=ARRAYS)
def test_scipy_gives_the_same_shares(values: Any) -> None:
    np.testing.assert_allclose(mapped(values, "softmax").values, special.softmax(values))
    shares = mapped(values, "softmax", over=["sample", "x"])
    np.testing.assert_allclose(shares.values, special.softmax(values, axis=(0, 2)), rtol=1e-5)
    np.testing.assert_allclose(shares.sum(["sample", "x"]), 1, rtol=1e-5)


@given(values=ARRAYS)
def test_scipy_gives_the_same_ranks(values: Any) -> None:
    assert mapped(values, "rank", over=["y"]).values.tolist() == stats.rankdata(values, axis=1).tolist()
    flat = np.moveaxis(values, 1, 0).reshape(values.shape[1], -1)
    expected = np.moveaxis(
        stats.rankdata(flat, axis=1).reshape(values.shape[1], values.shape[0], values.shape[2]), 0, 1
    )
    assert mapped(values, "rank", over=["x", "sample"]).values.tolist() == expected.tolist()


@given(values=ARRAYS)
def test_differences_undo_running_sums(values: Any) -> None:
    sums = mapped(values, "cumsum", dim="sample")
    np.testing.assert_array_equal(sums.values, np.cumsum(values, axis=0, dtype=np.float64))
    np.testing.assert_array_equal(mapped(sums, "diff", dim="sample").values, values[1:])


@given(values=arrays(np.float32, 7, elements=st.sampled_from([NAN, 1.0, 2.0, 5.0])))
def test_pandas_fills_with_the_same(values: Any) -> None:
    series = pd.Series(values)
    value = xr.DataArray(values, dims=["unit"])
    for method, filling in (("mean", series.mean()), ("median", series.median()), ("min", series.min())):
        np.testing.assert_allclose(
            mapped(value, "fill", **{"with": method}), series.fillna(filling), rtol=1e-6
        )
