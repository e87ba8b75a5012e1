"""What of a model is recorded at every checkpoint, within a budget of bytes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from inspectree.logger.architecture.model_graph import ModelGraph, Node, Tensor
from inspectree.logger.budget import readable_size
from inspectree.logger.errors import InspectreeError
from inspectree.logger.sizes import (
    output_bytes,
    output_gradient_bytes,
    prediction_bytes,
    weight_bytes,
    weight_gradient_bytes,
)


@dataclass(frozen=True)
class Request:
    """What the user wants recorded: layers as names or globs (None: all), and at which cost."""

    layers: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    budget: int = 512 * 10**6
    precision: str = "float16"
    gradients: bool = False
    updates: bool = False


@dataclass(frozen=True)
class Plan:
    """Which nodes' weights and activations are recorded.

    ``captured`` are the outputs that are taken from the forward pass, by node and name; ``links`` hold the
    values of the node they name; ``recomputed`` don't fit into the budget and can be had from the weights.
    ``size`` is in bytes, before compression; ``room`` is what the budget leaves.
    """

    weights: tuple[str, ...]
    captured: Mapping[str, Mapping[str, Tensor]]
    links: Mapping[str, str]
    recomputed: tuple[str, ...]
    size: int
    room: int

    def __str__(self) -> str:
        stored = len(self.captured) + len(self.links)
        text = (
            f"{_counted(stored, 'layer')}, about {readable_size(self.size)} per checkpoint before compression"
        )
        if self.recomputed:
            text += f"; left out, to keep the budget: {', '.join(self.recomputed)}"
        return text


def make_plan(graph: ModelGraph, samples: int, classes: int, request: Request) -> Plan:
    """Return what is recorded of ``graph`` for so many samples and classes.

    Where the budget is short, the largest activations give way first.

    Raises
    ------
    InspectreeError
        When a name or glob fits no layer, or the budget does not hold what is always recorded.
    """
    chosen = _chosen(graph, request)
    links = _links(graph, chosen)
    outputs = {
        node.id: _outputs(graph, node)
        for node in graph.layers
        if node.id in chosen and node.id not in links and _outputs(graph, node)
    }
    sizes = {node: _size(of_node.values(), samples, classes, request) for node, of_node in outputs.items()}
    fixed = _fixed(graph, chosen, samples, request)
    captured = _fitting(sizes, request.budget - fixed)
    at_hand = {*captured, *(node.id for node in graph.inputs)}
    recomputed = {*sizes} - captured | {node for node, origin in links.items() if origin not in at_hand}
    size = fixed + sum(sizes[node] for node in captured)
    return Plan(
        weights=tuple(node.id for node in graph.layers if node.id in chosen and node.variables),
        captured={node: outputs[node] for node in sizes if node in captured},
        links={node: origin for node, origin in links.items() if node not in recomputed},
        recomputed=tuple(node.id for node in graph.layers if node.id in recomputed),
        size=size,
        room=request.budget - size,
    )


def _fixed(graph: ModelGraph, chosen: set[str], samples: int, request: Request) -> int:
    """Return the bytes of what is always recorded: nothing can bring it back."""
    variables = [variable for node in graph.layers if node.id in chosen for variable in node.variables]
    results = [graph.by_id[node].outputs[0] for node in graph.outputs if graph.by_id[node].outputs]
    fixed = weight_bytes(variables) + prediction_bytes(results, samples)
    if request.gradients:
        fixed += weight_gradient_bytes(variables)
    if fixed > request.budget:
        raise InspectreeError(
            f"budget={readable_size(request.budget)} is too small for the weights of {graph.name!r}: "
            f"give {readable_size(fixed)} or more, or exclude layers"
        )
    return fixed


def _size(outputs: Iterable[Tensor], samples: int, classes: int, request: Request) -> int:
    return sum(
        output_bytes(output, samples, classes, request.precision)
        + (output_gradient_bytes(output, samples) if request.gradients else 0)
        for output in outputs
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
    if len(node.outputs) != 1 or not _outputs(graph, node) or (node.loop and not node.passthrough):
        return None
    around = node.parent if node.passthrough else node.id
    edges = [e for e in graph.edges if e.target == node.id and e.source in graph.by_id]
    edges = [edge for edge in edges if graph.by_id[edge.source].parent == around]
    if len(edges) != 1 or edges[0].source_port != 0:  # a further output is stored by itself
        return None
    source = graph.by_id[edges[0].source]
    same = source.kind != "operation" and _outputs(graph, source)
    return source if same and source.outputs[0].dtype == node.outputs[0].dtype else None


def _outputs(graph: ModelGraph, node: Node) -> dict[str, Tensor]:
    """Return the outputs that are arrays of numbers with a row per sample, by name; none inside a loop."""
    if _in_loop(graph, node):
        return {}
    return {output.name: output for output in node.outputs if _is_recordable(output)}


def _is_recordable(output: Tensor) -> bool:
    first, *rest = output.shape or (0,)
    numbers = output.dtype != "string" and not output.dtype.startswith("complex")
    return first is None and None not in rest and numbers


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


def as_patterns(names: str | Sequence[str] | None) -> tuple[str, ...] | None:
    """Return names or globs as a tuple, from one or several."""
    return (names,) if isinstance(names, str) else None if names is None else tuple(names)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
