"""What was written is read back."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inspectree.logger.errors import StoreError
from inspectree.logger.store.reader import CheckpointReader, ModelReader
from inspectree.logger.store.record import LayerRecord

FLOAT16 = 2**-11


def test_a_model_is_what_was_written(logged: ModelReader, training: SimpleNamespace) -> None:
    assert logged.header.model_dump(include={"id", "name", "parents"}) == {
        "id": "model", "name": "name of model", "parents": (),
    }  # fmt: skip
    assert logged.graph == training.graph()
    assert logged.hyperparameters == {"rate": 0.1}
    assert logged.class_names == training.CLASSES
    assert (logged.state, logged.error) == ("finished", None)
    assert logged.checkpoint_numbers() == [0, 1, 2]


def test_the_history_is_what_was_written(logged: ModelReader) -> None:
    lines = [(line["epoch"], line["step"], line["seconds"], line["metrics"]) for line in logged.history()]
    assert lines == [(n, 10 * n, 0.5, {"loss": 1 / (n + 1)}) for n in range(3)]


def test_the_samples_are_what_was_written(logged: ModelReader, training: SimpleNamespace) -> None:
    samples = training.samples()
    assert set(logged.samples()) == {"x", "y_label", "id", "class"}
    for name, values in (
        ("x", samples.inputs["image"]),
        ("y_label", samples.labels["block"]),
        ("id", samples.ids),
        ("class", samples.classes),
    ):
        read = logged.read_samples(name)
        assert (read.dtype, read.dims[0]) == (values.dtype, "sample")
        np.testing.assert_array_equal(read.values, values)
    assert logged.read_samples("x").dims == training.SPATIAL


def test_chosen_samples(logged: ModelReader, training: SimpleNamespace) -> None:
    images = training.samples().inputs["image"]
    chosen = logged.read_samples("x", {"sample": [2, 5], "y": slice(1, 3)})
    np.testing.assert_array_equal(chosen.values, images[[2, 5], 1:3])


def test_samples_that_do_not_exist_are_told_with_those_that_do(logged: ModelReader) -> None:
    with pytest.raises(StoreError, match=r"^.*model\.h5 has no samples 'z'; it has class, id, x, y_label$"):
        logged.read_samples("z")


@pytest.mark.parametrize("number", [0, 2])
def test_a_checkpoint_says_when_it_was(number: int, logged: ModelReader) -> None:
    checkpoint = logged.checkpoint(number)
    assert (checkpoint.number, checkpoint.step, checkpoint.epoch) == (number, 10 * number, number)
    assert checkpoint.time == f"2023-11-14T22:13:2{number}.500000+00:00"
    assert checkpoint.metrics.pop("loss") == 1 / (number + 1)
    np.testing.assert_equal(checkpoint.metrics, {"broken": np.nan, "huge": -np.inf})


def test_what_a_checkpoint_holds(checkpoint: CheckpointReader) -> None:
    layers = ("conv", "flatten", "folded", "block", "block/dense%2F1")
    kernels = {f"conv/{name}" for name in ("half", "float", "double", "integer", "flag")}
    values = {f"{layer}/{name}" for layer in layers for name in ("activations", "mean_class_activations")}
    inputs = {"image/activations", "image/mean_class_activations"}
    assert set(checkpoint.entries) == kernels | values | inputs | {"y_prediction"}


@pytest.mark.parametrize("name", ["half", "float", "double", "integer", "flag"])
def test_weights_are_equal_bit_for_bit(
    name: str, checkpoint: CheckpointReader, training: SimpleNamespace
) -> None:
    """float16 is read as float32, which holds it exactly."""
    written = training.record(1).layers[0].weights[name]
    entry, read = checkpoint.entry(f"conv/{name}"), checkpoint.read(f"conv/{name}").values
    assert entry.stored == written.dtype.name
    assert read.astype(written.dtype).tobytes() == written.tobytes()
    assert entry.dtype == read.dtype == ("float32" if name == "half" else written.dtype)
    assert checkpoint.read(f"conv/{name}").dims == ("in", "out")


def _values(layer: LayerRecord) -> NDArray[Any]:
    return layer.outputs["activations"].values


def _activations(training: SimpleNamespace) -> dict[str, NDArray[Any]]:
    conv, _, _, block, dense = training.record(1).layers
    return {
        "conv": _values(conv),
        "flatten": _values(conv).reshape(training.COUNT, -1),
        "folded": _values(conv).reshape(training.COUNT, 2, 4, 4),
        "block": _values(block),
        "block/dense%2F1": _values(dense),
    }


@pytest.mark.parametrize("layer", ["conv", "flatten", "folded", "block", "block/dense%2F1"])
def test_activations_are_equal_within_the_rounding(
    layer: str, checkpoint: CheckpointReader, training: SimpleNamespace
) -> None:
    written, read = _activations(training)[layer], checkpoint.read(f"{layer}/activations")
    assert read.dtype == np.float32
    assert checkpoint.entry(f"{layer}/activations").stored == "float16"
    np.testing.assert_allclose(read.values, written, rtol=FLOAT16, atol=6e-8)


@pytest.mark.parametrize("layer", ["conv", "flatten", "folded", "block", "block/dense%2F1"])
def test_class_means_are_those_of_the_unrounded_values(
    layer: str, checkpoint: CheckpointReader, training: SimpleNamespace
) -> None:
    written, classes = _activations(training)[layer].astype(np.float64), training.samples().classes
    read = checkpoint.read(f"{layer}/mean_class_activations")
    assert read.dtype == np.float32
    assert tuple(read["class"].values) == training.CLASSES
    expected = np.stack([written[classes == index].mean(axis=0) for index in range(3)])
    np.testing.assert_allclose(read.values, expected, rtol=1e-6, atol=1e-7)


def test_predictions_are_not_rounded(checkpoint: CheckpointReader, training: SimpleNamespace) -> None:
    np.testing.assert_array_equal(checkpoint.read("y_prediction"), training.record(1).predictions["block"])


def test_samples_carry_their_ids_and_classes(checkpoint: CheckpointReader, training: SimpleNamespace) -> None:
    samples, predicted = training.samples(), training.record(1).predictions["block"].argmax(axis=1)
    names = np.array([*training.CLASSES, ""])
    read = checkpoint.read("block/activations")
    np.testing.assert_array_equal(read["id"], samples.ids)
    np.testing.assert_array_equal(read["class"], names[samples.classes])
    np.testing.assert_array_equal(read["predicted"], names[predicted])
    known = samples.classes >= 0
    np.testing.assert_array_equal(read["correct"][known], (predicted == samples.classes)[known])
    assert read["correct"].values[~known].tolist() == [None]
    assert read["class"].values[-1] == ""


def test_statistics_are_those_of_the_values_as_they_are_read(
    checkpoint: CheckpointReader, training: SimpleNamespace
) -> None:
    found = checkpoint.all_statistics
    assert found.keys() == {
        path for path, e in checkpoint.entries.items() if e.kind in {"weights", "activations"}
    }
    for layer in _activations(training):
        values = checkpoint.read(f"{layer}/activations").values
        alone = checkpoint.statistics(f"{layer}/activations")
        assert alone.mean == found[f"{layer}/activations"].mean == pytest.approx(values.mean(dtype=float))
        assert alone.maximum == values.max()
    assert found["conv/double"].minimum == training.record(1).layers[0].weights["double"].min()


@pytest.mark.parametrize("path", ["conv/kernel", "", "conv", "con/activations"])
def test_what_a_checkpoint_does_not_hold_is_told(path: str, checkpoint: CheckpointReader) -> None:
    for read in (checkpoint.entry, checkpoint.read, checkpoint.statistics):
        with pytest.raises(StoreError, match=rf"^checkpoint 1 of .*model holds no '{path}'$"):
            read(path)


def test_what_has_no_statistics_is_told(checkpoint: CheckpointReader) -> None:
    with pytest.raises(StoreError, match=r"^.*000001\.h5 holds no statistics of 'y_prediction'$"):
        checkpoint.statistics("y_prediction")


def test_a_checkpoint_that_does_not_exist_is_told(logged: ModelReader) -> None:
    with pytest.raises(StoreError, match=r"^.*000007\.h5 does not exist$"):
        logged.checkpoint(7)


def test_a_model_that_does_not_exist_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"^.*nothing/model\.h5 does not exist$"):
        ModelReader(tmp_path / "nothing")


def test_names_that_begin_with_a_dot_are_no_checkpoints(model: ModelReader) -> None:
    for name in (".000007.h5.0a1b2c3d.tmp", ".000008.h5", "notes.h5", "000009.txt"):
        (model.folder / "checkpoints" / name).touch()
    assert model.checkpoint_numbers() == [0, 1]


def test_a_store_may_be_moved(model: ModelReader, tmp_path: Path) -> None:
    """Links within a store do not say where it is."""
    moved = shutil.move(model.folder.parent.parent, tmp_path / "elsewhere")
    reader = ModelReader(Path(moved) / "models" / "model")
    np.testing.assert_array_equal(
        reader.checkpoint(1).read("image/activations").values, reader.read_samples("x").values
    )


def test_reading_while_another_process_writes(
    tmp_path: Path, started: Callable[..., Any], training: SimpleNamespace
) -> None:
    """Each checkpoint that can be seen is whole, and stays as it is."""
    seen: dict[int, str] = {}
    folder = tmp_path / "models" / "model"
    with started(tmp_path, "model", 15, 12) as process:
        ended = False
        while not ended:
            ended = process.poll() is not None
            if not (folder / "model.h5").exists():
                continue
            reader = ModelReader(folder)
            assert reader.state in {"training", "finished"} or process.poll() is not None
            epochs = [line["epoch"] for line in reader.history()]
            assert epochs == list(range(len(epochs)))
            for number in set(reader.checkpoint_numbers()) - set(seen):
                checkpoint = reader.checkpoint(number)
                kernel = training.record(number, 12).layers[0].weights["double"]
                np.testing.assert_array_equal(checkpoint.read("conv/double"), kernel)
                checkpoint.read("conv/activations")
                seen[number] = hashlib.sha256(checkpoint.path.read_bytes()).hexdigest()
    assert process.returncode == 0
    assert set(seen) == set(range(15))
    for number, digest in seen.items():
        assert hashlib.sha256(reader.checkpoint(number).path.read_bytes()).hexdigest() == digest
