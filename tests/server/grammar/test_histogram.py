"""Histograms, against NumPy."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from inspectree.logger.statistics import describe
from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec

ARRAYS = arrays(np.float32, array_shapes(max_dims=2, max_side=20), elements=st.floats(-1e3, 1e3, width=16))


def histogram(values: Any, **fields: Any) -> xr.DataArray:
    (step,) = GRAMMAR.parse([{"op": "histogram", **fields}])
    return step(values if isinstance(values, xr.DataArray) else xr.DataArray(values))


def test_by_hand() -> None:
    """The last bin is closed; what is not finite is in none."""
    result = histogram([0.0, 0.5, 1.0, 1.5, 4.0, np.nan, np.inf], bins=4)
    assert result.dims == ("bin",)
    assert result.dtype == np.int64
    assert result.values.tolist() == [2, 2, 0, 1]
    assert result["left"].values.tolist() == [0, 1, 2, 3]
    assert result["right"].values.tolist() == [1, 2, 3, 4]


@given(values=ARRAYS, bins=st.integers(1, 70))
def test_numpy_gives_the_same(values: Any, bins: int) -> None:
    result = histogram(values, bins=bins)
    counts, edges = np.histogram(values, bins)
    assert result.values.tolist() == counts.tolist()
    assert [*result["left"].values, result["right"].values[-1]] == edges.tolist()
    assert result.sum() == values.size


@given(values=ARRAYS)
def test_within_a_range_numpy_gives_the_same(values: Any) -> None:
    expected = np.histogram(values, 8, (-2, 3))[0]
    assert histogram(values, bins=8, range=[-2, 3]).values.tolist() == expected.tolist()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("bins", [3, 64, 1000])
@pytest.mark.parametrize("shift", [0, 1000])
def test_of_many_values_numpy_counts_the_same(dtype: str, bins: int, shift: int) -> None:
    """Also where many lie on an edge, or where the edges are hardly further apart than the values."""
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.normal(size=200_000), np.zeros(90_000), rng.integers(-3, 4, 10_000)])
    values = (values + shift).astype(dtype)
    assert histogram(values, bins=bins).values.tolist() == np.histogram(values, bins)[0].tolist()
    some = histogram(values, bins=bins, range=[shift - 1, shift + 2]).values
    assert some.tolist() == np.histogram(values, bins, (shift - 1.0, shift + 2.0))[0].tolist()
    edges = np.geomspace(values[values > 0].min(), values.max(), bins + 1)
    logs = histogram(values, bins=bins, log=True)
    np.testing.assert_array_equal(logs["left"], edges[:-1])
    assert logs.values.tolist() == np.histogram(values, edges)[0].tolist()


@given(values=ARRAYS)
def test_the_stored_histogram_is_the_same(values: Any) -> None:
    (step,) = GRAMMAR.parse([{"op": "histogram"}])
    stored = step.from_statistics(describe(values), Spec.of(xr.DataArray(values)))
    assert stored is not None
    xr.testing.assert_allclose(stored, step(xr.DataArray(values)))


@given(values=ARRAYS)
def test_in_equal_ratios_every_positive_value_is_counted(values: Any) -> None:
    result = histogram(values, bins=5, log=True)
    assert result.sum() == np.count_nonzero(values > 0)
    ratios = result["right"].values / result["left"].values
    np.testing.assert_allclose(ratios, ratios[0])


@given(values=ARRAYS, parts=st.integers(1, 3))
def test_groups_add_up_to_the_whole(values: Any, parts: int) -> None:
    """With shared edges, the groups' histograms sum to the histogram of everything."""
    flat = values.ravel()
    assume(flat.size)
    labels = np.array([f"g{i % parts}" for i in range(flat.size)])
    value = xr.DataArray(flat, dims=["sample"], coords={"group": ("sample", labels)})
    result = histogram(value, bins=7, by=["group"])
    assert result.sum("group").values.tolist() == histogram(flat, bins=7).values.tolist()


def test_own_edges_lie_along_the_group_too() -> None:
    value = xr.DataArray(
        [0.0, 1.0, 0.0, 10.0], dims=["sample"], coords={"class": ("sample", ["a", "a", "b", "b"])}
    )
    result = histogram(value, bins=2, by=["class"], shared=False)
    assert result["right"].dims == ("class", "bin")
    assert result["right"].values.tolist() == [[0.5, 1], [5, 10]]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"range": [1, 1]}, "range must be two finite numbers, the lower one first, not 1.0 and 1.0"),
        ({"range": [0, 1], "log": True}, "a range in equal ratios starts above 0, not at 0.0"),
    ],
)
def test_a_range_that_makes_no_sense_is_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(PipelineError) as error:
        histogram([1.0], **fields)
    assert str(error.value) == f"step 1 (histogram): {message}"


def test_a_range_without_room_for_the_bins_is_refused() -> None:
    with pytest.raises(PipelineError) as error:
        histogram([1.0, np.nextafter(1, 2)], bins=64)
    assert str(error.value) == "the values' range is too narrow or too wide for 64 bins"
