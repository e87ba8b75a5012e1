"""What is in the files, compared with a forward pass of the reloaded model by Keras itself."""

from collections.abc import Iterator
from typing import Any

import h5py
import hdf5plugin  # noqa: F401 - lets h5py read compressed datasets
import keras
import numpy as np
import pytest

from inspectree.logger.store.reader import CheckpointReader

LAYERS = ("first", "normal", "second", "joined", "dropped", "flat", "hidden", "scores")
FLOAT16 = 2**-11


@pytest.fixture(scope="module", params=[0, 1, 2])
def checkpoint(request: pytest.FixtureRequest, logged: Any) -> CheckpointReader:
    reader: CheckpointReader = logged.reader.checkpoint(request.param)
    return reader


@pytest.fixture(scope="module")
def reloaded(checkpoint: CheckpointReader, logged: Any) -> Any:
    return keras.models.load_model(
        logged.reader.folder / "saved" / f"{checkpoint.number:06d}.keras", compile=False
    )


@pytest.fixture(scope="module")
def outputs(reloaded: Any, logged: Any) -> dict[str, Any]:
    """Return every layer's output, from Keras' own sub-model."""
    layers = keras.Model(reloaded.inputs, {name: reloaded.get_layer(name).output for name in LAYERS})
    return {name: np.asarray(value) for name, value in layers.predict(logged.x, verbose=0).items()}


def test_there_is_one_before_training_and_one_per_epoch(logged: Any) -> None:
    reader = logged.reader
    assert reader.checkpoint_numbers() == [0, 1, 2]
    checkpoints = [reader.checkpoint(number) for number in range(3)]
    assert [(c.step, c.epoch) for c in checkpoints] == [(0, 0), (3, 1), (6, 2)]
    assert checkpoints[0].metrics == {}
    assert [c.metrics["loss"] for c in checkpoints[1:]] == logged.history["loss"]


@pytest.mark.parametrize("layer", LAYERS)
def test_activations_are_those_of_the_reloaded_model(
    layer: str, checkpoint: CheckpointReader, outputs: dict[str, Any]
) -> None:
    stored = checkpoint.read(f"{layer}/activations")
    assert stored.dims[0] == "sample"
    np.testing.assert_allclose(stored.values, outputs[layer], rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("layer", LAYERS)
def test_class_means_are_those_of_the_unrounded_activations(
    layer: str, checkpoint: CheckpointReader, outputs: dict[str, Any], logged: Any
) -> None:
    stored = checkpoint.read(f"{layer}/mean_class_activations")
    expected = [outputs[layer][logged.y == index].mean(axis=0, dtype=np.float32) for index in range(3)]
    assert stored.dtype == np.float32
    assert stored.coords["class"].values.tolist() == ["0", "1", "2"]
    np.testing.assert_allclose(stored.values, expected, rtol=1e-5, atol=1e-6)


def test_predictions_are_those_of_the_model(checkpoint: CheckpointReader, reloaded: Any, logged: Any) -> None:
    stored = checkpoint.read("y_prediction")
    np.testing.assert_allclose(stored.values, reloaded.predict(logged.x, verbose=0), rtol=1e-5, atol=1e-6)


def test_weights_are_equal_bit_for_bit(checkpoint: CheckpointReader, reloaded: Any) -> None:
    stored = {path for path, entry in checkpoint.entries.items() if entry.kind == "weights"}
    expected = {
        f"{layer.name}/{weight.name}": np.asarray(keras.ops.convert_to_numpy(weight.value))
        for layer in reloaded.layers
        for weight in layer.weights
    }
    assert stored == set(expected)
    for path, values in expected.items():
        np.testing.assert_array_equal(checkpoint.read(path).values, values)


def test_the_rounding_is_the_one_that_is_stated(checkpoint: CheckpointReader) -> None:
    with h5py.File(checkpoint.path) as file:
        dataset = file["layers/hidden/activations"]
        assert dataset.dtype == np.float16
        assert dataset.attrs["captured"] == "float32"
        assert dataset.attrs["relative_error"] == FLOAT16


def test_layers_that_change_nothing_are_links(checkpoint: CheckpointReader) -> None:
    with h5py.File(checkpoint.path) as file:
        links = {name: file["layers"][name].get("activations", getlink=True) for name in LAYERS}
    linked = {name: link.path for name, link in links.items() if isinstance(link, h5py.SoftLink)}
    assert linked == dict.fromkeys(("dropped", "flat"), "/layers/joined/activations")


def test_the_samples_are_stored_once_and_found_from_everywhere(logged: Any) -> None:
    np.testing.assert_array_equal(logged.reader.read_samples("x").values, logged.x)
    np.testing.assert_array_equal(logged.reader.read_samples("class").values, logged.y)
    with h5py.File(logged.reader.checkpoint(1).path) as file:
        np.testing.assert_array_equal(file["data_samples/x"], logged.x)
        np.testing.assert_array_equal(file["layers/image/activations"], logged.x)


def _datasets(group: Any) -> Iterator[Any]:
    for name in group:
        if isinstance(group.get(name, getlink=True), h5py.HardLink):
            yield from _datasets(group[name]) if isinstance(group[name], h5py.Group) else [group[name]]


def test_every_dataset_names_its_axes(checkpoint: CheckpointReader) -> None:
    with h5py.File(checkpoint.path) as file:
        for dataset in _datasets(file):
            assert len(dataset.attrs["dims"]) == dataset.ndim, dataset.name


def test_the_history_has_a_line_per_epoch(logged: Any) -> None:
    lines = logged.reader.history()
    assert [(line["epoch"], line["step"]) for line in lines] == [(1, 3), (2, 6)]
    assert [line["metrics"]["accuracy"] for line in lines] == logged.history["accuracy"]
    assert all(line["seconds"] > 0 for line in lines)
