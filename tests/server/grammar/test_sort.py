"""Ordering the positions of a dim, and keeping the best ones."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec

ARRAYS = arrays(np.float64, array_shapes(min_dims=2, max_dims=2), elements=st.integers(-3, 3).map(float))


def done(value: xr.DataArray, op: str, **fields: Any) -> xr.DataArray:
    (step,) = GRAMMAR.parse([{"op": op, **fields}])
    assert step.check(Spec.of(value)).coords.keys() == step(value).coords.keys()
    return step(value)


@pytest.fixture
def value() -> xr.DataArray:
    """Return four samples, one without a class, of three units; the second unit varies most."""
    coords = {
        "sample": [0, 1, 2, 3],
        "class": ("sample", ["a", "", "b", "a"]),
        "correct": ("sample", np.array([True, None, False, True], dtype=object)),
    }
    values = [[0.0, 9, 1], [0, -9, 2], [0, 9, np.nan], [1, -9, 4]]
    array = xr.DataArray(values, dims=["sample", "unit"], coords=coords)
    array.coords["class"].attrs["labels"] = ("b", "a")
    return array


def test_the_positions_with_the_highest_score_by_hand(value: xr.DataArray) -> None:
    """Where a dim has no labels, its positions become labels, so that it stays known which they are."""
    best = done(value, "top", dim="unit", score="var", k=2)
    assert best["unit"].values.tolist() == [1, 2]
    assert best.isel(unit=0).values.tolist() == [9, -9, 9, -9]
    least = done(value, "top", dim="unit", score="var", k=2, lowest=True)
    assert least["unit"].values.tolist() == [0, 2]


def test_a_score_of_nan_is_never_among_the_best() -> None:
    value = xr.DataArray([[np.nan, 1.0, 2.0]], dims=["sample", "unit"])
    assert done(value, "top", dim="unit", k=3)["unit"].values.tolist() == [2, 1]


def test_what_has_only_this_dim_is_scored_by_its_own_values() -> None:
    assert done(xr.DataArray([3.0, 5.0, 4.0], dims=["unit"]), "top", dim="unit", k=2).values.tolist() == [
        5,
        4,
    ]


@pytest.mark.parametrize(
    ("fields", "samples"),
    [
        ({"by": "class"}, [2, 0, 3, 1]),
        ({"by": "class", "descending": True}, [0, 3, 2, 1]),
        ({"by": "correct"}, [2, 0, 3, 1]),
        ({"by": "sample", "descending": True}, [3, 2, 1, 0]),
        ({"score": "max"}, [1, 3, 0, 2]),
    ],
)
def test_samples_in_order_by_hand(value: xr.DataArray, fields: dict[str, Any], samples: list[int]) -> None:
    """Classes have their own order; what has none comes last, also downwards."""
    result = done(value, "sort", dim="sample", **fields)
    assert result["sample"].values.tolist() == samples
    np.testing.assert_array_equal(result.values, value.values[samples])


@given(values=ARRAYS, descending=st.booleans())
def test_a_stable_sort_of_the_scores_gives_the_same(values: Any, descending: bool) -> None:
    value = xr.DataArray(values, dims=["sample", "unit"])
    result = done(value, "sort", dim="unit", score="sum", descending=descending)
    keys = values.sum(axis=0) * (-1 if descending else 1)
    assert result["unit"].values.tolist() == np.argsort(keys, kind="stable").tolist()


@given(values=ARRAYS, k=st.integers(1, 5))
def test_the_top_ones_are_the_first_of_all_in_order(values: Any, k: int) -> None:
    value = xr.DataArray(values, dims=["sample", "unit"])
    everything = done(value, "sort", dim="sample", score="norm", descending=True)
    assert done(value, "top", dim="sample", score="norm", k=k).identical(everything.isel(sample=slice(k)))


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"op": "top", "dim": "y"}, "no dim 'y'; this value has sample, unit"),
        ({"op": "sort", "dim": "unit", "by": "class"}, "coordinate 'class' lies along 'sample', not 'unit'"),
        ({"op": "sort", "dim": "unit", "by": "klass"}, "no coordinate 'klass'; the nearest is class"),
    ],
)
def test_what_does_not_fit_is_refused(value: xr.DataArray, step: dict[str, Any], message: str) -> None:
    (made,) = GRAMMAR.parse([step])
    with pytest.raises(PipelineError) as error:
        made.check(Spec.of(value))
    assert str(error.value) == message


@pytest.mark.parametrize("fields", [{}, {"by": "class", "score": "mean"}])
def test_sorting_has_one_criterion(fields: dict[str, str]) -> None:
    with pytest.raises(PipelineError) as error:
        GRAMMAR.parse([{"op": "sort", "dim": "sample", **fields}])
    assert str(error.value) == "step 1 (sort): name either a coordinate ('by') or a 'score' to sort by"
