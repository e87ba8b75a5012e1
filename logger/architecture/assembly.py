"""From the nodes that were drawn while a model was called to its graph."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inspectree.logger.architecture.axes import variable_dims
from inspectree.logger.architecture.config import layer_config
from inspectree.logger.architecture.draft import Draft, NodeDraft
from inspectree.logger.architecture.model_graph import ModelGraph, Node, Variable
from inspectree.logger.capture.keras_internals import sublayers
from inspectree.logger.capture.variables import own_variables


@dataclass(frozen=True)
class Traced:
    """A model's graph, and the layer behind each node except for later calls of the same layer."""

    graph: ModelGraph
    layers: Mapping[str, Any]


@dataclass
class _Owners:
    """Which node each layer and each variable belongs to, by ``id()``: the first one that shows it."""

    first: dict[int, str] = field(default_factory=dict)
    layers: dict[str, Any] = field(default_factory=dict)
    variables: dict[int, tuple[str, str]] = field(default_factory=dict)


def assembled(model: Any, draft: Draft, outputs: Sequence[Any]) -> Traced:
    """Return the finished graph of ``model``; ``outputs`` are the tensors that it gave out."""
    draft.drop_unused(outputs)
    _add_uncalled(model, draft)
    owners = _Owners()
    nodes = tuple(_node(drawn, owners) for drawn in draft.nodes)
    sources = [draft.source(output) for output in outputs]
    graph = ModelGraph(
        name=model.name,
        type=type(model).__name__,
        framework="keras",
        nodes=nodes,
        edges=tuple(draft.edges(owners.variables)),
        outputs=tuple(source.node for source in sources if source is not None and source.node is not None),
    )
    return Traced(graph, owners.layers)


def _node(drawn: NodeDraft, owners: _Owners) -> Node:
    fields = {key: value for key, value in vars(drawn).items() if key != "made_by"}
    if drawn.kind != "layer":
        return Node(**fields)
    layer = drawn.made_by
    if id(layer) in owners.first:
        return Node(**fields, call_of=owners.first[id(layer)])
    owners.first[id(layer)] = drawn.id
    owners.layers[drawn.id] = layer
    held = own_variables(layer)
    owners.variables |= {id(variable): (drawn.id, name) for name, variable in held.items()}
    return Node(**fields, variables=tuple(_variable(drawn, name, held[name]) for name in held))


def _variable(node: NodeDraft, name: str, variable: Any) -> Variable:
    initializer = getattr(node.made_by, f"{name}_initializer", None)
    shape = tuple(variable.shape)
    return Variable(
        name=name,
        shape=shape,
        dims=variable_dims(node.type, name, shape, node.outputs[0].dims if node.outputs else ()),
        dtype=variable.dtype,
        trainable=bool(variable.trainable),
        initializer=None if initializer is None else type(initializer).__name__,
    )


def _add_uncalled(model: Any, draft: Draft) -> None:
    """Add the layers that have weights but no node: not called at inference, or inside an opaque layer."""
    seen = {id(node.made_by) for node in draft.nodes}
    holders: list[tuple[str | None, Any]] = [(None, model)]
    holders += [(node.id, node.made_by) for node in draft.nodes if node.kind == "layer"]
    for parent, holder in holders:  # grows while it is walked through
        for layer in sublayers(holder):
            if id(layer) not in seen and layer.weights:
                seen.add(id(layer))
                path = draft.names.call(parent, layer.name, layer)
                node = NodeDraft(path, "layer", type(layer).__name__, layer.name, layer, parent)
                node.config, node.inside = layer_config(layer), "opaque"
                draft.nodes.append(node)
                holders.append((path, layer))
