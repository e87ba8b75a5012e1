"""A model's graph as the server answers it, with the look-ups that drawing needs."""

from functools import cached_property
from math import prod
from typing import Any

Json = dict[str, Any]

LAYOUT = {"Cast", "ExpandDims", "Reshape", "Squeeze", "Transpose"}
"""Operations that change how a tensor lies, not what it says."""


class Architecture:
    """Nodes by id, children by parent, links between siblings."""

    def __init__(self, graph: Json) -> None:
        self.graph = graph
        self.by_id: dict[str, Json] = {node["id"]: node for node in graph["nodes"]}

    @cached_property
    def _children(self) -> dict[str | None, list[Json]]:
        children: dict[str | None, list[Json]] = {}
        for node in self.graph["nodes"]:
            children.setdefault(node["parent"], []).append(node)
        return children

    @cached_property
    def _incoming(self) -> dict[str, list[Json]]:
        incoming: dict[str, list[Json]] = {}
        for edge in self.graph["edges"]:
            incoming.setdefault(edge["target"], []).append(edge)
        return incoming

    @cached_property
    def _outgoing(self) -> dict[str, list[Json]]:
        outgoing: dict[str, list[Json]] = {}
        for edge in self.graph["edges"]:
            outgoing.setdefault(edge["source"], []).append(edge)
        return outgoing

    def outgoing(self, node: str) -> list[Json]:
        """Return the edges that begin at a node, in the order of the graph."""
        return self._outgoing.get(node, [])

    def children(self, parent: str | None) -> list[Json]:
        """Return the nodes directly below ``parent``; None is the model."""
        return self._children.get(parent, [])

    def layers(self, parent: str | None) -> list[Json]:
        """Return the layers directly below ``parent``."""
        return [node for node in self.children(parent) if node["kind"] != "operation"]

    def operations(self, layer: str) -> list[Json]:
        """Return the operations directly inside a layer, without those that only lay out a variable."""
        hidden = self._laid_out(layer)
        return [
            node for node in self.children(layer) if node["kind"] == "operation" and node["id"] not in hidden
        ]

    def is_group(self, node: str) -> bool:
        """Tell whether a node holds layers of its own."""
        return bool(self.layers(node))

    def links(self, parent: str | None) -> list[tuple[str, str]]:
        """Return the edges between the children of ``parent``, each pair once, in the order of the graph."""
        return self._links.get(parent, [])

    @cached_property
    def _links(self) -> dict[str | None, list[tuple[str, str]]]:
        found: dict[str | None, dict[tuple[str, str], None]] = {}
        for edge in self.graph["edges"]:
            source, target = edge["source"], edge["target"]
            if source in self.by_id and target in self.by_id and self.parent(source) == self.parent(target):
                found.setdefault(self.parent(source), {})[source, target] = None
        return {parent: list(pairs) for parent, pairs in found.items()}

    def parent(self, node: str) -> str | None:
        """Return the node around a node; None for what lies in the model itself, or in no node."""
        found: str | None = self.by_id[node]["parent"] if node in self.by_id else None
        return found

    def uses(self, layer: str) -> list[tuple[str, str]]:
        """Return which variable of a layer feeds which of its operations: (variable name, operation id)."""
        names = self._variables(layer) | self._laid_out(layer)
        return [
            (names[edge["source"]], node["id"])
            for node in self.operations(layer)
            for edge in self._incoming.get(node["id"], ())
            if edge["source"] in names
        ]

    def _variables(self, layer: str) -> dict[str, str]:
        """Return the names of a layer's variables by their paths."""
        return {
            f"{layer}/{variable['name']}": variable["name"] for variable in self.by_id[layer]["variables"]
        }

    def _laid_out(self, layer: str) -> dict[str, str]:
        """Return the operations that only lay out a variable, such as a bias made to fit, with its name."""
        variables = self._variables(layer)
        found: dict[str, str] = {}
        for node in self.children(layer):
            sources = [edge["source"] for edge in self._incoming.get(node["id"], ())]
            if node["type"] in LAYOUT and len(sources) == 1 and (name := (variables | found).get(sources[0])):
                found[node["id"]] = name
        return found

    def sources(self, node: str) -> list[Json]:
        """Return the siblings that feed a node, in the order of its inputs."""
        edges = sorted(self._incoming.get(node, ()), key=lambda edge: edge["target_port"])
        parent = self.by_id[node]["parent"]
        found = (self.by_id.get(edge["source"]) for edge in edges)
        return [source for source in found if source and source["parent"] == parent]

    def parameters(self, node: str) -> int:
        """Return the number of parameters of a node and everything inside it."""
        own: int = sum(prod(variable["shape"]) for variable in self.by_id[node]["variables"])
        return own + sum(self.parameters(child["id"]) for child in self.layers(node))

    def flops(self) -> int | None:
        """Return the floating-point operations of a sample; None where those of a part are not known."""
        counts = [node["flops"] for node in self.children(None)]
        return None if None in counts else sum(counts)


def dims_of(node: Json) -> tuple[str, ...]:
    """Return the axis names of a node's first output; none without outputs."""
    return tuple(node["outputs"][0]["dims"]) if node["outputs"] else ()
