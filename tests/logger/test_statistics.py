import math
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from inspectree.logger.statistics import BINS, CHUNK, QUANTILES, Statistics, describe

MOMENTS = ("mean", "variance", "skew", "kurtosis", "minimum", "maximum", "norm")


def _moments(statistics: Statistics) -> dict[str, float]:
    return {name: getattr(statistics, name) for name in MOMENTS}


def _same(first: Statistics, second: Statistics) -> None:
    for name in vars(first):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name), err_msg=name)


# by hand


def test_numbers_by_hand() -> None:
    found = describe([[0, 0], [0, 4]])
    assert (found.count, found.finite, found.zeros) == (4, 4, 3)
    assert (found.mean, found.variance, found.minimum, found.maximum, found.norm) == (1, 3, 0, 4, 4)
    assert found.skew == pytest.approx((3 * -1 + 27) / 4 / 3**1.5)
    assert found.kurtosis == pytest.approx((3 * 1 + 81) / 4 / 9 - 3)


def test_quantiles_by_hand() -> None:
    assert describe(np.arange(101)).quantiles.tolist() == [1, 5, 25, 50, 75, 95, 99]


def test_histogram_by_hand() -> None:
    """64 equal bins from minimum to maximum, the last one closed."""
    found = describe([0, 0.5, 1, 1.5, 63.5, 64])
    assert found.edges.tolist() == list(range(65))
    assert found.histogram.tolist() == [2, 2, *[0] * 61, 2]


def test_values_that_are_not_finite_count_in_count_only() -> None:
    found = describe([math.nan, math.inf, -math.inf, 0, 2])
    assert (found.count, found.finite, found.zeros, found.mean, found.maximum) == (5, 2, 1, 1, 2)
    assert found.histogram.sum() == 2


def test_both_zeros_are_zeros() -> None:
    assert describe([0.0, -0.0, 5e-324]).zeros == 2


@pytest.mark.parametrize("values", [[], np.zeros((0, 3)), [math.nan, math.inf]], ids=["empty", "rows", "bad"])
def test_without_finite_values_there_are_only_counts(values: Any) -> None:
    found = describe(values)
    assert (found.count, found.finite, found.zeros) == (np.size(values), 0, 0)
    assert all(math.isnan(value) for value in _moments(found).values())
    assert np.isnan(found.quantiles).all()
    assert np.isnan(found.edges).all()
    assert not found.histogram.any()


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("value", [0.0, 0.1, -3.0, 6e-8, 60_000.0])
@pytest.mark.parametrize("count", [1, 7, 1000, CHUNK + 1])
def test_a_constant_has_no_variance(value: float, count: int, dtype: Any) -> None:
    constant = np.full(count, value, dtype)
    found = describe(constant)
    assert (found.mean, found.minimum, found.maximum) == (constant[0],) * 3
    assert found.variance == 0
    assert math.isnan(found.skew)
    assert math.isnan(found.kurtosis)
    assert found.norm == pytest.approx(abs(float(constant[0])) * math.sqrt(count))
    assert found.histogram.max() == count


def test_a_constants_bins_reach_half_a_unit_to_each_side() -> None:
    assert describe([2.0, 2.0]).edges[[0, -1]].tolist() == [1.5, 2.5]


# extremes


NEAR: dict[str, NDArray[Any]] = {
    "float32 neighbours": np.array([1, np.nextafter(np.float32(1), np.float32(2))], np.float32),
    "float64 neighbours": np.array([1, np.nextafter(1, 2)]),
    "negative neighbours": np.array([-1, np.nextafter(-1, -2)]),
    "float16 subnormals": np.array([0, 6e-8], np.float16),
    "float32 subnormals": np.array([0, 1e-45], np.float32),
    "float64 subnormals": np.array([0, 5e-324]),
    "more float32 subnormals": np.array([0, 2.6e-43], np.float32),
    "more float64 subnormals": np.array([0, 185 * 5e-324]),
    "large constant": np.full(2, 1e8, np.float32),
    "larger constant": np.full(2, -1e300),
    "largest constant": np.full(2, np.finfo(np.float64).max),
}


