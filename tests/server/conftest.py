"""Small real stores: written by the logger's own writer, with models made by hand instead of trained."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from hypothesis import settings

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Tensor, Variable
from inspectree.logger.header import Header
from inspectree.logger.store.layout import checkpoint_file
from inspectree.logger.store.record import CheckpointRecord, LayerRecord, Output, Samples
from inspectree.logger.store.writer import ModelWriter, State
from inspectree.server import Store, open_store
from inspectree.server.api.app import create_app
from inspectree.server.api.serving import serving as serving_at

settings.register_profile("inspectree", deadline=None)  # machines may be slow, and busy with other tests
settings.load_profile("inspectree")

ROOT = "aaaa0000-root"
CHILD = "bbbb0000-child"
CLASSES = ("zero", "one", "two")
COUNT = 30


def layer(id_: str, type_: str, shape: tuple[int, ...], kind: str = "layer", **more: Any) -> Node:
    """Return a node whose output has the usual axis names."""
    dims = {1: ("sample", "unit"), 3: ("sample", "y", "x", "channel")}[len(shape)]
    name, _, _ = id_[::-1].partition("/")
    return Node(
        id=id_,
        kind=kind,
        type=type_,
        name=name[::-1],
        outputs=(Tensor(shape=(None, *shape), dtype="float32", dims=dims),),
        **more,
    )


def chain(*ids: str) -> tuple[Edge, ...]:
    return tuple(Edge(source=a, target=b) for a, b in pairwise(ids))


def plain_graph() -> ModelGraph:
    """Return input → conv (tanh) → flatten → dense (softmax)."""
    kernel = Variable(
        name="kernel", shape=(3, 3, 1, 2), dims=("y", "x", "in", "out"), dtype="float32", trainable=True
    )
    dense = Variable(name="kernel", shape=(32, 3), dims=("in", "out"), dtype="float32", trainable=True)
    bias = [Variable(name="bias", shape=(n,), dims=("out",), dtype="float32", trainable=True) for n in (2, 3)]
    nodes = (
        layer("image", "InputLayer", (4, 4, 1), kind="input", flops=0),
        layer(
            "conv", "Conv2D", (4, 4, 2), config={"activation": "tanh"}, variables=(kernel, bias[0]), flops=640
        ),
        Node(id="conv/conv2d", kind="operation", type="conv2d", name="conv2d", parent="conv"),
        layer("flatten", "Flatten", (32,), passthrough=True, flops=0),
        layer(
            "dense", "Dense", (3,), config={"activation": "softmax"}, variables=(dense, bias[1]), flops=210
        ),
    )
    return ModelGraph(
        name="plain",
        type="Functional",
        framework="keras",
        nodes=nodes,
        edges=chain("image", "conv", "flatten", "dense"),
        outputs=("dense",),
    )


def samples() -> Samples:
    """Return 4×4 images of three classes; the last one has no class."""
    rng = np.random.default_rng(0)
    classes = np.arange(COUNT) % 3
    classes[-1] = -1
    return Samples(
        inputs={"image": rng.random((COUNT, 4, 4, 1), dtype=np.float32)},
        ids=np.arange(COUNT, dtype=np.int64) * 10,
        labels={"dense": np.clip(classes, 0, 2)},
        classes=classes,
        class_names=CLASSES,
    )


def record(number: int, *, seed: int = 0) -> CheckpointRecord:
    """Return a checkpoint of the plain model with made-up values, other ones for each number."""
    rng = np.random.default_rng(100 * seed + number)
    conv = np.tanh(rng.normal(size=(COUNT, 4, 4, 2)) * (1 + number)).astype(np.float32)
    scores = rng.random((COUNT, 3), dtype=np.float32)
    prediction = scores / scores.sum(axis=1, keepdims=True)
    kernel = rng.normal(size=(3, 3, 1, 2)).astype(np.float32)
    dense = {
        "kernel": rng.normal(size=(32, 3)).astype(np.float32),
        "bias": np.full(3, number, np.float32),
    }
    return CheckpointRecord(
        number=number,
        step=number * 10,
        epoch=number,
        time=1_700_000_000.0 + 1000 * seed + number,
        metrics={} if number == 0 else {"loss": 1 / number, "val_loss": abs(number - 2) + 0.5},
        layers=[
            LayerRecord(
                "conv",
                {"activations": Output.of(conv)},
                weights={"kernel": kernel, "bias": np.zeros(2, np.float32)},
            ),
            LayerRecord("flatten", same_as="conv"),
            LayerRecord("dense", {"activations": Output.of(prediction)}, weights=dense),
        ],
        predictions={"dense": prediction},
    )


def write_model(
    store: Path,
    header: Header,
    numbers: tuple[int, ...] = (0, 1, 2, 3),
    *,
    seed: int = 0,
    state: State = "finished",
    graph: ModelGraph | None = None,
) -> ModelWriter:
    """Write a model as a training run would; with ``state="training"`` it stays open."""
    writer = ModelWriter(store, header)
    writer.start(graph or plain_graph(), {"optimizer": {"name": "adam"}, "batch_size": 32}, samples())
    for number in numbers:
        if graph is None:
            writer.checkpoint(record(number, seed=seed))
        if number:
            metrics = {"loss": 1 / number, "val_loss": abs(number - 2) + 0.5}
            writer.scalars(epoch=number, step=number * 10, seconds=0.5, metrics=metrics)
    if state != "training":
        writer.finish(state)
    elif numbers:
        wait_for(checkpoint_file(writer.folder, numbers[-1]))
    return writer


def wait_for(path: Path) -> None:
    """Wait until the logger's own thread has written a file."""
    for _ in range(200):
        if path.exists():
            return
        time.sleep(0.02)
    raise TimeoutError(path)


@pytest.fixture(name="write_model", scope="session")
def writing() -> Callable[..., ModelWriter]:
    """Return `write_model` for tests that need other models."""
    return write_model


@pytest.fixture(name="serving", scope="session")
def serving_() -> Callable[[FastAPI], AbstractContextManager[httpx.Client]]:
    """Return `serving` for tests that need another server."""
    return serving


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with a root and its child, which nobody changes."""
    path = tmp_path_factory.mktemp("runs") / "runs"
    write_model(path, Header(id=ROOT, name="root", label="The root", tags=("digits",)))
    write_model(path, Header(id=CHILD, name="child", parents=(ROOT,), notes="wider"), seed=1)
    return path


@pytest.fixture
def store(folder: Path) -> Store:
    return open_store(folder)


@contextmanager
def serving(app: FastAPI) -> Iterator[httpx.Client]:
    """Serve ``app`` on a free port of this machine, and yield a client of it."""
    with serving_at(app) as address, httpx.Client(base_url=address, timeout=20) as client:
        yield client


@pytest.fixture(scope="session")
def client(folder: Path) -> Iterator[httpx.Client]:
    with serving(create_app(open_store(folder))) as client:
        yield client
