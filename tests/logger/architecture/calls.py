"""What a graph is compared with: the layers that a real forward pass calls, in their order."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import keras
import numpy as np

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.architecture.trace import Traced, trace
from inspectree.logger.capture.inputs import fit_samples
from inspectree.logger.samples import as_samples


def traced(model: Any, *arrays: Any) -> Traced:
    """Return what is traced of a model that takes these arrays."""
    _, inputs = fit_samples(model, as_samples(arrays[0] if len(arrays) == 1 else list(arrays)))
    return trace(model, inputs)


def floats(*shape: int) -> Any:
    """Return four samples of this shape."""
    return np.linspace(-1, 1, 4 * int(np.prod(shape)), dtype="float32").reshape(4, *shape)


def edges(graph: ModelGraph, parent: str | None = None) -> set[tuple[str, str]]:
    """Return the edges below ``parent``, those of variables included."""
    return {(edge.source, edge.target) for edge in graph.edges_below(parent)}


@contextmanager
def called() -> Iterator[list[Any]]:
    """Note every layer that is called, without those inside a loop over time."""
    original, layers, loops = keras.Layer.__call__, [], []

    def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        if not loops:
            layers.append(layer)
        if isinstance(layer, (keras.layers.RNN, keras.layers.TimeDistributed)):
            loops.append(layer)
        try:
            return original(layer, *args, **kwargs)
        finally:
            if loops and loops[-1] is layer:
                loops.pop()

    with mock.patch.object(keras.Layer, "__call__", call):
        yield layers


def layers_called(model: Any, *arrays: Any) -> list[Any]:
    """Return the layers inside ``model`` in the order of their calls, by a real forward pass."""
    tensors = [keras.ops.convert_to_tensor(array) for array in arrays]
    with called() as layers:
        model(tensors[0] if len(tensors) == 1 else tensors, training=False)
    return layers[1:]


def layers_drawn(found: Traced) -> list[Any]:
    """Return the layer behind every node that stands for a call outside of loops, in the graph's order."""
    graph = found.graph
    loops = {node.id for node in graph.nodes if node.loop}
    return [
        found.layers[node.call_of or node.id]
        for node in graph.nodes
        if node.kind == "layer" and not any(node.id.startswith(f"{loop}/") for loop in loops)
    ]
