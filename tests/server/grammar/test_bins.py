"""Bins of other kinds: of pairs, by number, smooth, and of positions that are alike."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.stats import gaussian_kde
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris
from threadpoolctl import threadpool_limits

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec

NAN, INF = np.nan, np.inf
ARRAYS = arrays(np.float32, st.integers(1, 30), elements=st.floats(-1e3, 1e3, width=16))
PAIRS = arrays(
    np.float32,
    array_shapes(min_dims=2, max_dims=2).map(lambda s: (s[0], 2)),
    elements=st.floats(-9, 9, width=16),
)


def done(value: Any, op: str, **fields: Any) -> xr.DataArray:
    (step,) = GRAMMAR.parse([{"op": op, **fields}])
    array = value if isinstance(value, xr.DataArray) else xr.DataArray(value, dims=["sample"])
    step.check(Spec.of(array))
    return step(array)


def test_the_bin_of_each_value_by_hand() -> None:
    """The last bin is closed; what is outside or not finite is in none."""
    values = [0.0, 1, 2, 4, NAN, INF]
    assert done(values, "digitise", bins=4).values.tolist() == [0, 1, 2, 3, -1, -1]
    assert done(values, "digitise", bins=2, range=[1, 3]).values.tolist() == [-1, 0, 1, -1, -1, -1]
    assert done(values, "digitise", edges=[1, 1.5, 4]).values.tolist() == [-1, 0, 1, 1, -1, -1]


@given(values=ARRAYS, bins=st.integers(1, 40))
def test_the_histogram_counts_the_bins(values: Any, bins: int) -> None:
    found = done(values, "digitise", bins=bins).values
    assert np.bincount(found, minlength=bins).tolist() == done(values, "histogram", bins=bins).values.tolist()


@given(values=ARRAYS, edges=st.lists(st.integers(-50, 50), min_size=2, unique=True).map(sorted))
def test_pandas_cuts_at_the_same_edges(values: Any, edges: list[int]) -> None:
    assume(edges[-1] not in values)  # where the last bin of pandas is open
    expected = pd.cut(values, edges, right=False, labels=False)
    assert done(values, "digitise", edges=edges).values.tolist() == np.nan_to_num(expected, nan=-1).tolist()


def test_pairs_of_two_units_by_hand() -> None:
    value = xr.DataArray([[0.0, 7, 0], [1, 7, 1], [1, 7, 0], [NAN, 7, 1]], dims=["sample", "unit"])
    result = done(value, "histogram2d", along="unit", of=[0, -1], bins=[2, 2])
    assert result.dims == ("first", "second")
    assert result.values.tolist() == [[1, 0], [1, 1]]
    assert result["first_left"].values.tolist() == [0, 0.5]
    assert result["second_right"].values.tolist() == [0.5, 1]


@given(values=PAIRS, bins=st.tuples(st.integers(1, 9), st.integers(1, 9)))
def test_numpy_counts_the_same_pairs(values: Any, bins: tuple[int, int]) -> None:
    value = xr.DataArray(values, dims=["sample", "unit"])
    result = done(value, "histogram2d", along="unit", bins=bins)
    wide = values.astype(np.float64)
    edges = [np.histogram_bin_edges(values[:, i], bins[i]) for i in range(2)]
    expected, *_ = np.histogram2d(wide[:, 0], wide[:, 1], edges)
    assert result.values.tolist() == expected.tolist()


def test_values_against_a_coordinate_by_class() -> None:
    """The cells are the same ones for every class."""
    coords = {"epoch": ("sample", [0, 1, 2, 3]), "class": ("sample", ["a", "b", "a", "b"])}
    value = xr.DataArray([[0.0, 1], [2, 3], [4, 5], [6, 8]], dims=["sample", "unit"], coords=coords)
    result = done(value, "histogram2d", against="epoch", bins=[2, 2], by=["class"])
    assert result.dims == ("class", "first", "second")
    assert result.values.tolist() == [[[2, 0], [0, 2]], [[2, 0], [0, 2]]]
    assert result["first_right"].values.tolist() == [1.5, 3]


def test_scipy_estimates_the_same_density() -> None:
    values = np.random.default_rng(0).normal(size=300)
    result = done(values, "density", points=20)
    points = np.linspace(values.min(), values.max(), 20)
    np.testing.assert_allclose(result["at"], points, atol=1e-12)
    np.testing.assert_allclose(result.values, gaussian_kde(values)(points), rtol=1e-6)
    narrow = done(values, "density", points=20, bandwidth=0.1)
    np.testing.assert_allclose(narrow.values, gaussian_kde(values, 0.1)(points), rtol=1e-6)
    ruled = done(values, "density", points=20, bandwidth="silverman")
    np.testing.assert_allclose(ruled.values, gaussian_kde(values, "silverman")(points), rtol=1e-6)


@given(values=ARRAYS)
def test_the_density_of_all_numbers_is_1(values: Any) -> None:
    assume(np.unique(values).size > 1)
    spread = 20 * values.astype(float).std()
    ends = [float(values.min() - spread), float(values.max() + spread)]
    density = done(values, "density", points=400, range=ends)
    assert float(density.integrate("at")) == pytest.approx(1, abs=0.02)


def test_what_does_not_vary_has_no_density() -> None:
    value = xr.DataArray([1.0, 1, 2, 3, INF], dims=["sample"], coords={"class": ("sample", list("aabbb"))})
    result = done(value, "density", points=3, by=["class"])
    assert result["at"].values.tolist() == [1, 2, 3]
    assert np.isnan(result.sel({"class": "a"})).all()
    assert (result.sel({"class": "b"}) > 0).all()


def test_of_very_many_values_a_random_part_is_used_and_the_answer_says_so() -> None:
    values = np.random.default_rng(0).normal(size=2_000)
    (step,) = GRAMMAR.parse([{"op": "density", "most": 500, "points": 9}])
    value = xr.DataArray(values, dims=["sample"])
    np.testing.assert_allclose(step(value), done(value, "density", points=9), atol=0.1)
    assert step.notes(value) == ("density: 500 of up to 2,000 values were used, chosen at random (seed 0)",)
    assert step.notes(value[:500]) == ()


def test_what_is_alike_has_the_same_number_by_hand() -> None:
    """The largest cluster is number 0; what is not finite is in none."""
    value = xr.DataArray([[9.0, 9], [0, 0], [0, 1], [NAN, 0], [1, 0]], dims=["sample", "unit"])
    assert done(value, "cluster", dim="sample", k=2).values.tolist() == [1, 0, 0, -1, 0]
    assert done(value, "cluster", dim="sample", k=99).values.max() == 3
    assert done(value, "cluster", dim="unit", k=1).values.tolist() == [-1, 0]


def test_scikit_learn_finds_the_same_clusters() -> None:
    """But for their numbers."""
    points = load_iris().data
    found = done(xr.DataArray(points, dims=["sample", "unit"]), "cluster", dim="sample", k=3).values
    expected = KMeans(3, n_init=10, random_state=1).fit_predict(points)
    assert len({*zip(found.tolist(), expected.tolist(), strict=True)}) == 3
    assert (np.diff(np.bincount(found)) <= 0).all()


def test_clusters_of_a_part_take_in_the_others_and_the_answer_says_so() -> None:
    points = np.concatenate([np.zeros((300, 2)), np.ones((200, 2))])
    value = xr.DataArray(points, dims=["sample", "unit"])
    (step,) = GRAMMAR.parse([{"op": "cluster", "dim": "sample", "k": 2}])
    capped = step.capped(50)
    assert capped(value).values.tolist() == [0] * 300 + [1] * 200
    assert capped.notes(value) == (
        "cluster: made from 50 of 500 positions along 'sample', chosen at random (seed 0)",
    )
    assert step.notes(value) == ()


def test_clusters_do_not_depend_on_the_number_of_threads() -> None:
    points = np.random.default_rng(0).normal(size=(900, 3))
    found = []
    for threads in (1, 2, 3):
        with threadpool_limits(threads):
            result = done(xr.DataArray(points, dims=["sample", "unit"]), "cluster", dim="sample", k=20)
            found.append(result.values.tolist())
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"op": "histogram2d", "along": "y"}, "no dim 'y'; this value has sample, unit"),
        ({"op": "histogram2d", "along": "unit", "of": [0, 2]}, "no position 2 along 'unit', which has 2"),
        ({"op": "histogram2d", "against": "class"}, "needs a coordinate of numbers; 'class' holds text"),
        ({"op": "cluster", "dim": "y", "k": 2}, "no dim 'y'; this value has sample, unit"),
    ],
)
def test_what_does_not_fit_is_refused(step: dict[str, Any], message: str) -> None:
    (made,) = GRAMMAR.parse([step])
    value = xr.DataArray(np.zeros((2, 2)), {"class": ("sample", ["a", "b"])}, ["sample", "unit"])
    with pytest.raises(PipelineError) as error:
        made.check(Spec.of(value))
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"op": "digitise", "edges": [1, 0]}, "edges must ascend, but 0.0 comes after 1.0"),
        ({"op": "histogram2d"}, "name either a dim ('along') or a coordinate ('against')"),
        (
            {"op": "density", "range": [2, 1]},
            "range must be two finite numbers, the lower one first, not [2.0, 1.0]",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(step: dict[str, Any], message: str) -> None:
    with pytest.raises(PipelineError) as error:
        GRAMMAR.parse([step])
    assert str(error.value) == f"step 1 ({step['op']}): {message}"
