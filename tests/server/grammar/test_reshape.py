"""Changing dims."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec
from inspectree.server.grammar.pipeline import run

VALUE = xr.DataArray(
    np.arange(12).reshape(2, 3, 2), dims=["sample", "y", "x"], coords={"class": ("sample", ["a", "b"])}
)


def test_flattening_keeps_the_order_and_what_is_known_of_each_value() -> None:
    (inner, everything) = GRAMMAR.parse(
        [{"op": "flatten", "dims": ["y", "x"]}, {"op": "flatten", "dims": VALUE.dims}]
    )
    assert inner(VALUE).dims == ("sample", "flat")
    assert inner(VALUE).values.tolist() == VALUE.values.reshape(2, 6).tolist()
    assert everything(VALUE)["class"].values.tolist() == ["a"] * 6 + ["b"] * 6
    assert everything(VALUE).values.tolist() == list(range(12))


def test_transposing_is_numpys() -> None:
    (step,) = GRAMMAR.parse([{"op": "transpose", "dims": ["x", "sample", "y"]}])
    assert step(VALUE).values.tolist() == VALUE.values.transpose(2, 0, 1).tolist()


def test_a_new_name_is_the_name_of_the_labels_too() -> None:
    (step,) = GRAMMAR.parse(
        [{"op": "rename", "names": {"sample": "image", "class": "true", "x": "y", "y": "x"}}]
    )
    result = step(VALUE)
    assert result.dims == ("image", "x", "y")
    assert result["true"].dims == ("image",)
    assert step.check(Spec.of(VALUE)) == Spec.of(result)


@given(st.permutations(VALUE.dims), st.integers(1, 3))
def test_unstacking_by_sizes_undoes_flattening(dims: list[str], count: int) -> None:
    flat, sizes = dims[:count], {dim: VALUE.sizes[dim] for dim in dims[:count]}
    pipeline = GRAMMAR.parse(
        [
            {"op": "flatten", "dims": flat},
            {"op": "unstack", "dim": "flat", "sizes": sizes},
            {"op": "transpose", "dims": VALUE.dims},
        ]
    )
    assert run(pipeline, VALUE).values.tolist() == VALUE.values.tolist()


def test_unstacking_by_coordinates_by_hand() -> None:
    """Combinations that do not occur are NaN; classes have their own order; who has none is left out."""
    coords = {
        "class": ("sample", ["a", "b", "a", ""]),
        "turn": ("sample", [1, 1, 2, 1]),
    }
    value = xr.DataArray([[1, 2, 3, 4]], dims=["unit", "sample"], coords=coords)
    value.coords["class"].attrs["labels"] = ("b", "a")
    (step,) = GRAMMAR.parse([{"op": "unstack", "dim": "sample", "by": ["class", "turn"]}])
    result = step(value)
    assert result.dims == ("unit", "class", "turn")
    assert (result["class"].values.tolist(), result["turn"].values.tolist()) == (["b", "a"], [1, 2])
    np.testing.assert_array_equal(result.values, [[[2, np.nan], [1, 3]]])
    told = step.check(Spec.of(value))
    assert (told.coords, told.dtype) == (Spec.of(result).coords, result.dtype)


@given(arrays(np.int8, st.integers(1, 12), elements=st.integers(0, 3), unique=False))
def test_xarray_unstacks_the_same(numbers: Any) -> None:
    """Where the turn of each label makes all combinations different."""
    turns = pd.Series(numbers).groupby(numbers).cumcount().to_numpy()
    value = xr.DataArray(
        np.arange(len(numbers)),
        dims=["sample"],
        coords={"number": ("sample", numbers), "turn": ("sample", turns)},
    )
    (step,) = GRAMMAR.parse([{"op": "unstack", "dim": "sample", "by": ["number", "turn"]}])
    expected = value.astype(float).set_index(sample=["number", "turn"]).unstack("sample")
    xr.testing.assert_equal(step(value), expected)


def test_what_is_there_twice_cannot_be_unstacked() -> None:
    value = xr.DataArray([1, 2], dims=["sample"], coords={"class": ("sample", ["a", "a"])})
    (step,) = GRAMMAR.parse([{"op": "unstack", "dim": "sample", "by": ["class"]}])
    with pytest.raises(PipelineError) as error:
        step(value)
    assert str(error.value) == "several positions share their class: unstack by more"


def test_unstacking_has_one_way() -> None:
    with pytest.raises(PipelineError) as error:
        GRAMMAR.parse([{"op": "unstack", "dim": "sample"}])
    assert str(error.value) == (
        "step 1 (unstack): name either the new dims' 'sizes' or the coordinates ('by') that become dims"
    )


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (
            {"op": "rename", "names": {"z": "depth"}},
            "no dim or coordinate 'z'; there are sample, y, x, class",
        ),
        ({"op": "rename", "names": {"x": "class"}}, "'class' would be there twice"),
        ({"op": "unstack", "dim": "y", "sizes": {"a": 2, "b": 2}}, "2 × 2 is not 3, the size of 'y'"),
        ({"op": "unstack", "dim": "y", "sizes": {"x": 3}}, "'x' is there already; rename it first"),
        ({"op": "unstack", "dim": "y", "by": ["class"]}, "coordinate 'class' does not lie along 'y'"),
        ({"op": "flatten", "dims": ["y"], "into": "x"}, "'x' is there already; name the new dim otherwise"),
        ({"op": "flatten", "dims": ["z"]}, "no dim 'z'; this value has sample, y, x"),
        ({"op": "transpose", "dims": ["x", "y"]}, "must name all dims; left out: sample"),
    ],
)
def test_what_does_not_fit_is_refused(step: dict[str, object], message: str) -> None:
    (made,) = GRAMMAR.parse([step])
    with pytest.raises(PipelineError) as error:
        made.check(Spec.of(VALUE))
    assert str(error.value) == message
