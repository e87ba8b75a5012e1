"""Comparisons of two values, and the units of analysis that they are with."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial import distance

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec
from inspectree.server.grammar.compare import Compare, related
from inspectree.server.grammar.similarity import linear_cka
from inspectree.server.uoa import UnitOfAnalysis

RNG = np.random.default_rng(3)
Comparing = Callable[..., xr.DataArray]


def array(*shape: int, dims: tuple[str, ...] = ("sample", "unit"), **coords: Any) -> xr.DataArray:
    values = RNG.normal(size=shape)
    return xr.DataArray(values, dims=dims[: len(shape)], coords=coords)


def test_a_difference_is_by_position(compare: Comparing) -> None:
    one, other = (xr.DataArray(values, dims=["unit"]) for values in ([5, 7], [1.5, 10]))
    assert compare(one, other, "difference").values.tolist() == [3.5, -3]


def test_what_is_labelled_alike_belongs_together(compare: Comparing) -> None:
    one = xr.DataArray([1.0, 2, 3], coords={"sample": [4, 5, 6]})
    other = xr.DataArray([10.0, 20], coords={"sample": [6, 4]})
    result = compare(one, other, "difference")
    assert result["sample"].values.tolist() == [4, 6]
    assert result.values.tolist() == [1 - 20, 3 - 10]


def test_a_difference_to_what_lacks_a_dim_is_to_each_position(compare: Comparing) -> None:
    one, other = array(3, 4), array(4, dims=("unit",))
    np.testing.assert_array_equal(compare(one, other, "difference").values, one.values - other.values)


def test_labels_that_occur_twice_have_no_pairs(compare: Comparing) -> None:
    one = xr.DataArray([1.0, 2], coords={"class": ["a", "a"]})
    with pytest.raises(PipelineError, match="labels of 'class' occur more than once, so there are no pairs"):
        compare(one, one.assign_coords({"class": ["a", "b"]}), "difference")


def test_positions_that_do_not_fit_are_refused_before() -> None:
    (step,) = GRAMMAR.parse([{"op": "difference", "to": "@first"}])
    assert isinstance(step, Compare)
    with pytest.raises(PipelineError) as error:
        step.check_pair(Spec.of(array(3, 4)), Spec.of(array(3, 5)))
    assert str(error.value) == "dim 'unit' has 4 positions in one and 5 in the other"


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_scipy_gives_the_same_correlation(compare: Comparing, method: str) -> None:
    one, other = array(20, 3), array(20, 3)
    one[0, 0], other[1, 1] = np.nan, np.inf
    values = compare(one, other, "correlation", method=method, over=["sample"]).values
    function = {"pearson": stats.pearsonr, "spearman": stats.spearmanr}[method]
    for unit in range(3):
        known = np.isfinite(one.values[:, unit]) & np.isfinite(other.values[:, unit])
        expected = function(one.values[known, unit], other.values[known, unit]).statistic
        np.testing.assert_allclose(values[unit], expected, rtol=1e-12)


def test_what_does_not_vary_has_no_correlation(compare: Comparing) -> None:
    assert np.isnan(compare(array(4, 2) * 0, array(4, 2), "correlation"))


def test_scipy_gives_the_same_cosine(compare: Comparing) -> None:
    one, other = array(5, 4), array(5, 4)
    values = compare(one, other, "cosine", over=["unit"]).values
    expected = [1 - distance.cosine(a, b) for a, b in zip(one.values, other.values, strict=True)]
    np.testing.assert_allclose(values, expected)


def test_cka_is_the_definition_with_centred_kernels(compare: Comparing) -> None:
    """HSIC(K, L) / √(HSIC(K, K) · HSIC(L, L)) with K = XXᵀ and L = YYᵀ, centred by H."""
    one, other = array(7, 3), array(7, 9)
    centre = np.eye(7) - 1 / 7
    k, l = (centre @ (x.values @ x.values.T) @ centre for x in (one, other))  # noqa: E741 - the paper's name
    expected = np.trace(k @ l) / np.sqrt(np.trace(k @ k) * np.trace(l @ l))
    np.testing.assert_allclose(compare(one, other, "cka"), expected)


def test_cka_does_not_see_rotations_and_scales_of_features(compare: Comparing) -> None:
    one = array(30, 4)
    rotation = np.linalg.qr(RNG.normal(size=(4, 4)))[0]
    np.testing.assert_allclose(compare(one, one.copy(data=one.values @ rotation * 3), "cka"), 1)


@given(st.integers(2, 12), st.integers(1, 20), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_both_forms_of_cka_are_equal(samples: int, left: int, right: int, seed: int) -> None:
    """Of few samples it is made from kernels, of few features from covariances."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(samples, left)), rng.normal(size=(samples, right))
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    expected = np.linalg.norm(y.T @ x) ** 2 / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y))
    np.testing.assert_allclose(linear_cka(x, y), expected)


