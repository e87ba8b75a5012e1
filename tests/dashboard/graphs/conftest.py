"""Architectures and models as the server answers them, small enough to be checked by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from inspectree.dashboard.unit import Unit

Json = dict[str, Any]


def tensor(*shape: int) -> Json:
    dims = {1: ["sample", "unit"], 3: ["sample", "y", "x", "channel"]}[len(shape)]
    return {"shape": [None, *shape], "dtype": "float32", "name": "activations", "dims": dims}


def node(id_: str, type_: str, *shape: int, **more: Any) -> Json:
    """Return a layer (or, with ``kind``, something else) with one output of this shape."""
    parent, _, name = id_.rpartition("/")
    return {
        "id": id_, "kind": "layer", "type": type_, "name": name, "parent": parent or None,
        "outputs": [tensor(*shape)], "config": {}, "variables": [], "call_of": None,
        "passthrough": False, "inside": "traced", "loop": False, **more,
    }  # fmt: skip


def variable(name: str, shape: list[int], dims: list[str], **more: Any) -> Json:
    return {
        "name": name, "shape": shape, "dims": dims, "dtype": "float32", "trainable": True,
        "initializer": None, **more,
    }  # fmt: skip


def edge(source: str, target: str, port: int = 0) -> Json:
    return {"source": source, "target": target, "source_port": 0, "target_port": port}


@pytest.fixture
def graph() -> Json:
    """Return image → block (conv → act) → add ← image, → dense; the dense layer is matmul, add, softmax."""
    kernel = variable("kernel", [3, 3, 1, 1], ["y", "x", "in", "out"], initializer="GlorotUniform")
    weights = [variable("kernel", [16, 3], ["in", "out"]), variable("bias", [3], ["out"])]
    settings = {"units": 3, "activation": "softmax", "name": "dense"}
    operations = [
        node(f"dense/{type_}", type_, 3, kind="operation") for type_ in ("MatMul", "Add", "Softmax")
    ]
    nodes = [
        node("image", "InputLayer", 4, 4, 1, kind="input"),
        node("block", "Functional", 4, 4, 1),
        node("block/conv", "Conv2D", 4, 4, 1, variables=[kernel]),
        node("block/act", "ReLU", 4, 4, 1),
        node("add", "Add", 4, 4, 1),
        node("flat", "Flatten", 16, passthrough=True),
        node("dense", "Dense", 3, variables=weights, config=settings),
        *operations,
    ]
    edges = [
        edge("image", "block"), edge("block", "block/conv"), edge("block/conv", "block/act"),
        edge("block/act", "block"), edge("block", "add"), edge("image", "add", 1), edge("add", "flat"),
        edge("flat", "dense"), edge("dense/kernel", "dense/MatMul", 1), edge("dense", "dense/MatMul"),
        edge("dense/MatMul", "dense/Add"), edge("dense/bias", "dense/Add", 1),
        edge("dense/Add", "dense/Softmax"), edge("dense/Softmax", "dense"),
    ]  # fmt: skip
    return {"name": "small", "type": "Functional", "nodes": nodes, "edges": edges, "outputs": ["dense"]}


def _model(id_: str, parents: tuple[str, ...] = (), **more: Any) -> Json:
    return {
        "id": id_, "name": id_, "label": id_, "parents": list(parents), "missing_parents": [], "depth": 0,
        "state": "finished", "error": None, "tags": [], "notes": "", "type": "Functional", "layers": 2,
        "layer_types": ["Conv2D", "Dense"], "parameters": 100, "trainable_parameters": 100,
        "checkpoints": [0, 1], "epochs": 1, "metrics": {}, "best": None, "bytes": 10, "started": "2026",
        "seconds": 1.0, "class_names": [], "samples": "", "inputs": None, "outputs": None, **more,
    }  # fmt: skip


@pytest.fixture
def model() -> Callable[..., Json]:
    """Return the maker of models as the list of experiments tells them."""
    return _model


@pytest.fixture
def fitting() -> Callable[[Unit], list[str]]:
    """Return a toolbox with one tool per kind of unit, named by it."""
    return lambda unit: [unit.kind]