@pytest.mark.parametrize("values", NEAR.values(), ids=NEAR)
def test_values_too_near_for_64_bins_are_counted_in_wider_ones(values: NDArray[Any]) -> None:
    found = describe(values)
    assert found.histogram.sum() == 2
    assert (np.diff(found.edges) > 0).all()
    assert found.edges[0] <= found.minimum <= found.maximum <= found.edges[-1]


def test_neighbours_in_float32_are_still_told_apart() -> None:
    found = describe(NEAR["float32 neighbours"])
    assert (found.histogram[0], found.histogram[-1]) == (1, 1)
    assert found.variance == pytest.approx(2.0**-48)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_the_ends_of_the_range_have_a_histogram_and_quantiles(dtype: Any) -> None:
    largest = float(np.finfo(dtype).max)
    found = describe(np.array([-largest, 0, largest], dtype))
    assert [found.histogram[0], found.histogram[32], found.histogram[-1]] == [1, 1, 1]
    assert found.edges[[0, -1]].tolist() == [-largest, largest]
    np.testing.assert_allclose(found.quantiles / largest, 2 * np.array(QUANTILES) - 1, atol=1e-12)
    assert found.mean == 0


def test_a_variance_beyond_float64_is_infinite() -> None:
    found = describe([1.7e308, 1.6e308])
    assert found.variance == math.inf
    assert math.isnan(found.skew)


# oracles


def _check(values: NDArray[Any], *, rtol: float = 1e-9) -> None:
    """Compare with SciPy and NumPy in float64."""
    found, flat = describe(values), values.astype(np.float64).ravel()
    expected = {
        "mean": flat.mean(),
        "variance": flat.var(),
        "skew": scipy.stats.skew(flat),
        "kurtosis": scipy.stats.kurtosis(flat),
        "minimum": flat.min(),
        "maximum": flat.max(),
        "norm": np.linalg.norm(flat),
    }
    assert _moments(found) == pytest.approx(expected, rel=rtol, abs=1e-9)
    np.testing.assert_allclose(found.quantiles, np.quantile(flat, QUANTILES), rtol=rtol)
    assert found.edges == pytest.approx(np.linspace(flat.min(), flat.max(), BINS + 1), rel=1e-6)
    assert found.histogram.sum() == flat.size


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int8, np.int32, np.uint8, np.int64])
def test_scipy_finds_the_same_in_every_dtype(dtype: Any) -> None:
    values = (np.random.default_rng(0).gamma(2, 10, (20, 5, 7))).astype(dtype)
    _check(values)


def test_scipy_finds_the_same_over_several_chunks() -> None:
    values = np.random.default_rng(1).exponential(3, CHUNK + 17)
    found = describe(values)
    assert found.mean == pytest.approx(values.mean(), rel=1e-12)
    assert found.skew == pytest.approx(scipy.stats.skew(values), rel=1e-9)
    assert found.histogram.sum() == values.size


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numpy_counts_the_same(dtype: Any) -> None:
    values = np.random.default_rng(0).normal(size=5000).astype(dtype)
    counts, edges = np.histogram(values, BINS)
    np.testing.assert_array_equal(describe(values).histogram, counts)
    np.testing.assert_array_equal(describe(values).edges, edges)


def test_quantiles_of_very_many_values_are_near() -> None:
    """Above a million values a strided subset stands for all."""
    values = np.random.default_rng(0).random(2_500_000, dtype=np.float32)
    np.testing.assert_allclose(describe(values).quantiles, QUANTILES, atol=2e-3)


def test_a_mean_far_from_zero_does_not_spoil_the_moments() -> None:
    values = np.random.default_rng(0).normal(size=1000)
    far = describe(values + 1e6)
    assert far.variance == pytest.approx(values.var(), rel=1e-6)
    assert far.skew == pytest.approx(scipy.stats.skew(values), abs=1e-5)


# laws

SHAPES = array_shapes(min_dims=0, max_dims=3, max_side=8)
ANY = arrays(st.sampled_from([np.float16, np.float32, np.float64]), SHAPES)
TAME = arrays(np.int16, st.integers(2, 60), elements=st.integers(-1000, 1000)).map(
    lambda values: values.astype(np.float64)
)