def test_cka_of_layers_of_any_dims_is_one_number_per_kept_position(compare: Comparing) -> None:
    one = array(2, 6, 3, dims=("checkpoint", "sample", "unit"))
    other = array(6, 5, dims=("sample", "channel"))
    with pytest.raises(PipelineError, match="no dim 'unit'"):
        GRAMMAR.parse([{"op": "cka", "to": "@first", "over": ["unit"]}])[0].check_pair(
            Spec.of(one), Spec.of(other)
        )
    other = other.rename(channel="unit")
    values = compare(one, other, "cka", over=["unit"])
    assert values.dims == ("checkpoint",)
    np.testing.assert_allclose(values[1], compare(one[1], other, "cka"))


@pytest.mark.parametrize("method", ["pearson", "spearman"])
def test_units_correlate_with_one_another(method: str) -> None:
    value = array(20, 3, unit=[10, 20, 30])
    (step,) = GRAMMAR.parse([{"op": "correlate", "dim": "unit", "method": method}])
    result = step(value)
    assert isinstance(result, xr.DataArray)
    assert result.dims == ("unit", "other_unit")
    assert result["other_unit"].values.tolist() == [10, 20, 30]
    expected = value.to_pandas().corr(method=method)
    np.testing.assert_allclose(result.values, expected)


SHAPES = st.tuples(st.integers(1, 30), st.integers(1, 30), st.integers(0, 2**32 - 1))


@given(SHAPES)
def test_distances_are_those_of_the_cumulative_distributions(shapes: tuple[int, int, int]) -> None:
    rng = np.random.default_rng(shapes[2])
    one, other = (xr.DataArray(rng.normal(size=n).round(1), dims=["x"]) for n in shapes[:2])
    ops = {
        "wasserstein": stats.wasserstein_distance(one, other),
        "kolmogorov_smirnov": max(
            abs((one <= at).mean().item() - (other <= at).mean().item())
            for at in [*one.values, *other.values]
        ),
    }
    for op, expected in ops.items():
        (step,) = GRAMMAR.parse([{"op": op, "to": "@first"}])
        assert isinstance(step, Compare)
        np.testing.assert_allclose(step.compared(one, other), expected, atol=1e-12)


def test_divergences_of_histograms_by_hand(compare: Comparing) -> None:
    """Two bins from 0 to 1: all of p lies in the first one, of q half in each."""
    p, q = (xr.DataArray(values, dims=["x"]) for values in ([0.0, 0.1], [0.2, 1.0]))
    assert compare(p, q, "kl", bins=2) == 1
    assert compare(q, p, "kl", bins=2) == np.inf
    expected = 0.5 * np.log2(1 / 0.75) + 0.5 * (0.5 * np.log2(0.5 / 0.75) + 0.5 * np.log2(0.5 / 0.25))
    np.testing.assert_allclose(compare(p, q, "jensen_shannon", bins=2), expected)


def test_divergences_per_position_share_their_edges(compare: Comparing) -> None:
    one, other = array(40, 3), array(25, 3)
    values = compare(one, other, "jensen_shannon", bins=5, over=["sample"]).values
    edges = np.histogram_bin_edges(np.concatenate([one.values.ravel(), other.values.ravel()]), 5)
    for unit in range(3):
        p, q = (np.histogram(each.values[:, unit], edges)[0] for each in (one, other))
        np.testing.assert_allclose(values[unit], distance.jensenshannon(p, q, base=2) ** 2)


@pytest.mark.parametrize("op", ["kl", "jensen_shannon", "wasserstein", "kolmogorov_smirnov", "cka", "cosine"])
def test_nothing_is_compared_with_nothing(compare: Comparing, op: str) -> None:
    """What is not finite is left out; of nothing it is NaN."""
    nothing = array(3, 2) * np.nan
    assert np.isnan(compare(nothing, array(3, 2), op))


def test_a_range_that_holds_no_bins_is_refused(compare: Comparing) -> None:
    one = xr.DataArray([1.0, np.nextafter(1, 2)], dims=["x"])
    with pytest.raises(PipelineError, match="the values' range is too narrow or too wide for 64 bins"):
        compare(one, one, "kl")


@pytest.mark.parametrize(
    ("to", "other"),
    [
        ("@first", "a@first/conv/kernel#2"),
        ("@3", "a@3/conv/kernel#2"),
        ("b", "b/conv/kernel#2"),
        ("b@best", "b@best/conv/kernel#2"),
        ("b@2/dense/bias", "b@2/dense/bias"),
    ],
)
def test_what_is_named_in_short_is_the_same_unit_there(to: str, other: str) -> None:
    assert str(related(to, UnitOfAnalysis.parse("a@1/conv/kernel#2"))) == other


@pytest.mark.parametrize(
    ("to", "message"),
    [
        ("@lats", "step 1 (cosine): to: '@lats': 'lats' is no checkpoint: write a number, last, first, best"),
        ("a//b", "step 1 (cosine): to: 'a//b' has an empty name between two slashes"),
    ],
)
def test_what_is_no_address_is_refused(to: str, message: str) -> None:
    with pytest.raises(PipelineError) as error:
        GRAMMAR.parse([{"op": "cosine", "to": to}])
    assert str(error.value) == message


def test_only_a_store_knows_the_other() -> None:
    (step,) = GRAMMAR.parse([{"op": "cosine", "to": "@first"}])
    with pytest.raises(PipelineError, match="only a store can tell what '@first' stands for"):
        step(array(2, 2))
