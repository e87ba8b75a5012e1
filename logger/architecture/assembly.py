"""From the nodes that were drawn while a model was called to its graph."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from inspectree.logger.architecture.axes import variable_dims
from inspectree.logger.architecture.config import layer_config
from inspectree.logger.architecture.draft import Draft, NodeDraft
from inspectree.logger.architecture.flops import layer_flops
from inspectree.logger.architecture.model_graph import ModelGraph, Node, Tensor, Variable, summed
from inspectree.logger.capture.keras_internals import sublayers
from inspectree.logger.capture.variables import own_variables

DRAWN_ONLY = frozenset({"made_by", "steps"})


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
    _sum_flops(draft.nodes)
    _add_uncalled(model, draft, seen=bool(outputs))
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
    fields = {key: value for key, value in vars(drawn).items() if key not in DRAWN_ONLY}
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


def _sum_flops(nodes: Sequence[NodeDraft]) -> None:
    """Give layers the operations of their inside, times a loop's steps; nodes stand before their insides."""
    inside: dict[str | None, list[int | None]] = {}
    for node in reversed(nodes):
        if node.kind == "layer" and node.inside == "traced":
            node.flops = _times(node.steps, summed(inside.get(node.id, ())))
        if node.flops is None and node.kind == "layer" and type(node.made_by).__module__.startswith("keras."):
            node.flops = layer_flops(node.type, [_sizes(output) for output in node.outputs], node.config)
        inside.setdefault(node.parent, []).append(node.flops)


def _times(steps: int | None, flops: int | None) -> int | None:
    return None if steps is None or flops is None else steps * flops


def _sizes(output: Tensor) -> tuple[int, ...]:
    """Return the shape of one sample's output."""
    return tuple(1 if size is None else size for size in output.shape)


def _add_uncalled(model: Any, draft: Draft, seen: bool) -> None:
    """Add the layers that have weights but no node: not called at inference, or inside an opaque layer.

    ``seen`` tells whether the inside of the model itself is known.
    """
    known = {id(node.made_by) for node in draft.nodes}
    holders: list[tuple[str | None, Any, int | None]] = [(None, model, 0 if seen else None)]
    holders += [
        (node.id, node.made_by, 0 if node.inside == "traced" else None)
        for node in draft.nodes
        if node.kind == "layer"
    ]
    for parent, holder, flops in holders:  # grows while it is walked through
        for layer in sublayers(holder):
            if id(layer) not in known and layer.weights:
                known.add(id(layer))
                path = draft.names.call(parent, layer.name, layer)
                node = NodeDraft(path, "layer", type(layer).__name__, layer.name, layer, parent)
                node.config, node.inside, node.flops = layer_config(layer), "opaque", flops
                draft.nodes.append(node)
                holders.append((path, layer, flops))
