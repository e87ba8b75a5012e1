"""What of a model is recorded at every checkpoint, within a budget of bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from math import prod

import numpy as np

from inspectree.logger.architecture.model_graph import ModelGraph, Node
from inspectree.logger.budget import readable_size
from inspectree.logger.errors import InspectreeError

CLASS_MEAN_BYTES = PREDICTION_BYTES = 4
FLOATS = {"float16": 2, "bfloat16": 4, "float32": 4, "float64": 8}
"""Bytes per value as a file can hold them: HDF5 has no bfloat16."""


@dataclass(frozen=True)
class Request:
    """What the user wants recorded: layers as names or globs (None: all), and at which cost."""

    layers: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    budget: int = 512 * 10**6
    precision: str = "float16"
    weights_precision: str | None = None


@dataclass(frozen=True)
class Plan:
    """Which nodes' weights and activations are recorded.

    ``captured`` are taken from the forward pass; ``links`` hold the values of the node they name;
    ``recomputed`` don't fit into the budget and can be had from the weights. ``size`` is in bytes, before
    compression.
    """

    weights: tuple[str, ...]
    captured: tuple[str, ...]
    links: Mapping[str, str]
    recomputed: tuple[str, ...]
    size: int

    def __str__(self) -> str:
        stored = len(self.captured) + len(self.links)
        text = (
            f"{_counted(stored, 'layer')}, about {readable_size(self.size)} per checkpoint before compression"
        )
        if self.recomputed:
            text += f"; recomputed on demand, to keep the budget: {', '.join(self.recomputed)}"
        return text


def make_plan(graph: ModelGraph, samples: int, classes: int, request: Request) -> Plan:
    """Return what is recorded of ``graph`` for so many samples and classes.

    Where the budget is short, the largest activations give way first.

    Raises
    ------
    InspectreeError
        When a name or glob fits no layer.
    """
    chosen = _chosen(graph, request)
    links = _links(graph, chosen)
    sizes = {
        node.id: _activation_bytes(node, samples, classes, request.precision)
        for node in graph.layers
        if node.id in chosen and node.id not in links and _has_activations(graph, node)
    }
    fixed = _weight_bytes(graph, chosen, request.weights_precision) + _prediction_bytes(graph, samples)
    captured = _fitting(sizes, request.budget - fixed)
    at_hand = {*captured, *(node.id for node in graph.inputs)}
    recomputed = {*sizes} - captured | {node for node, origin in links.items() if origin not in at_hand}
    return Plan(
        weights=tuple(node.id for node in graph.layers if node.id in chosen and node.variables),
        captured=tuple(node for node in sizes if node in captured),
        links={node: origin for node, origin in links.items() if node not in recomputed},
        recomputed=tuple(node.id for node in graph.layers if node.id in recomputed),
        size=fixed + sum(sizes[node] for node in captured),
    )


def _chosen(graph: ModelGraph, request: Request) -> set[str]:
    for pattern in (*(request.layers or ()), *request.exclude):
        if not any(_matches(graph, node, pattern) for node in graph.layers):
            names = sorted({node.name for node in graph.layers if node.kind == "layer"})
            near = get_close_matches(pattern, names, n=3, cutoff=0.4) or names[:3]
            raise InspectreeError(
                f"{pattern!r} fits no layer of the model {graph.name!r}; the nearest are {', '.join(near)}"
            )
    wanted = ("*",) if request.layers is None else request.layers
    return {
        node.id
        for node in graph.layers
        if node.kind == "layer"
        and any(_matches(graph, node, pattern) for pattern in wanted)
        and not any(_matches(graph, node, pattern) for pattern in request.exclude)
    }


def _matches(graph: ModelGraph, node: Node, pattern: str) -> bool:
    """Tell whether a name or glob fits a layer, one of its calls, or a layer around it."""
    names = (node.id, node.name, node.call_of or node.id)
    if any(fnmatchcase(name, pattern) for name in names):
        return True
    return node.parent is not None and _matches(graph, graph.by_id[node.parent], pattern)


def _links(graph: ModelGraph, chosen: set[str]) -> dict[str, str]:
    """Return the nodes that hold another node's values, with the first node that does."""
    links: dict[str, str] = {}
    for node in graph.layers:
        origin = _origin(graph, node)
        if node.id in chosen and origin is not None:
            links[node.id] = origin.id
    return {
        node: _followed(links, node) for node in links if _followed(links, node) in chosen | _inputs(graph)
    }


def _followed(links: Mapping[str, str], node: str) -> str:
    while node in links:
        node = links[node]
    return node


def _inputs(graph: ModelGraph) -> set[str]:
    return {node.id for node in graph.inputs}


def _origin(graph: ModelGraph, node: Node) -> Node | None:
    """Return the node whose values this one holds: its input, or for a group the inner layer that ends it."""
    if not _has_activations(graph, node):
        return None
    if node.passthrough:
        sources = graph.inputs_of(node.id)
    elif node.loop:
        return None
    else:
        ends = (e for e in graph.edges if e.target == node.id and e.target_port == e.source_port == 0)
        sources = tuple(graph.by_id[e.source] for e in ends if e.source in graph.by_id)
        sources = tuple(source for source in sources if source.parent == node.id)
    same = [source for source in sources if source.kind != "operation" and _has_activations(graph, source)]
    if len(sources) != 1 or not same or same[0].outputs[0].dtype != node.outputs[0].dtype:
        return None
    return same[0]


def _has_activations(graph: ModelGraph, node: Node) -> bool:
    """Tell whether a node's first output is an array of numbers with a row per sample, not in a loop."""
    if not node.outputs or node.outputs[0].dtype == "string":
        return False
    first, *rest = node.outputs[0].shape or (0,)
    return first is None and None not in rest and not _in_loop(graph, node)


def _in_loop(graph: ModelGraph, node: Node) -> bool:
    parent = graph.by_id[node.parent] if node.parent else None
    return parent is not None and (parent.loop or _in_loop(graph, parent))


def _fitting(sizes: Mapping[str, int], room: int) -> set[str]:
    fitting: set[str] = set()
    for node, size in sorted(sizes.items(), key=lambda item: item[1]):
        if size > room:
            break
        fitting.add(node)
        room -= size
    return fitting


def _activation_bytes(node: Node, samples: int, classes: int, precision: str) -> int:
    values = prod(size for size in node.outputs[0].shape[1:] if size is not None)
    dtype = node.outputs[0].dtype
    stored = min(FLOATS[dtype], FLOATS[precision]) if dtype in FLOATS else np.dtype(dtype).itemsize
    return values * (samples * stored + classes * CLASS_MEAN_BYTES)


def _weight_bytes(graph: ModelGraph, chosen: set[str], precision: str | None) -> int:
    variables = [variable for node in graph.layers if node.id in chosen for variable in node.variables]
    return sum(
        variable.size * FLOATS[precision or variable.dtype]
        if variable.dtype in FLOATS
        else variable.size * np.dtype(variable.dtype).itemsize
        for variable in variables
    )


def _prediction_bytes(graph: ModelGraph, samples: int) -> int:
    outputs = [graph.by_id[node].outputs[0] for node in graph.outputs if graph.by_id[node].outputs]
    return sum(
        samples * prod(size or 1 for size in output.shape[1:]) * PREDICTION_BYTES for output in outputs
    )


def as_patterns(names: str | Sequence[str] | None) -> tuple[str, ...] | None:
    """Return names or globs as a tuple, from one or several."""
    return (names,) if isinstance(names, str) else None if names is None else tuple(names)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
