"""Structural patterns in how layers are connected. `PATTERNS` lists them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

from inspectree.logger.architecture.model_graph import ModelGraph, Node

JOINS = {"Add", "Concatenate"}

Lengths = tuple[int, int]
"""How many connections two inputs of a layer lie behind the point where their ways part."""


@dataclass(frozen=True)
class Pattern:
    """A pattern, by what it says about the two ways that meet in a joining layer."""

    name: str
    label: str
    fits: Callable[[Lengths], bool]

    def find(self, graph: ModelGraph) -> list[str]:
        """Return the ids of the layers in which such ways meet, on every level."""
        return [node.id for node, lengths in meetings(graph) if any(map(self.fits, lengths))]


PATTERNS = (
    Pattern("skip_connection", "Skip connections", lambda lengths: lengths[0] != lengths[1]),
    Pattern("multi_branch", "Parallel branches", lambda lengths: min(lengths) >= 1),
)


def meetings(graph: ModelGraph) -> Iterator[tuple[Node, list[Lengths]]]:
    """Yield each joining layer with the lengths of every two ways that meet there."""
    for parent in [None, *(node.id for node in graph.layers)]:
        children = [node for node in graph.children(parent) if node.kind != "operation"]
        if any(node.type in JOINS for node in children):
            yield from _meetings_below(graph, parent, children)


def _meetings_below(
    graph: ModelGraph, parent: str | None, children: list[Node]
) -> Iterator[tuple[Node, list[Lengths]]]:
    before: dict[str, list[str]] = {}
    for edge in graph.edges_below(parent):
        before.setdefault(edge.target, []).append(edge.source)
    # The parent stands for its own input port; children come in the order of the calls.
    order = {name: number for number, name in enumerate([*filter(None, [parent]), *(c.id for c in children)])}
    behind: dict[str, dict[str, int]] = {}
    for name in order:
        behind[name] = _distances(name, [s for s in before.get(name, ()) if s in behind], behind)
    for node in children:
        if node.type in JOINS:
            sources = [source for source in before.get(node.id, ()) if source in behind]
            pairs = combinations([behind[source] for source in sources], 2)
            yield node, [found for a, b in pairs if (found := _lengths(a, b, order)) is not None]


def _distances(name: str, sources: list[str], behind: dict[str, dict[str, int]]) -> dict[str, int]:
    """Return everything that leads to a layer, with the length of the longest way."""
    found = {name: 0}
    for source in sources:
        for earlier, length in behind[source].items():
            found[earlier] = max(found.get(earlier, 0), length + 1)
    return found


def _lengths(a: dict[str, int], b: dict[str, int], order: dict[str, int]) -> Lengths | None:
    """Return how far two layers lie behind the last one that leads to both."""
    common = a.keys() & b.keys()
    if not common:
        return None
    parting = max(common, key=order.__getitem__)
    return a[parting], b[parting]
