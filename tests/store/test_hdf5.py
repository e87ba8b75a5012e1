from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from inspectree.logger.store.hdf5 import in_memory, set_attributes, write_array, write_rounded
from inspectree.logger.store.layout import COMPRESS_FROM


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[h5py.File]:
    with h5py.File(tmp_path_factory.mktemp("hdf5") / "file.h5", "w") as file:
        yield file


@pytest.fixture
def group(file: h5py.File, request: pytest.FixtureRequest) -> h5py.Group:
    return file.create_group(request.node.name)


NUMBERS = ["?", "i1", "u2", "i8", "f2", "f4", "f8"]


@given(
    values=st.sampled_from(NUMBERS).flatmap(lambda dtype: arrays(dtype, array_shapes(min_dims=0, min_side=0)))
)
def test_every_array_comes_back_bit_for_bit(values: NDArray[Any], file: h5py.File) -> None:
    """Empty arrays, arrays without axes, NaN and infinities too."""
    file.pop("any", None)
    dims = [f"dim_{axis}" for axis in range(values.ndim)]
    dataset = write_array(file, "any", values, dims)
    assert (dataset.dtype, dataset.shape, list(dataset.attrs["dims"])) == (values.dtype, values.shape, dims)
    assert dataset[()].tobytes() == values.tobytes()


def test_text_comes_back(group: h5py.Group) -> None:
    dataset = write_array(group, "text", np.array(["ä", "", "long " * 20]), ["sample"])
    assert dataset.asstr()[()].tolist() == ["ä", "", "long " * 20]


@pytest.mark.parametrize("dtype", [ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2])
def test_types_that_hdf5_lacks_are_float32_and_say_what_they_were(dtype: Any, group: h5py.Group) -> None:
    values = np.array([0.5, -2, 3], dtype)
    dataset = write_array(group, "foreign", values, ["unit"])
    assert (dataset.dtype, dataset.attrs["dtype"]) == (np.float32, np.dtype(dtype).name)
    assert dataset[()].astype(dtype).tobytes() == values.tobytes()


def test_names_stay_one_part_of_the_path(group: h5py.Group) -> None:
    write_array(group, "a/b", np.zeros(1), ["unit"])
    assert list(group) == ["a%2Fb"]


