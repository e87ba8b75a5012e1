"""Where a model does not tell how data flow through it."""

from collections.abc import Iterator

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.frozen import Frozen


class Gap(Frozen):
    """A model, or a layer, in which patterns cannot be told, and why."""

    uoa: str
    what: str


def gaps(graph: ModelGraph) -> Iterator[tuple[str, str]]:
    """Yield the ids of layers (empty: the model) whose parts have no known flow, with the reason."""
    linked = {
        graph.by_id[end].parent for e in graph.edges for end in (e.source, e.target) if end in graph.by_id
    }
    if None not in linked and len(graph.children()) > 1:
        yield "", "its call could not be followed: the data flow between its layers is not known"
    for node in graph.layers:
        holds = any(child.kind != "operation" for child in graph.children(node.id))
        if holds and node.inside == "opaque" and node.call_of is None:
            yield node.id, "its call could not be followed: the data flow between its parts is not known"
