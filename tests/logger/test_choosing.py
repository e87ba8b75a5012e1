import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from inspectree.logger.choosing import allot, choose_rows, find_classes
from inspectree.logger.errors import SamplesError

class_sizes = st.lists(st.integers(1, 200), min_size=1, max_size=12).map(np.array)


def _found(*labels: NDArray[np.generic]) -> tuple[list[int] | None, tuple[str, ...]]:
    classes, names = find_classes({str(index): values for index, values in enumerate(labels)})
    return (None if classes is None else classes.tolist()), names


def test_integers_are_classes() -> None:
    assert _found(np.array([2, 0, 2])) == ([2, 0, 2], ("0", "1", "2"))


def test_integers_in_a_column_are_classes() -> None:
    assert _found(np.array([[1], [0]])) == ([1, 0], ("0", "1"))


def test_minus_one_is_no_class() -> None:
    assert _found(np.array([-1, 1])) == ([-1, 1], ("0", "1"))


def test_one_hot_rows_are_classes() -> None:
    assert _found(np.eye(3, dtype=np.float32)[[2, 0]]) == ([2, 0], ("0", "1", "2"))


def test_zeros_and_ones_are_two_classes_even_if_one_is_missing() -> None:
    assert _found(np.array([0.0, 0.0])) == ([0, 0], ("0", "1"))
    assert _found(np.array([True, False])) == ([1, 0], ("0", "1"))


@pytest.mark.parametrize(
    "labels",
    [
        np.array([0.5, 1.5]),
        np.array([[1, 1, 0], [0, 1, 0]]),
        np.array([[0.5, 0.5]]),
        np.zeros((2, 4, 4), int),
        np.array([-7, 3]),
        np.array([3, 250_000]),
        np.array(["cat", "dog"]),
    ],
    ids=["continuous", "multi-label", "soft", "per pixel", "negative", "quantities", "text"],
)
def test_other_labels_hold_no_classes(labels: NDArray[np.generic]) -> None:
    assert _found(labels) == (None, ())


def test_no_labels_no_classes() -> None:
    assert _found() == (None, ())


def test_the_first_labels_with_classes_count() -> None:
    assert _found(np.array([0.3, 0.7]), np.array([1, 0])) == ([1, 0], ("0", "1"))


def test_class_names_replace_numbers() -> None:
    _, names = find_classes({"y": np.array([0, 1])}, ["cat", "dog", "fox"])
    assert names == ("cat", "dog", "fox")


def test_class_names_tell_the_order_of_labels_that_are_names() -> None:
    classes, names = find_classes({"y": np.array([["fox"], ["cat"]])}, ["cat", "dog", "fox"])
    assert classes is not None
    assert (classes.tolist(), names) == ([2, 0], ("cat", "dog", "fox"))


@pytest.mark.parametrize(
    ("labels", "names", "message"),
    [
        ([0, 3], ["a", "b"], "class_names has 2 names, but the labels have 4 classes"),
        ([0, 1], ["a", ""], "class_names holds an empty name: give every class one"),
        ([0, 1], ["a", "a"], "class_names holds a name twice: a, a"),
        (["a", "c"], ["a", "b"], "the labels hold 'c', which class_names does not"),
        (
            [0.5, 1.5],
            ["a", "b"],
            "class_names were given, but no labels with a class per sample: integers, names or one-hot rows",
        ),
    ],
)
def test_class_names_that_do_not_fit_are_refused(labels: list[Any], names: list[str], message: str) -> None:
    with pytest.raises(SamplesError, match=f"^{re.escape(message)}$"):
        find_classes({"y": np.array(labels)}, names)


def test_six_places_for_classes_of_8_3_1() -> None:
    """One each, then the three left over go 2.33 : 0.67 : 0 by what else the classes have."""
    assert allot(np.array([8, 3, 1]), 6).tolist() == [3, 2, 1]


@given(class_sizes, st.data())
def test_shares_are_fair(sizes: NDArray[np.int64], data: st.DataObject) -> None:
    """All places are given, none twice; every class gets one if it can; larger classes get no less."""
    places = data.draw(st.integers(1, int(sizes.sum())))
    shares = allot(sizes, places)
    assert shares.sum() == places
    assert (shares <= sizes).all()
    assert (shares >= (1 if places >= len(sizes) else 0)).all()
    larger = sizes[:, None] > sizes[None, :]
    assert (shares[:, None] - shares[None, :] >= -1)[larger].all()


@given(class_sizes, st.integers(1, 300), st.integers(0, 5))
def test_chosen_rows_are_stratified(sizes: NDArray[np.int64], at_most: int, seed: int) -> None:
    classes = np.repeat(np.arange(len(sizes)), sizes)
    rows = choose_rows(len(classes), at_most, classes, seed)
    assert len(rows) == min(at_most, len(classes))
    assert (np.diff(rows) > 0).all()
    if at_most < len(classes):
        counts = np.bincount(classes[rows], minlength=len(sizes))
        assert counts.tolist() == allot(sizes, at_most).tolist()


@given(st.integers(1, 500), st.integers(1, 100), st.integers(0, 5))
def test_without_classes_rows_are_chosen_once_and_in_order(count: int, at_most: int, seed: int) -> None:
    rows = choose_rows(count, at_most, None, seed)
    assert len(rows) == min(count, at_most)
    assert (np.diff(rows) > 0).all()
    assert rows.tolist() == choose_rows(count, at_most, None, seed).tolist()


def test_another_seed_chooses_other_rows() -> None:
    assert choose_rows(1000, 10, None, 0).tolist() != choose_rows(1000, 10, None, 1).tolist()