@given(ANY)
def test_no_values_are_too_strange(values: NDArray[Any]) -> None:
    """NaN, infinities, subnormals, zeros and the ends of the range: every finite value is in one bin."""
    found = describe(values)
    assert found.histogram.sum() == found.finite == np.isfinite(values).sum()
    assert found.zeros == (values == 0).sum()
    if found.finite:
        assert found.edges[0] <= found.minimum <= found.maximum <= found.edges[-1]
        assert (np.diff(found.quantiles) >= 0).all()
        assert found.variance >= 0


@given(ANY)
def test_a_record_holds_all_of_it(values: NDArray[Any]) -> None:
    found = describe(values)
    _same(Statistics.from_record(found.as_record()), found)


@given(TAME, st.randoms(use_true_random=False))
def test_the_order_does_not_matter(values: NDArray[Any], random: Any) -> None:
    shuffled = values.tolist()
    random.shuffle(shuffled)
    first, second = describe(values), describe(shuffled)
    np.testing.assert_array_equal(first.histogram, second.histogram)
    np.testing.assert_array_equal(first.quantiles, second.quantiles)
    assert _moments(first) == pytest.approx(_moments(second), rel=1e-9, abs=1e-9, nan_ok=True)


def test_the_order_of_chunks_does_not_matter() -> None:
    values = np.random.default_rng(0).lognormal(size=2 * CHUNK)
    swapped = describe(np.concatenate([values[CHUNK:], values[:CHUNK]]))
    assert _moments(swapped) == pytest.approx(_moments(describe(values)), rel=1e-12)


@given(TAME)
def test_the_shape_and_the_layout_do_not_matter(values: NDArray[Any]) -> None:
    _same(describe(np.stack([values, values]).T), describe(np.repeat(values, 2)))


@given(TAME, st.integers(-1000, 1000))
def test_a_shift_moves_the_place_only(values: NDArray[Any], shift: int) -> None:
    first, second = describe(values), describe(values + shift)
    assert second.mean == pytest.approx(first.mean + shift, abs=1e-9)
    assert second.variance == pytest.approx(first.variance, rel=1e-9, abs=1e-9)
    assert second.skew == pytest.approx(first.skew, rel=1e-6, abs=1e-6, nan_ok=True)
    assert second.kurtosis == pytest.approx(first.kurtosis, rel=1e-6, abs=1e-6, nan_ok=True)
    np.testing.assert_allclose(second.quantiles, first.quantiles + shift, atol=1e-9)


@given(TAME, st.integers(-20, 20))
def test_a_factor_scales_and_keeps_the_form(values: NDArray[Any], exponent: int) -> None:
    factor = 2.0**exponent
    first, second = describe(values), describe(values * factor)
    assert second.mean == first.mean * factor
    assert second.variance == first.variance * factor**2
    assert second.norm == pytest.approx(first.norm * factor)
    assert second.skew == pytest.approx(first.skew, nan_ok=True)
    assert second.kurtosis == pytest.approx(first.kurtosis, nan_ok=True)
    np.testing.assert_array_equal(second.quantiles, first.quantiles * factor)


@given(TAME)
def test_the_mirror_image_turns_the_skew_round(values: NDArray[Any]) -> None:
    first, second = describe(values), describe(-values)
    assert (second.mean, second.minimum, second.maximum) == (-first.mean, -first.maximum, -first.minimum)
    assert second.skew == pytest.approx(-first.skew, nan_ok=True)
    assert second.kurtosis == pytest.approx(first.kurtosis, nan_ok=True)
    np.testing.assert_allclose(second.quantiles, -first.quantiles[::-1], atol=1e-9)


@given(TAME)
def test_the_norm_is_made_of_mean_and_variance(values: NDArray[Any]) -> None:
    found = describe(values)
    assert found.norm**2 == pytest.approx(found.count * (found.variance + found.mean**2))


@given(TAME)
def test_values_that_are_not_finite_change_the_count_only(values: NDArray[Any]) -> None:
    spoiled = describe(np.concatenate([[np.nan, np.inf], values, [-np.inf]]))
    assert spoiled.count == len(values) + 3
    _same(Statistics(**{**vars(spoiled), "count": len(values)}), describe(values))
