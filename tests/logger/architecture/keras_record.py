"""What Keras noted itself when a functional model was made."""

from collections.abc import Iterator
from typing import Any

import keras

from inspectree.logger.architecture.model_graph import ModelGraph
from tests.logger.architecture.calls import edges

Edges = set[tuple[str, str]]


def noted(model: Any, parent: str | None = None) -> Edges:
    """Return the edges of a model by paths; inside ``parent``, its inputs and outputs are the parent's."""
    nodes = [node for depth in model._nodes_by_depth.values() for node in depth]
    paths = dict(_paths(model, nodes, parent))
    found = {(paths[id(before)], paths[id(node)]) for node in nodes for before in node.parent_nodes}
    if parent is not None:
        ends = [tensor._keras_history for tensor in model.outputs]
        found |= {(paths[id(end.operation._inbound_nodes[end.node_index])], parent) for end in ends}
    return found


def _paths(model: Any, nodes: list[Any], parent: str | None) -> Iterator[tuple[int, str]]:
    for operation in model.operations:
        calls = [node for node in operation._inbound_nodes if node in nodes]
        for number, node in enumerate(calls):
            name = f"{operation.name}:{number}" if number else operation.name
            if parent is not None:
                name = parent if isinstance(operation, keras.layers.InputLayer) else f"{parent}/{name}"
            yield id(node), name


def check(graph: ModelGraph, model: Any, parent: str | None = None) -> int:
    """Compare the edges of a model and of the models inside it; return how many were compared."""
    assert edges(graph, parent) == noted(model, parent)
    compared = 1
    for node in graph.children(parent):
        if node.type in {"Functional", "Sequential"} and node.call_of is None:
            inner = model.get_layer(node.name)
            compared += check(graph, getattr(inner, "_functional", None) or inner, node.id)
    return compared
