"""A graph as paths of three layers, each told by one word."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from inspectree.logger.architecture.model_graph import ModelGraph, Node
from inspectree.server.interestingness.functions import activation

NOTHING = ""
"""The word before an input."""

INPUT = "Input"

ALONE = frozenset({"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"})
"""Types that are nothing but an activation function."""


class Path(NamedTuple):
    """The words of a layer, of what feeds it, and of what feeds that."""

    before: str
    previous: str
    word: str


def word(node: Node) -> str:
    """Return a layer's type and activation function: ``Conv2D relu``; of an activation alone ``relu``."""
    if node.kind == "input":
        return INPUT
    function = activation(node)
    if node.type in ALONE:
        return function
    return f"{node.type} {function}" if "activation" in node.config and function != "linear" else node.type


def paths(graph: ModelGraph) -> Mapping[str, list[Path]]:
    """Return the paths that lead to each layer by its id, on every level, each once.

    What feeds a group is the input of what is inside.
    """
    feeding = _feeding(graph)
    words = {node.id: word(node) for node in graph.layers} | {INPUT: INPUT}
    before = {id_: dict.fromkeys(words[each] for each in feeding[id_]) or [NOTHING] for id_ in words}
    found: dict[str, list[Path]] = {}
    for node in graph.layers:
        if node.kind == "layer" and feeding[node.id]:
            steps = ((earlier, words[each]) for each in feeding[node.id] for earlier in before[each])
            found[node.id] = [Path(*step, words[node.id]) for step in dict.fromkeys(steps)]
    return found


def count(leading: Mapping[str, list[Path]]) -> Counter[Path]:
    """Return every path of a model once: one that repeats a block many times is one that does so."""
    return Counter({path for each in leading.values() for path in each})


def _feeding(graph: ModelGraph) -> defaultdict[str, list[str]]:
    """Return the ids of the layers that feed each layer."""
    feeding: defaultdict[str, list[str]] = defaultdict(list)
    for source, target in _joined(graph):
        feeding[target].append(source)
    return feeding


def _joined(graph: ModelGraph) -> Iterator[tuple[str, str]]:
    """Yield the pairs of layers that an edge joins, each once; `INPUT` stands for a group's own input."""
    layers = {node.id: node for node in graph.layers}
    for source, target in dict.fromkeys((edge.source, edge.target) for edge in graph.edges):
        if source not in layers or target not in layers:
            continue
        if layers[source].parent == layers[target].parent:
            yield source, target
        elif source == layers[target].parent:
            yield INPUT, target
