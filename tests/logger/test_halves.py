from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from inspectree.logger.halves import CHUNK, counted
from inspectree.logger.statistics import BINS, QUANTILES, describe

HALVES = arrays(np.float16, array_shapes(max_dims=3, max_side=12))


def test_counts_by_hand() -> None:
    values, counts = counted(np.array([1, 2, 2, -3, np.nan, np.inf, -np.inf], np.float16))
    assert (values.tolist(), counts.tolist()) == ([-3, 1, 2], [1, 1, 2])


def test_values_of_several_chunks_are_counted_together() -> None:
    values, counts = counted(np.full(2 * CHUNK + 3, 0.5, np.float16))
    assert (values.tolist(), counts.tolist()) == ([0.5], [2 * CHUNK + 3])


@given(HALVES)
def test_numpy_finds_the_same_values(array: NDArray[np.float16]) -> None:
    finite = array[np.isfinite(array)].astype(np.float64)
    values, counts = counted(array)
    assert np.array_equal(np.repeat(values, counts), np.sort(finite))


@given(HALVES)
def test_descriptors_are_those_of_the_same_values_in_double_precision(array: NDArray[np.float16]) -> None:
    """Counting tells what passing over all values tells."""
    found, expected = describe(array), describe(array.astype(np.float64))
    for name in ("count", "finite", "zeros", "minimum", "maximum", "mean", "variance", "norm", "quantiles"):
        np.testing.assert_allclose(
            getattr(found, name), getattr(expected, name), rtol=1e-9, atol=1e-12, err_msg=name
        )


@pytest.mark.parametrize("seed", range(3))
def test_form_and_histogram_are_numpys(seed: int) -> None:
    random = np.random.default_rng(seed)
    array = np.maximum(random.normal(size=(50, 40)), 0).astype(np.float16)
    found, wide = describe(array), array.astype(np.float64)
    centered = wide - wide.mean()
    assert found.skew == pytest.approx((centered**3).mean() / wide.var() ** 1.5)
    assert found.kurtosis == pytest.approx((centered**4).mean() / wide.var() ** 2 - 3)
    counts, edges = np.histogram(array.astype(np.float32), BINS)
    assert (found.histogram == counts).all()
    np.testing.assert_allclose(found.edges, edges)
    np.testing.assert_allclose(found.quantiles, np.quantile(wide, QUANTILES))


@pytest.mark.parametrize("array", [np.zeros((0, 2)), np.full(3, np.nan), np.array([np.inf, -np.inf])])
def test_without_finite_values_there_are_only_counts(array: NDArray[Any]) -> None:
    found = describe(array.astype(np.float16))
    assert (found.count, found.finite, found.zeros) == (array.size, 0, 0)
    assert np.isnan([found.mean, found.maximum, *found.quantiles]).all()


def test_a_constant_has_no_variance_and_no_form() -> None:
    found = describe(np.full(7, 0.1, np.float16))
    assert (found.mean, found.variance) == (float(np.float16(0.1)), 0)
    assert np.isnan([found.skew, found.kurtosis]).all()
