"""A training without a framework: made-up values, the same for the same number, from any process.

Run as a script it logs a model: ``python training.py STORE ID CHECKPOINTS [SIZE]``.
"""

import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Tensor, Variable
from inspectree.logger.header import Header
from inspectree.logger.store.record import CheckpointRecord, LayerRecord, Output, Samples
from inspectree.logger.store.writer import ModelWriter

COUNT = 30
CLASSES = ("zero", "one/two", "...")
SPATIAL = ("sample", "y", "x", "channel")
KERNELS = ("half", "float", "double", "integer", "flag")
DTYPES = (np.float16, np.float32, np.float64, np.int32, np.bool_)


def _node(id_: str, shape: tuple[int, ...], dims: tuple[str, ...], **more: Any) -> Node:
    outputs = (Tensor(shape=(None, *shape), dtype="float32", dims=dims),)
    name = id_.rpartition("/")[2]
    return Node(**{"kind": "layer", "type": "T", **more}, id=id_, name=name, outputs=outputs)


def graph(size: int = 4) -> ModelGraph:
    """Return image → conv → flatten → folded → block, with a dense layer inside the block."""
    variables = tuple(
        Variable(name=name, shape=(2, 3), dims=("in", "out"), dtype=name, trainable=name != "flag")
        for name in KERNELS
    )
    nodes = (
        _node("image", (size, size, 1), SPATIAL, kind="input"),
        _node("conv", (size, size, 2), SPATIAL, variables=variables),
        _node("flatten", (size * size * 2,), ("sample", "unit"), passthrough=True),
        _node("folded", (2, size, size), ("sample", "dim_1", "dim_2", "dim_3"), passthrough=True),
        _node("block", (3,), ("sample", "unit")),
        _node("block/dense%2F1", (3,), ("sample", "unit"), parent="block"),
    )
    edges = tuple(Edge(source=a.id, target=b.id) for a, b in pairwise(nodes[:5]))
    return ModelGraph(name="m", type="T", framework="none", nodes=nodes, edges=edges, outputs=("block",))


def samples(size: int = 4) -> Samples:
    """Return images of three classes; the last has none."""
    classes = np.arange(COUNT) % 3
    classes[-1] = -1
    images = np.random.default_rng(0).normal(size=(COUNT, size, size, 1)).astype(np.float32)
    return Samples(
        inputs={"image": images},
        ids=np.arange(COUNT, dtype=np.int64) * 10,
        labels={"block": np.clip(classes, 0, 2)},
        classes=classes,
        class_names=CLASSES,
    )


def record(number: int, size: int = 4) -> CheckpointRecord:
    """Return the values of one checkpoint."""
    random = np.random.default_rng(number + 1)
    conv = random.normal(size=(COUNT, size, size, 2)).astype(np.float32)
    scores = random.random((COUNT, 3), dtype=np.float32)
    kernels = {
        name: (random.normal(size=(2, 3)) * 9).astype(d) for name, d in zip(KERNELS, DTYPES, strict=True)
    }
    return CheckpointRecord(
        number=number,
        step=10 * number,
        epoch=number,
        time=1_700_000_000.5 + number,
        metrics={"loss": 1 / (number + 1), "broken": float("nan"), "huge": float("-inf")},
        layers=[
            LayerRecord("conv", {"activations": Output.of(conv)}, weights=kernels),
            LayerRecord("flatten", same_as="conv"),
            LayerRecord("folded", same_as="conv"),
            LayerRecord("block", {"activations": Output.of(scores)}),
            LayerRecord("block/dense%2F1", {"activations": Output.of(scores * 2)}),
        ],
        predictions={"block": scores},
    )


def train(store: Path | str, id_: str, checkpoints: int, size: int = 4) -> ModelWriter:
    """Log a model from its start to its end."""
    writer = ModelWriter(store, Header(id=id_, name=f"name of {id_}"))
    writer.start(graph(size), {"rate": 0.1}, samples(size))
    for number in range(checkpoints):
        writer.checkpoint(record(number, size))
        writer.scalars(epoch=number, step=10 * number, seconds=0.5, metrics={"loss": 1 / (number + 1)})
    writer.finish()
    return writer


if __name__ == "__main__":
    train(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))
