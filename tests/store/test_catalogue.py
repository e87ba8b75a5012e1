"""A file tells at once what it holds: the same as all of it does when it is gone through."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
import pytest

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Tensor
from inspectree.logger.errors import StoreError
from inspectree.logger.header import Header
from inspectree.logger.store.catalogue import of_checkpoint
from inspectree.logger.store.opening import opened
from inspectree.logger.store.reader import CheckpointReader, ModelReader
from inspectree.logger.store.record import CheckpointRecord, LayerRecord, Output
from inspectree.logger.store.verifying import verify_checkpoint
from inspectree.logger.store.writer import ModelWriter


@pytest.fixture(scope="module")
def flattened(training: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> ModelReader:
    """Return a model whose first layer flattens its input, and so has none of its values itself."""
    shapes = {"image": (4, 4, 1), "flatten": (16,), "dense": (3,)}
    dims = {1: ("sample", "unit"), 3: ("sample", "y", "x", "channel")}
    nodes = tuple(
        Node(
            id=name,
            name=name,
            kind="input" if name == "image" else "layer",
            type="T",
            outputs=(Tensor(shape=(None, *shape), dtype="float32", dims=dims[len(shape)]),),
        )
        for name, shape in shapes.items()
    )
    edges = (Edge(source="image", target="flatten"), Edge(source="flatten", target="dense"))
    graph = ModelGraph(name="m", type="T", framework="none", nodes=nodes, edges=edges, outputs=("dense",))
    writer = ModelWriter(tmp_path_factory.mktemp("runs"), Header(id="flat", name="flat"))
    samples = training.samples()
    writer.start(graph, {}, samples)
    scores = np.random.default_rng(0).random((len(samples), 3), dtype=np.float32)
    layers = [
        LayerRecord("flatten", same_as="image"),
        LayerRecord("dense", {"activations": Output.of(scores)}),
    ]
    writer.checkpoint(CheckpointRecord(0, 0, 0, 0.0, {}, layers, {"dense": scores}))
    writer.finish()
    return ModelReader(writer.folder)


def test_a_layer_that_hands_its_input_on_has_the_inputs_values(
    flattened: ModelReader, training: SimpleNamespace
) -> None:
    checkpoint, images = flattened.checkpoint(0), training.samples().inputs["image"]
    flat = checkpoint.read("flatten/activations")
    np.testing.assert_array_equal(flat.values, images.reshape(len(images), 16))
    np.testing.assert_array_equal(checkpoint.read("image/activations").values, images)
    means = checkpoint.read("flatten/mean_class_activations")
    assert (means.dims, means.shape) == (("class", "unit"), (3, 16))
    first = images[training.samples().classes == 0].mean(axis=0).ravel()
    np.testing.assert_allclose(means.sel({"class": "zero"}).values, first, rtol=1e-6, atol=1e-7)
    assert checkpoint.statistics("flatten/activations").maximum == images.max()


@pytest.mark.parametrize("which", ["flattened", "logged", "compressed"])
def test_the_catalogue_tells_what_the_file_holds(which: str, request: pytest.FixtureRequest) -> None:
    model: ModelReader = request.getfixturevalue(which)
    for number in model.checkpoint_numbers():
        checkpoint = model.checkpoint(number)
        with opened(checkpoint.path, "checkpoint") as file:
            found = of_checkpoint(file, model.inputs)
        assert checkpoint.catalogue.entries == found.entries
        for path in found.statistics:
            told, known = checkpoint.statistics(path), found.statistics[path]
            assert told.as_record().tobytes() == known.as_record().tobytes()
        assert list(checkpoint.all_statistics) == list(found.statistics)


def test_a_catalogue_that_tells_something_else_is_damage(model: ModelReader) -> None:
    path = model.checkpoint(1).path
    with h5py.File(path, "r+") as file:
        text = file["catalogue/entries"][()].replace(b'"flatten"', b'"flattex"')
        file["catalogue/entries"][()] = text
    with pytest.raises(StoreError, match="its catalogue tells something else of flatten"):
        verify_checkpoint(model, path)


def test_statistics_that_are_told_otherwise_are_damage(model: ModelReader) -> None:
    path = model.checkpoint(1).path
    with h5py.File(path, "r+") as file:
        table = file["catalogue/statistics"][()]
        table["mean"][0] += 1
        file["catalogue/statistics"][()] = table
    with pytest.raises(StoreError, match="its catalogue tells other statistics"):
        verify_checkpoint(model, path)


def linked(file: h5py.File, name: str, other: Path) -> None:
    file[name] = h5py.ExternalLink(str(other), "secret")


def external(file: h5py.File, name: str, other: Path) -> None:
    with h5py.File(other) as secret:
        offset = secret["secret"].id.get_offset()
    where = [(str(other), offset, 30 * 3 * 4)]
    file.create_dataset(name, (30, 3), "f4", external=where).attrs["dims"] = ["sample", "unit"]


def virtual(file: h5py.File, name: str, other: Path) -> None:
    layout = h5py.VirtualLayout((30, 3), "f4")
    layout[:] = h5py.VirtualSource(str(other), "secret", (30, 3))
    file.create_virtual_dataset(name, layout)


@pytest.mark.parametrize("elsewhere", [linked, external, virtual])
def test_no_values_are_read_from_another_file(
    elsewhere: Callable[[h5py.File, str, Path], None], model: ModelReader, tmp_path: Path
) -> None:
    """Whoever writes a store must not be able to have other files of its reader told."""
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["secret"] = np.ones((30, 3), np.float32)
    path = model.checkpoint(1).path
    with h5py.File(path, "r+") as file:
        del file["layers/block/activations"]
        elsewhere(file, "layers/block/activations", secret)
    checkpoint = CheckpointReader(path, model)
    with pytest.raises(StoreError, match=r"is damaged: .*/layers/block/activations"):
        checkpoint.read("block/activations")
