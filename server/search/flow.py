"""How data flows between the parts of one layer, or of the model: a graph without circles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from inspectree.logger.architecture.model_graph import ModelGraph, Node
from inspectree.server.search.traits import weighted

START = ""
"""Stands before everything: every input comes from there."""

Links = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Flow:
    """The nodes directly below ``parent`` (None: the model), in the order of their calls.

    ``before`` and ``after`` tell each one's neighbours once, in the order of the ports; the parent's id
    among them is its own input. ``outputs`` are the nodes whose output leaves the level. ``weighted`` holds
    the nodes of the whole graph that have weights inside.
    """

    parent: str | None
    nodes: Mapping[str, Node]
    before: Links
    after: Links
    outputs: frozenset[str]
    weighted: frozenset[str]
    kept: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What patterns have made of it that others need, too."""

    @cached_property
    def order(self) -> dict[str, int]:
        """Return the place of every node, and of the parent's input, so that sources come first."""
        entry = [] if self.parent is None else [self.parent]
        return {name: place for place, name in enumerate([START, *entry, *self.nodes])}

    @cached_property
    def gates(self) -> dict[str, str]:
        """Return of every node the last one that all ways to it lead through: its immediate dominator.

        One pass, since there are no circles (Cooper, Harvey and Kennedy: A Simple, Fast Dominance Algorithm,
        2001).
        """
        gates = {START: START}
        self._depths.update({START: 0})
        for name in list(self.order)[1:]:
            sources = self.before.get(name) or (START,)
            gate = sources[0]
            for source in sources[1:]:
                gate = self._common(gates, gate, source)
            gates[name] = gate
            self._depths[name] = self._depths[gate] + 1
        return gates

    @cached_property
    def _depths(self) -> dict[str, int]:
        """Return how many gates lie before each node; filled together with them."""
        return {}

    def _common(self, gates: Mapping[str, str], a: str, b: str) -> str:
        while a != b:
            if self._depths[a] >= self._depths[b]:
                a = gates[a]
            else:
                b = gates[b]
        return a

    def parting(self, a: str, b: str) -> str:
        """Return the last node that all ways to two nodes lead through; `START` where there is none."""
        return self._common(self.gates, a, b)

    def is_behind(self, gate: str, name: str) -> bool:
        """Tell whether all ways to ``name`` lead through ``gate``."""
        gates = self.gates
        while self._depths[name] > self._depths[gate]:
            name = gates[name]
        return name == gate

    def between(self, begins: str, last: str) -> tuple[str, ...]:
        """Return what lies on the ways from ``begins``, without it, to ``last``, in order; all lead there."""
        found: set[str] = set()
        waiting = [last] if last != begins else []
        while waiting:
            here = waiting.pop()
            if here not in found:
                found.add(here)
                waiting += [source for source in self.before.get(here, ()) if source != begins]
        return tuple(sorted(found, key=self.order.__getitem__))

    @cached_property
    def lengths(self) -> dict[str, int]:
        """Return how many nodes with weights the longest way to each node leads through, itself included."""
        found: dict[str, int] = {}
        for name in self.order:
            longest = max((found[source] for source in self.before.get(name, ())), default=0)
            found[name] = longest + (name in self.weighted and name != self.parent)
        return found

    def members(self, *names: str) -> tuple[str, ...]:
        """Return names in order, each once; the parent's own input is no part of what it holds."""
        inside = {name for name in names if name in self.nodes}
        return tuple(sorted(inside, key=self.order.__getitem__))


def flows(graph: ModelGraph) -> Iterator[Flow]:
    """Yield the flow of the model and of every layer that holds layers, the outer ones first."""
    before, outputs = links(graph)
    has_weights = weighted(graph)
    waiting: list[str | None] = [None]
    for parent in waiting:  # grows while it is walked: what nothing leads to is never reached
        children = {node.id: node for node in graph.children(parent)}
        waiting += [id_ for id_ in children if graph.children(id_)]
        if any(node.kind != "operation" for node in children.values()):
            leaving = outputs.get(parent, []) if parent else graph.outputs
            yield _flow(parent, children, before, frozenset(leaving), has_weights)


def links(graph: ModelGraph) -> tuple[dict[str, list[str]], dict[str | None, list[str]]]:
    """Return each node's sources, and what leaves each layer; edges from variables are no flow of data."""
    before: dict[str, list[str]] = {}
    outputs: dict[str | None, list[str]] = {}
    for edge in sorted(graph.edges, key=lambda edge: edge.target_port):
        source, target = graph.by_id.get(edge.source), graph.by_id.get(edge.target)
        if source is None or target is None:
            continue
        if source.parent == target.id:
            outputs.setdefault(target.id, []).append(source.id)
        elif source.id == target.parent or source.parent == target.parent:
            before.setdefault(target.id, []).append(source.id)
    return before, outputs


def _flow(
    parent: str | None,
    nodes: dict[str, Node],
    before: Mapping[str, list[str]],
    outputs: frozenset[str],
    has_weights: frozenset[str],
) -> Flow:
    """Return a flow; a link against the order of the calls, which a damaged file may hold, is left out."""
    sources: dict[str, tuple[str, ...]] = {}
    targets: dict[str, list[str]] = {}
    seen = {parent}
    for name in nodes:
        sources[name] = tuple(dict.fromkeys(s for s in before.get(name, ()) if s in seen))
        seen.add(name)
        for source in sources[name]:
            targets.setdefault(source, []).append(name)
    after = {name: tuple(found) for name, found in targets.items()}
    return Flow(parent, nodes, sources, after, outputs, has_weights)
