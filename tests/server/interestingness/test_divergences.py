"""Divergences and distributions, beside SciPy on the same bins and on the values themselves."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial import distance

from inspectree.logger.statistics import describe
from inspectree.server.interestingness import DIVERGENCES
from inspectree.server.interestingness.distribution import Distribution, mixture, mixtures_of_others
from inspectree.server.interestingness.divergence import Divergence
from inspectree.server.interestingness.divergences.absolute import Absolute
from inspectree.server.interestingness.divergences.jensen_shannon import JensenShannon, common_edges
from inspectree.server.interestingness.divergences.kolmogorov_smirnov import KolmogorovSmirnov
from inspectree.server.interestingness.divergences.wasserstein import Wasserstein
from inspectree.server.interestingness.pooling import other_medians, others, typical

OF_DISTRIBUTIONS = [each for each in DIVERGENCES if each.of_distributions]

each_divergence = pytest.mark.parametrize("divergence", OF_DISTRIBUTIONS, ids=lambda each: each.name)
lists = st.lists(st.floats(-100, 100, width=16), min_size=1, max_size=40)


def seen(values: Any) -> Distribution:
    found = Distribution.of(describe(np.array(values, np.float64)))
    assert found is not None
    return found


def block(low: float, high: float) -> Distribution:
    """Return an even distribution."""
    return Distribution(np.array([low, high]), np.array([0.0, 1.0]), 10_000)


@pytest.mark.parametrize(
    ("first", "second", "jensen_shannon", "wasserstein", "kolmogorov_smirnov"),
    [
        (block(0, 1), block(0, 1), 0, 0, 0),
        (block(0, 1), block(5, 6), 1, 5, 1),
        (block(0, 1), block(0, 2), 0.3112781, 0.5, 0.5),
        (block(0, 2), block(1, 3), 0.5, 1, 0.5),
        (block(0, 4), block(1, 3), 0.3112781, 0.5, 0.25),
        (seen([0, 0]), seen([3, 3, 3]), 1, 3, 1),
    ],
)
def test_divergences_by_hand(
    first: Distribution,
    second: Distribution,
    jensen_shannon: float,
    wasserstein: float,
    kolmogorov_smirnov: float,
) -> None:
    """Half of [0, 1] in [0, 2]: ½·log₂(4/3) + ½·(½·log₂(2/3) + ½·log₂ 2) bits."""
    assert JensenShannon().between(first, second) == pytest.approx(jensen_shannon, abs=0.015)
    assert Wasserstein().between(first, second) == pytest.approx(wasserstein)
    assert KolmogorovSmirnov().between(first, second) == pytest.approx(kolmogorov_smirnov)


@pytest.fixture
def samples() -> tuple[Any, Any]:
    rng = np.random.default_rng(2)
    return rng.normal(size=20_000), rng.gamma(2, 0.7, size=30_000)


def test_wasserstein_and_ks_are_scipys_on_the_values(samples: tuple[Any, Any]) -> None:
    first, second = samples
    width = np.ptp(second) / 64
    found = Wasserstein().between(seen(first), seen(second))
    assert found == pytest.approx(stats.wasserstein_distance(first, second), abs=width / 10)
    found = KolmogorovSmirnov().between(seen(first), seen(second))
    assert found == pytest.approx(stats.ks_2samp(first, second).statistic, abs=0.02)


def test_jensen_shannon_is_scipys_in_the_same_bins(samples: tuple[Any, Any]) -> None:
    first, second = samples
    edges = np.array([-np.inf, *common_edges(seen(first), seen(second)), np.inf])
    shares = [np.histogram(each, edges)[0] / len(each) for each in samples]
    oracle = distance.jensenshannon(*shares, base=2) ** 2
    assert JensenShannon().between(seen(first), seen(second)) == pytest.approx(oracle, abs=0.005)


@each_divergence
@given(first=lists, second=lists)
def test_it_is_symmetric_never_negative_and_0_of_the_same(
    divergence: Divergence, first: list[float], second: list[float]
) -> None:
    one, other = seen(first), seen(second)
    there, back = divergence.between(one, other), divergence.between(other, one)
    assert there == pytest.approx(back, abs=1e-9)
    assert there >= 0
    assert divergence.between(one, one) == 0
    if divergence.name != "wasserstein":
        assert there <= 1


@given(lists, lists, st.floats(0.125, 8), st.floats(-50, 50))
def test_only_wasserstein_knows_the_scale(
    first: list[float], second: list[float], factor: float, offset: float
) -> None:
    assume(np.ptp(first) > 0.1 < np.ptp(second))
    pairs = [(seen(first), seen(second))]
    pairs.append((seen(np.array(first) * factor + offset), seen(np.array(second) * factor + offset)))
    moved = [Wasserstein().between(*pair) for pair in pairs]
    bin_width = factor * max(np.ptp(first), np.ptp(second)) / 64  # over whose edge rounding may move a value
    assert moved[1] == pytest.approx(moved[0] * factor, rel=1e-3, abs=1e-3 + bin_width)


def test_few_values_of_a_distribution_are_not_far_from_it() -> None:
    """64 bins would tell 20 normal values from a normal distribution by half a bit."""
    rng = np.random.default_rng(4)
    whole = seen(rng.normal(size=100_000))
    found = [JensenShannon().between(seen(rng.normal(size=20)), whole) for _ in range(50)]
    assert np.median(found) < 0.15


@pytest.mark.parametrize(
    ("first", "second", "difference"),
    [(1, 3, 2), (3, 1, 2), (0.1 + 0.2, 0.3, 0), (np.inf, np.inf, 0), (np.inf, 1, np.inf), (-2, 2, 4)],
)
def test_an_absolute_deviation_is_never_rounding(first: float, second: float, difference: float) -> None:
    assert Absolute().between(first, second) == difference


@given(st.lists(st.floats(-9, 9) | st.sampled_from([np.nan, np.inf, -np.inf]), max_size=12))
def test_the_median_of_the_others_is_numpys(numbers: list[float]) -> None:
    found = other_medians(np.array(numbers, float))
    for index, value in enumerate(found):
        rest = np.delete(np.array(numbers, float), index)
        rest = rest[np.isfinite(rest)]
        assert value == pytest.approx(np.median(rest) if len(rest) else np.nan, nan_ok=True)


def test_the_mixture_of_the_others_is_that_of_their_values() -> None:
    rng = np.random.default_rng(8)
    values = [rng.normal(loc, 1 + loc, size=4000) for loc in range(3)]
    found = mixtures_of_others([seen(each) for each in values])
    for index, each in enumerate(found):
        rest = seen(np.concatenate([other for at, other in enumerate(values) if at != index]))
        assert KolmogorovSmirnov().between(each, rest) < 0.02
        assert each.count == 8000


def test_many_distributions_are_mixed_at_as_many_points_as_are_enough() -> None:
    rng = np.random.default_rng(9)
    values = rng.normal(size=(200, 500)) * np.linspace(1, 5, 200)[:, None]
    mixed = mixture([seen(row) for row in values])
    assert len(mixed.points) <= 512
    assert KolmogorovSmirnov().between(mixed, seen(values.ravel())) < 0.03
    assert all(a <= b for a, b in pairwise(mixed.below))


def test_what_is_typical_of_nothing_is_nothing() -> None:
    assert np.isnan(typical([]))
    assert np.isnan(typical([np.nan, np.inf]))
    assert typical([np.nan, 3.0, np.inf]) == 3
    assert others([]) == []
    lone = seen([1, 2])
    assert np.isnan(others([lone, np.nan])[0])
    assert others([lone, np.nan])[1] is not lone
