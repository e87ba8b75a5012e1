"""Ranking, against a full sort."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from inspectree.server.grammar import GRAMMAR

ARRAYS = arrays(
    np.float64, array_shapes(min_dims=2, max_dims=2), elements=st.sampled_from([-2.0, -1, 0, 1, 2, np.nan])
)


def ranked(value: xr.DataArray, op: str, **fields: Any) -> xr.DataArray:
    (step,) = GRAMMAR.parse([{"op": op, **fields}])
    return step(value)


def test_the_largest_weights_by_hand() -> None:
    kernel = xr.DataArray([[1.0, -9.0], [3.0, np.nan]], dims=["in", "out"])
    result = ranked(kernel, "top_k", k=2, magnitude=True)
    assert result.values.tolist() == [-9, 3]
    assert (result["in"].values.tolist(), result["out"].values.tolist()) == ([0, 1], [1, 0])
    assert ranked(kernel, "bottom_k", k=2).values.tolist() == [-9, 1]


def test_the_labels_of_each_value_travel_with_it() -> None:
    value = xr.DataArray(
        [5, 7, 6],
        dims=["sample"],
        coords={"sample": [10, 20, 30], "class": ("sample", ["a", "b", "c"])},
    )
    result = ranked(value, "top_k", k=2)
    assert result["sample"].values.tolist() == [20, 30]
    assert result["class"].values.tolist() == ["b", "c"]


@pytest.mark.parametrize("op", ["top_k", "bottom_k"])
@given(values=ARRAYS, k=st.integers(1, 9))
def test_a_stable_sort_gives_the_same(op: str, values: Any, k: int) -> None:
    """Of equal values the first come first; NaN is never among them."""
    result = ranked(xr.DataArray(values, dims=["y", "x"]), op, k=k)
    keys = values.ravel() if op == "bottom_k" else -values.ravel()
    places = [place for place in np.argsort(keys, kind="stable") if not np.isnan(keys[place])][:k]
    found = np.ravel_multi_index((result["y"].values, result["x"].values), values.shape)
    assert found.tolist() == places
    assert result.values.tolist() == values.ravel()[places].tolist()


@pytest.mark.parametrize("op", ["top_k", "bottom_k"])
@pytest.mark.parametrize("broken", [(), (np.nan,), (np.inf, -np.inf), (-np.inf,)])
def test_of_many_values_the_same_ones_are_the_best(op: str, broken: tuple[float, ...]) -> None:
    """Where few candidates suffice, too: with ties, and with what is not finite anywhere."""
    values = np.random.default_rng(0).normal(size=10_000).round(2)
    values[[3, 9_999][: len(broken)]] = broken
    keys = np.where(np.isfinite(values), values if op == "bottom_k" else -values, np.inf)
    result = ranked(xr.DataArray(values, dims=["unit"]), op, k=7, magnitude=False)
    assert result["unit"].values.tolist() == np.argsort(keys, kind="stable")[:7].tolist()


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "bool"])
def test_whole_numbers_at_their_limits_are_ranked(dtype: str) -> None:
    low, high = (False, True) if dtype == "bool" else (np.iinfo(dtype).min, np.iinfo(dtype).max)
    value = xr.DataArray(np.array([low, high, 1], dtype), dims=["unit"])
    assert ranked(value, "top_k", k=1).item() == high
    assert ranked(value, "bottom_k", k=1).item() == low
