"""Selection."""

from typing import Any

import numpy as np
import pytest
import xarray as xr

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec
from inspectree.server.grammar.pipeline import Pipeline, check, run


@pytest.fixture
def value() -> xr.DataArray:
    """Return 6 samples of the classes a, b, c, a, b, and none, of 4 units."""
    coords = {
        "sample": np.arange(6),
        "id": ("sample", [10, 11, 12, 13, 14, 15]),
        "class": ("sample", ["a", "b", "c", "a", "b", ""]),
        "predicted": ("sample", ["a", "a", "c", "b", "b", "a"]),
        "correct": ("sample", [True, False, True, False, True, False]),
    }
    array = xr.DataArray(np.arange(24).reshape(6, 4), dims=["sample", "unit"], coords=coords)
    array.coords["class"].attrs["labels"] = ("a", "b", "c", "d")
    return array


@pytest.mark.parametrize(
    ("fields", "samples"),
    [
        ({"class": ["a"]}, [0, 3]),
        ({"class": ["b", "c"]}, [1, 2, 4]),
        ({"class": ["d"]}, []),
        ({"class": []}, []),
        ({"predicted": ["a"]}, [0, 1, 5]),
        ({"correct": False}, [1, 3, 5]),
        ({"class": ["a"], "correct": False}, [3]),
        ({"label": {"id": [14, 10]}}, [0, 4]),
        ({"label": {"sample": [5]}}, [5]),
        ({"position": {"sample": [4, -6]}}, [4, 0]),
        ({"slice": {"sample": [1, None, 2]}}, [1, 3, 5]),
        ({"slice": {"sample": [-2, None]}, "class": ["b"]}, [4]),
        ({"random": {"sample": 9}}, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_what_fulfils_all_conditions_is_kept(
    value: xr.DataArray, fields: dict[str, Any], samples: list[int]
) -> None:
    (step,) = GRAMMAR.parse([{"op": "select", **fields}])
    result = step(value)
    assert result["sample"].values.tolist() == samples
    assert result.values.tolist() == value.values[samples].tolist()
    assert step.check(Spec.of(value)).sizes["sample"] >= len(samples)


def test_what_is_neither_right_nor_wrong_is_kept_by_neither(value: xr.DataArray) -> None:
    correct = np.array([True, False, None, False, None, True], dtype=object)
    value = value.assign_coords(correct=("sample", correct))
    for right, samples in ((True, [0, 5]), (False, [1, 3])):
        (step,) = GRAMMAR.parse([{"op": "select", "correct": right}])
        assert step(value)["sample"].values.tolist() == samples
    (step,) = GRAMMAR.parse([{"op": "select", "label": {"correct": [7]}}])
    with pytest.raises(PipelineError, match="no correct 7; they are False to True"):
        step(value)


def test_a_single_position_takes_its_dim_away(value: xr.DataArray) -> None:
    (step,) = GRAMMAR.parse([{"op": "select", "position": {"unit": -1}}])
    assert step(value).values.tolist() == [3, 7, 11, 15, 19, 23]


def test_a_dim_without_labels_is_labelled_by_its_positions(value: xr.DataArray) -> None:
    """And has these labels from then on, so that it stays known which ones were selected."""
    (step,) = GRAMMAR.parse([{"op": "select", "label": {"unit": [2, 3]}}])
    result = step(value)
    assert result.shape == (6, 2)
    assert result["unit"].values.tolist() == [2, 3]
    assert step.check(Spec.of(value)).coords == Spec.of(result).coords
    assert step(result).identical(result)


def test_random_ones_depend_on_the_seed_only(value: xr.DataArray) -> None:
    def chosen(seed: int) -> list[int]:
        (step,) = GRAMMAR.parse([{"op": "select", "random": {"sample": 3}, "seed": seed}])
        found: list[int] = step(value)["sample"].values.tolist()
        return found

    assert chosen(1) == chosen(1) == sorted(set(chosen(1)))
    assert len({tuple(chosen(seed)) for seed in range(20)}) > 5


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"class": ["bb"]}, "no class 'bb'; the nearest is b"),
        (
            {"label": {"epoch": [1]}},
            "no coordinate 'epoch'; there are sample, id, class, predicted, correct, unit",
        ),
        ({"position": {"unit": 4}}, "no position 4 along 'unit', which has 4"),
        ({"slice": {"y": [0, 1]}}, "no dim 'y'; this value has sample, unit"),
        ({"slice": {"unit": [0, 1, 0]}}, "the step of the slice along 'unit' is 0"),
        ({"slice": {"unit": [0, 1]}, "position": {"unit": 1}}, "a dim is named twice: unit, unit"),
        (
            {"position": {"sample": 1}, "class": ["a"]},
            "a single position along 'sample' leaves nothing more to select there",
        ),
    ],
)
def test_what_cannot_be_selected_is_refused(
    value: xr.DataArray, fields: dict[str, Any], message: str
) -> None:
    pipeline = GRAMMAR.parse([{"op": "select", **fields}])
    with pytest.raises(PipelineError) as error:
        checked_and_run(pipeline, value)
    assert str(error.value) == f"step 1 (select): {message}"


def checked_and_run(pipeline: Pipeline, value: xr.DataArray) -> None:
    check(pipeline, Spec.of(value))
    run(pipeline, value)


def test_a_single_position_leaves_what_is_known_of_it(value: xr.DataArray) -> None:
    """As labels without a dim, which the description before tells too."""
    (step,) = GRAMMAR.parse([{"op": "select", "position": {"sample": 2}}])
    result = step(value)
    assert (result.dims, result["class"].item()) == (("unit",), "c")
    assert step.check(Spec.of(value)).coords == Spec.of(result).coords