def test_small_arrays_are_stored_as_they_are_and_large_ones_compressed(group: h5py.Group) -> None:
    small = write_array(group, "small", np.zeros(COMPRESS_FROM // 4 - 1, np.float32), ["unit"])
    large = write_array(group, "large", np.zeros(COMPRESS_FROM // 4, np.float32), ["unit"])
    assert small.chunks is None
    assert large.id.get_storage_size() < small.id.get_storage_size()
    assert not large[()].any()


@pytest.mark.parametrize(
    ("shape", "dims", "axis"),
    [
        ((1000, 512), ("sample", "unit"), 1),
        ((200, 16, 16, 32), ("sample", "y", "x", "channel"), 3),
        ((200, 32, 16, 16), ("sample", "channel", "y", "x"), 1),
        ((200, 50, 64), ("sample", "time", "unit"), 2),
    ],
)
def test_a_chunk_holds_few_features_for_many_samples(
    shape: tuple[int, ...], dims: tuple[str, ...], axis: int, group: h5py.Group
) -> None:
    chunks = write_array(group, "values", np.zeros(shape, np.float32), dims).chunks
    assert chunks[axis] < shape[axis]
    assert chunks[0] >= min(shape[0], 64)
    assert np.prod(chunks) * 4 <= 1024 * 1024


# rounding

HALF = float(np.finfo(np.float16).max)


def _written(group: h5py.Group, values: NDArray[Any], precision: str = "float16") -> h5py.Dataset:
    write_rounded(group, "activations", values, ["sample"], precision)
    return group["activations"]


def test_values_say_how_they_were_rounded(group: h5py.Group) -> None:
    dataset = _written(group, np.array([0.1, 1000.3], np.float32))
    attributes = {name: dataset.attrs[name] for name in ("precision", "captured", "relative_error")}
    assert attributes == {"precision": "float16", "captured": "float32", "relative_error": 2**-11}
    np.testing.assert_allclose(dataset[()], [0.1, 1000.3], rtol=2**-11)


@pytest.mark.parametrize("extreme", [HALF * 1.001, -70_000, 1e30])
@pytest.mark.parametrize("beside", [0, np.nan, np.inf])
def test_a_value_beyond_float16_keeps_the_layer_in_float32(
    extreme: float, beside: float, group: h5py.Group
) -> None:
    values = np.array([extreme, beside, 0.1], np.float32)
    dataset = _written(group, values)
    assert (dataset.dtype, dataset.attrs["relative_error"]) == (np.float32, 0)
    np.testing.assert_array_equal(dataset[()], values)


NORMAL = float(np.finfo(np.float16).smallest_normal)
SMALL = 3e-9


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([SMALL, -SMALL, 2 * SMALL], np.float32),
        ([SMALL, 1e-6, 0.5], np.float32),
        ([SMALL, -SMALL, 0.5, 0.5], np.float16),
        ([SMALL, 0.5, 0, 0, 0], np.float16),
        ([SMALL, 0, 0, 0, np.nan, np.inf], np.float32),
        ([-NORMAL, NORMAL], np.float16),
        ([0.999 * NORMAL], np.float32),
        ([0, -0.0], np.float16),
        ([np.nan, np.inf], np.float16),
        ([SMALL, SMALL, 1e5], np.float32),
    ],
)
@pytest.mark.parametrize("captured", [np.float32, np.float64])
def test_where_most_values_but_0_are_too_small_for_float16_they_stay_in_float32(
    values: list[float], dtype: Any, captured: Any, group: h5py.Group
) -> None:
    """float16 begins to lose digits below 6.1e-5, and everything below 3e-8."""
    given = np.array(values, captured)
    dataset = _written(group, given)
    assert (dataset.dtype, dataset.attrs["captured"]) == (dtype, given.dtype.name)
    np.testing.assert_array_equal(dataset[()], given.astype(dtype))


@pytest.mark.parametrize("values", [[1e300], [-1e300, np.nan], [1e-300], [np.inf, 1e39]])
@pytest.mark.parametrize("precision", ["float16", "float32"])
def test_what_float32_cannot_hold_either_stays_as_it_is(
    values: list[float], precision: str, group: h5py.Group
) -> None:
    dataset = _written(group, np.array(values), precision)
    assert (dataset.dtype, dataset.attrs["relative_error"]) == (np.float64, 0)
    np.testing.assert_array_equal(dataset[()], values)


def test_values_that_are_not_finite_survive_the_rounding(group: h5py.Group) -> None:
    dataset = _written(group, np.array([np.nan, np.inf, -np.inf, HALF, -0.0], np.float32))
    assert dataset.dtype == np.float16
    np.testing.assert_array_equal(dataset[()], np.array([np.nan, np.inf, -np.inf, HALF, -0.0]))


@pytest.mark.parametrize("dtype", [np.float16, np.int32, np.bool_, np.uint8])
def test_what_need_not_be_rounded_is_not(dtype: Any, group: h5py.Group) -> None:
    dataset = _written(group, np.array([0, 1, 1], dtype))
    assert (dataset.dtype, dataset.attrs["relative_error"]) == (np.dtype(dtype), 0)


def test_the_full_precision_may_be_asked_for(group: h5py.Group) -> None:
    values = np.array([0.1, 1e5], np.float32)
    np.testing.assert_array_equal(_written(group, values, "float32")[()], values)


def test_without_values_there_is_nothing_to_round(group: h5py.Group) -> None:
    assert _written(group, np.zeros((0,), np.float32)).shape == (0,)


# files


def test_a_file_is_written_when_the_block_has_succeeded(tmp_path: Path) -> None:
    path = tmp_path / "file.h5"
    with in_memory(path) as file:
        file["a"] = 1
        assert not path.exists()
    with in_memory(tmp_path / "next.h5", path) as file:
        file["b"] = 2
    with h5py.File(tmp_path / "next.h5") as file:
        assert {name: int(file[name][()]) for name in file} == {"a": 1, "b": 2}
    with h5py.File(path) as file:
        assert list(file) == ["a"]


def test_a_block_that_fails_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyError), in_memory(tmp_path / "file.h5") as file:
        file["not there"]
    assert list(tmp_path.iterdir()) == []


def test_attributes_that_hdf5_lacks_are_json(group: h5py.Group) -> None:
    set_attributes(group, {"shape": (1, 2), "map": {"a": float("nan")}, "text": "t", "names": ["a", "b"]})
    assert (group.attrs["shape"], group.attrs["map"], group.attrs["text"]) == ("[1, 2]", '{"a": "NaN"}', "t")
    assert list(group.attrs["names"]) == ["a", "b"]
