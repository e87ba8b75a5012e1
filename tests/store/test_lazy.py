"""Reading one thing reads that thing: the rest of the file may be destroyed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspectree.logger.errors import StoreError
from inspectree.logger.store.reader import CheckpointReader, ModelReader


def _destroy(path: Path, node: str, *, keep: set[int] = frozenset(), axis: int = 0) -> None:  # type: ignore[assignment]  # an empty set
    """Overwrite the chunks of a dataset, but for those that begin at ``keep`` along ``axis``."""
    with h5py.File(path) as file:
        dataset = file[node].id
        chunks = [dataset.get_chunk_info(index) for index in range(dataset.get_num_chunks())]
    spoiled = [chunk for chunk in chunks if chunk.chunk_offset[axis] not in keep]
    assert spoiled
    with path.open("r+b") as raw:
        for chunk in spoiled:
            raw.seek(chunk.byte_offset)
            raw.write(bytes(chunk.size))


CONV = "layers/conv/activations"


def test_one_channel_is_read_without_the_others(model: ModelReader) -> None:
    checkpoint = model.checkpoint(1)
    whole = checkpoint.read("conv/activations")
    _destroy(checkpoint.path, CONV, keep={1}, axis=3)
    np.testing.assert_array_equal(checkpoint.read("conv/activations", {"channel": 1}), whole[..., 1])
    with pytest.raises(StoreError, match="is damaged"):
        checkpoint.read("conv/activations", {"channel": 0})


@pytest.mark.parametrize(
    "path", ["conv/mean_class_activations", "conv/double", "block/activations", "y_prediction"]
)
def test_other_variables_are_read_without_the_activations(path: str, model: ModelReader) -> None:
    checkpoint = model.checkpoint(1)
    whole = checkpoint.read(path)
    _destroy(checkpoint.path, CONV)
    np.testing.assert_array_equal(checkpoint.read(path), whole)


def test_statistics_shapes_and_the_catalogue_need_no_values(model: ModelReader) -> None:
    checkpoint = model.checkpoint(1)
    _destroy(checkpoint.path, CONV)
    assert checkpoint.entry("conv/activations").shape == (30, 96, 96, 2)
    assert checkpoint.entry("flatten/activations").shape == (30, 18432)
    assert checkpoint.lazy("flatten/activations").sizes == {"sample": 30, "unit": 18432}
    assert checkpoint.statistics("conv/activations").count == 30 * 96 * 96 * 2
    assert "conv/activations" in checkpoint.all_statistics


def test_some_samples_are_read_without_the_others(model: ModelReader) -> None:
    path = model.folder / "model.h5"
    with h5py.File(path, "r+") as file:
        values = file["data_samples/x"][()]
        del file["data_samples/x"]
        file.create_dataset("data_samples/x", data=values, chunks=(10, 96, 96, 1), compression="gzip")
        file["data_samples/x"].attrs["dims"] = ["sample", "y", "x", "channel"]
    _destroy(path, "data_samples/x", keep={10})
    reader = ModelReader(model.folder)
    np.testing.assert_array_equal(reader.read_samples("x", {"sample": [12, 19]}), values[[12, 19]])
    with pytest.raises(StoreError, match="is damaged"):
        reader.read_samples("x", {"sample": 20})


def test_nothing_is_read_before_it_is_needed(model: ModelReader) -> None:
    checkpoint = model.checkpoint(1)
    chosen = checkpoint.lazy("conv/activations").isel(channel=0, sample=slice(3, 9))
    assert chosen.shape == (6, 96, 96)
    checkpoint.path.unlink()
    with pytest.raises(StoreError, match=r"000001\.h5 does not exist$"):
        chosen.load()


def _indexers(size: int) -> st.SearchStrategy[Any]:
    positions = st.integers(-size, size - 1)
    return positions | st.lists(positions, max_size=4) | st.slices(size).filter(_xarray_reads(size))


def _xarray_reads(size: int) -> Callable[[slice], bool]:
    """Leave out what xarray itself fails at: backward slices without any element."""
    return lambda chosen: (chosen.step or 1) > 0 or len(range(size)[chosen]) > 0


PATHS = (
    "conv/activations",
    "flatten/activations",
    "folded/activations",
    "folded/mean_class_activations",
    "conv/double",
    "y_prediction",
)


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=30)
@given(data=st.data())
def test_choosing_before_reading_is_choosing_after_it(
    path: str, data: st.DataObject, logged: ModelReader
) -> None:
    """Positions, negative ones, slices with any step, lists with repetitions, on every axis."""
    checkpoint: CheckpointReader = logged.checkpoint(2)
    whole = checkpoint.read(path)
    chosen = {dim: data.draw(_indexers(size), label=str(dim)) for dim, size in whole.sizes.items()}
    read = checkpoint.read(path, chosen)
    assert read.identical(whole.isel(chosen))


def test_a_position_out_of_range_is_an_index_error(checkpoint: CheckpointReader) -> None:
    for path in ("conv/activations", "flatten/activations", "conv/mean_class_activations"):
        with pytest.raises(IndexError):
            checkpoint.read(path, {checkpoint.entry(path).dims[0]: 1000})
