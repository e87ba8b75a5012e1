"""What lies directly below one layer, or the model, in an order of its own."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from inspectree.logger.architecture.model_graph import ModelGraph, Node
from inspectree.server.search.flow import links

OUTSIDE = ""
"""Stands for the layer around a level among the neighbours of what takes from it or gives to it."""

Links = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Level:
    """Nodes by their ids, sources first however they were listed; and the neighbours of each, by ports."""

    nodes: Mapping[str, Node]
    before: Links
    after: Links

    @cached_property
    def depth(self) -> dict[str, int]:
        """Return how many links lead to each node, on the longest way."""
        return _lengths(list(self.nodes), self.before)

    @cached_property
    def height(self) -> dict[str, int]:
        """Return how many links lead on from each node, on the longest way."""
        return _lengths(list(self.nodes)[::-1], self.after)

    def links_between(self, kept: set[str]) -> set[tuple[str, str]]:
        """Return which of the nodes ``kept`` feed which, directly or only through others; also `OUTSIDE`."""
        reached: dict[str, set[str]] = {OUTSIDE: {OUTSIDE}}
        for name in self.nodes:
            sources = {s for source in self.before[name] for s in reached.get(source, ())}
            reached[name] = {name} if name in kept else sources
        ends = [(name, self.before[name]) for name in self.nodes if name in kept]
        ends.append((OUTSIDE, tuple(name for name in self.nodes if OUTSIDE in self.after[name])))
        return {(s, name) for name, before in ends for each in before for s in reached.get(each, ())}


class Levels:
    """The levels of one graph, each made once."""

    def __init__(self, graph: ModelGraph) -> None:
        self.graph = graph
        self._before, self._outputs = links(graph)
        self._known: dict[str | None, Level] = {}

    def holds_layers(self, parent: str) -> bool:
        """Tell whether there are layers inside, and not only operations."""
        return any(node.kind != "operation" for node in self.graph.children(parent))

    def level(self, parent: str | None) -> Level:
        """Return what lies directly below ``parent`` (None: the model)."""
        if parent not in self._known:
            self._known[parent] = self._level(parent)
        return self._known[parent]

    def parameters(self, name: str, *, trainable: bool = False) -> int:
        """Return the number of parameters of a node and of everything inside it, all or those that train."""
        total, waiting = 0, [name]
        while waiting:
            node = self.graph.by_id[waiting.pop()]
            total += node.trainable_parameters if trainable else node.parameters
            waiting += [child.id for child in self.graph.children(node.id)]
        return total

    def _level(self, parent: str | None) -> Level:
        nodes = {node.id: node for node in self.graph.children(parent)}
        leaving = set(self._outputs.get(parent, ()) if parent else self.graph.outputs)
        before = {
            name: tuple(OUTSIDE if source == parent else source for source in self._before.get(name, ()))
            for name in nodes
        }
        after: dict[str, list[str]] = {name: [OUTSIDE] * (name in leaving) for name in nodes}
        for name in sorted(nodes):
            for source in before[name]:
                if source != OUTSIDE:
                    after[source].append(name)
        ends = {name: tuple(targets) for name, targets in after.items()}
        return Level({name: nodes[name] for name in _order(before, ends)}, before, ends)


def _order(before: Links, after: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the names so that sources come first, and by the alphabet where that leaves a choice."""
    waiting = {name: sum(source != OUTSIDE for source in sources) for name, sources in before.items()}
    ready = [name for name, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    order: list[str] = []
    placed: set[str] = set()
    rest = iter(sorted(waiting))
    while len(order) < len(waiting):
        # Only in a damaged file do links close a circle: then it is opened at the first name.
        name = heapq.heappop(ready) if ready else next(name for name in rest if name not in placed)
        if name in placed:
            continue
        order.append(name)
        placed.add(name)
        for target in after[name]:
            if target != OUTSIDE:
                waiting[target] -= 1
                if waiting[target] == 0:
                    heapq.heappush(ready, target)
    return order


def _lengths(order: Sequence[str], neighbours: Links) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in order:
        found[name] = max((found[other] + 1 for other in neighbours[name] if other in found), default=0)
    return found
