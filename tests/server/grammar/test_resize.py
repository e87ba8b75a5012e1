"""Bringing dims to other sizes, against SciPy and Pillow."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image
from scipy import ndimage

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec

ARRAYS = arrays(
    np.float32, array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.floats(-100, 100, width=16)
)


def resized(values: Any, op: str, **fields: Any) -> xr.DataArray:
    (step,) = GRAMMAR.parse([{"op": op, **fields}])
    value = values if isinstance(values, xr.DataArray) else xr.DataArray(values, dims=["y", "x"])
    step.check(Spec.of(value))
    return step(value)


def test_blocks_are_as_even_as_possible_by_hand() -> None:
    """Five positions in two blocks: two and three."""
    values = [[1.0, 3, 0, 6, np.nan], [np.inf, np.nan, np.nan, np.nan, -np.inf]]
    assert resized(values, "pool", sizes={"x": 2}).values[0].tolist() == [2, 3]
    assert resized(values, "pool", sizes={"x": 2}, method="max").values[0].tolist() == [3, 6]
    assert resized(values, "pool", sizes={"x": 2}, method="min").values[0].tolist() == [1, 0]
    assert np.isnan(resized(values, "pool", sizes={"x": 2}).values[1]).all()


@given(values=ARRAYS, size=st.integers(1, 9), method=st.sampled_from(["mean", "max", "min"]))
def test_scipy_reduces_the_same_blocks(values: Any, size: int, method: str) -> None:
    size = min(size, values.shape[1])
    starts = [i * values.shape[1] // size for i in range(size)]
    blocks = np.searchsorted(starts, np.arange(values.shape[1]), side="right")
    oracle = {"mean": ndimage.mean, "max": ndimage.maximum, "min": ndimage.minimum}[method]
    expected = [oracle(row.astype(np.float64), blocks, np.unique(blocks)) for row in values]
    result = resized(values, "pool", sizes={"x": size}, method=method)
    np.testing.assert_allclose(result.values, np.array(expected), rtol=1e-9, atol=1e-9)


@given(values=ARRAYS)
def test_one_block_is_a_reduction(values: Any) -> None:
    (mean,) = GRAMMAR.parse([{"op": "mean"}])
    pooled = resized(values, "pool", sizes={"x": 1})
    np.testing.assert_allclose(pooled.mean(), mean(xr.DataArray(values)), rtol=1e-9, atol=1e-9)


def test_images_grow_and_shrink_by_hand() -> None:
    values = [[0.0, 10.0]]
    assert resized(values, "resize", sizes={"x": 4}).values.tolist() == [[0, 0, 10, 10]]
    assert resized(values, "resize", sizes={"x": 4}, method="linear").values.tolist() == [[0, 2.5, 7.5, 10]]
    assert resized(values, "resize", sizes={"x": 1}, method="linear").values.tolist() == [[5]]
    assert (
        resized([[7.0]], "resize", sizes={"x": 3, "y": 2}, method="linear").values.tolist() == [[7] * 3] * 2
    )


@given(values=ARRAYS, y=st.integers(1, 12), x=st.integers(1, 12))
def test_pillow_takes_the_same_nearest_positions(values: Any, y: int, x: int) -> None:
    for old, new in zip(values.shape, (y, x), strict=True):  # between two positions Pillow takes either
        assume(all((2 * i + 1) * old % (2 * new) for i in range(new)) or new == old)
    image = Image.fromarray(values).resize((x, y), Image.Resampling.NEAREST)
    assert resized(values, "resize", sizes={"y": y, "x": x}).values.tolist() == np.asarray(image).tolist()


@given(values=ARRAYS, times=st.integers(1, 4))
def test_a_multiple_of_the_size_repeats_every_value(values: Any, times: int) -> None:
    larger = resized(values, "resize", sizes={"y": values.shape[0] * times})
    assert larger.values.tolist() == np.repeat(values, times, axis=0).tolist()


@given(values=ARRAYS, factors=st.tuples(st.integers(1, 4), st.integers(1, 4)))
def test_scipy_interpolates_the_same(values: Any, factors: tuple[int, int]) -> None:
    sizes = {dim: n * k for dim, n, k in zip("yx", values.shape, factors, strict=True)}
    expected = ndimage.zoom(values.astype(float), factors, order=1, mode="nearest", grid_mode=True)
    result = resized(values.astype(float), "resize", sizes=sizes, method="linear")
    np.testing.assert_allclose(result.values, expected, rtol=1e-9, atol=1e-6)


@given(values=ARRAYS, method=st.sampled_from(["nearest", "linear"]))
def test_the_same_size_changes_nothing(values: Any, method: str) -> None:
    sizes = dict(zip("yx", values.shape, strict=True))
    assert resized(values, "resize", sizes=sizes, method=method).values.tolist() == values.tolist()


def test_what_is_not_finite_stays_where_it_is() -> None:
    result = resized([[np.nan, 1.0, np.inf]], "resize", sizes={"x": 3}, method="linear")
    np.testing.assert_array_equal(result.values, [[np.nan, 1, np.inf]])


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"op": "pool", "sizes": {"x": 4}}, "dim 'x' has only 3 positions; to enlarge it, resize"),
        ({"op": "resize", "sizes": {"z": 4}}, "no dim 'z'; this value has y, x"),
    ],
)
def test_what_does_not_fit_is_refused(step: dict[str, Any], message: str) -> None:
    (made,) = GRAMMAR.parse([step])
    with pytest.raises(PipelineError) as error:
        made.check(Spec.of(xr.DataArray(np.zeros((2, 3)), dims=["y", "x"])))
    assert str(error.value) == message


def test_of_nothing_no_other_size_can_be_made() -> None:
    with pytest.raises(PipelineError) as error:
        resized(np.zeros((2, 0)), "resize", sizes={"x": 3})
    assert str(error.value) == "nothing is left along dim 'x'"
