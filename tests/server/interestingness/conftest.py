"""Models made by hand, in which something is odd and everything else is not."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Tensor, Variable
from inspectree.logger.header import Header
from inspectree.logger.store.record import CheckpointRecord, LayerRecord, Output, Samples
from inspectree.logger.store.writer import ModelWriter

Values = Mapping[str, Mapping[str, NDArray[Any]]]
"""Variables by their names, by the layers' names; ``activations`` is one of them."""

Plant = Callable[..., str]

DIMS = {1: ("out",), 2: ("in", "out"), 4: ("y", "x", "in", "out")}
OF_OUTPUT = {2: ("sample", "unit"), 4: ("sample", "y", "x", "channel")}
SAMPLES = 30


def chain(layers: Values, types: Mapping[str, str], configs: Mapping[str, Mapping[str, Any]]) -> ModelGraph:
    """Return the graph of an input and layers that feed one another."""
    nodes = [Node(id="image", kind="input", type="InputLayer", name="image")]
    nodes += [
        _node(name, variables, types.get(name, "Dense"), configs.get(name, {}))
        for name, variables in layers.items()
    ]
    edges = [Edge(source=a.id, target=b.id) for a, b in pairwise(nodes)]
    return ModelGraph(name="m", type="Functional", framework="keras", nodes=tuple(nodes), edges=tuple(edges))


def _node(name: str, values: Mapping[str, NDArray[Any]], type_: str, config: Mapping[str, Any]) -> Node:
    variables = tuple(
        Variable(name=key, shape=each.shape, dims=DIMS[each.ndim], dtype="float32", trainable=True)
        for key, each in values.items()
        if key != "activations"
    )
    shape = values["activations"].shape if "activations" in values else (None, 1)
    output = Tensor(shape=(None, *shape[1:]), dtype="float32", dims=OF_OUTPUT[len(shape)])
    return Node(
        id=name,
        kind="layer",
        type=type_,
        name=name,
        variables=variables,
        outputs=(output,),
        config=dict(config),
    )


def record(number: int, layers: Values) -> CheckpointRecord:
    """Return a checkpoint."""
    return CheckpointRecord(
        number=number,
        step=number,
        epoch=number,
        time=1_700_000_000.0 + number,
        metrics={"loss": 1.0},
        layers=[
            LayerRecord(
                name,
                {"activations": Output.of(values["activations"])} if "activations" in values else {},
                weights={key: each for key, each in values.items() if key != "activations"},
            )
            for name, values in layers.items()
        ],
    )


@pytest.fixture(name="plant")
def planting(tmp_path: Path) -> Plant:
    """Return what writes a model, with the given values at each checkpoint, into ``tmp_path``."""

    def plant(
        name: str,
        *checkpoints: Values,
        parents: Sequence[str] = (),
        types: Mapping[str, str] | None = None,
        configs: Mapping[str, Mapping[str, Any]] | None = None,
        classes: NDArray[np.int64] | None = None,
    ) -> str:
        header = Header(id=f"{name}-0000", name=name, parents=tuple(parents))
        writer = ModelWriter(tmp_path, header)
        count = SAMPLES if classes is None else len(classes)
        samples = Samples(
            inputs={"image": np.zeros((count, 1), np.float32)},
            ids=np.arange(count),
            classes=classes,
            class_names=() if classes is None else ("zero", "one", "two"),
        )
        writer.start(chain(checkpoints[0], types or {}, configs or {}), {}, samples)
        for number, layers in enumerate(checkpoints):
            writer.checkpoint(record(number, layers))
        writer.finish("finished")
        return header.id

    return plant
