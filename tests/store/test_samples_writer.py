from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from inspectree.logger.store.samples_writer import class_means, fitting_dims


def test_class_means_by_hand() -> None:
    means = class_means(np.array([[1, 2], [3, 4], [50, 60], [7, 7]]), np.array([2, 2, 0, -1]))
    assert {index: mean.tolist() for index, mean in means.items()} == {0: [50, 60], 2: [2, 3]}


def test_without_any_class_there_are_no_means() -> None:
    assert class_means(np.ones((2, 3)), np.array([-1, -1])) == {}


def test_a_value_that_is_not_finite_spoils_its_own_class_and_place_only() -> None:
    values = np.array([[1, np.nan], [np.inf, 4], [5, 6], [7, 8]], np.float32)
    means = class_means(values, np.array([0, 0, 1, 1]))
    np.testing.assert_array_equal(means[0], [np.inf, np.nan])
    np.testing.assert_array_equal(means[1], [6, 7])


CLASSES = st.lists(st.integers(-1, 3), min_size=12, max_size=12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.uint8, np.bool_])
@given(classes=CLASSES, data=st.data())
def test_numpy_finds_the_same(classes: list[int], dtype: Any, data: st.DataObject) -> None:
    elements = st.integers(0, 1 if dtype is np.bool_ else 200)
    values: NDArray[Any] = data.draw(arrays(np.int64, (12, 2, 3), elements=elements)).astype(dtype)
    means, indices = class_means(values, np.array(classes)), np.array(classes)
    assert set(means) == set(classes) - {-1}
    for index, mean in means.items():
        assert (mean.dtype, mean.shape) == (np.float32, (2, 3))
        np.testing.assert_allclose(mean, values[indices == index].mean(axis=0, dtype=np.float64), rtol=1e-5)


@pytest.mark.parametrize(
    ("shape", "known", "expected"),
    [
        ((5, 2), ("sample", "in"), ("sample", "in")),
        ((5,), (), ("sample",)),
        ((5, 2), (), ("sample", "unit")),
        ((5, 2, 3), ("sample",), ("sample", "dim_1", "dim_2")),
        ((5, 2, 3, 4), ("sample", "unit"), ("sample", "y", "x", "channel")),
    ],
)
def test_axis_names_that_do_not_fit_give_way(
    shape: tuple[int, ...], known: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert fitting_dims(np.zeros(shape), known) == expected
