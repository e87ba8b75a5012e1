"""What of a model is drawn: boxes, some open in their place, and the data flow between the rest."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any

from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.folds import Fold, folded

Json = dict[str, Any]
Link = tuple[str, str]

FOLDS_FROM = 48
"""Layers side by side from which on repeated blocks are folded: fewer are soon looked through."""

ENTRY, EXIT = "<entry>", "<exit>"
"""Where data comes into, and goes out of, a box that is open; no layer's id holds these signs unescaped."""


@dataclass(frozen=True)
class Item:
    """A box: a layer, a group or a run of blocks; with ``inside`` it is open and shows these."""

    key: str
    fold: Fold | None = None
    inside: tuple["Item", ...] | None = None

    @property
    def members(self) -> tuple[str, ...]:
        """Return the ids of the layers that the box stands for."""
        return self.fold.members if self.fold else (self.key,)


@dataclass(frozen=True)
class Unfolded:
    """The boxes directly below a group (None: the model), those in ``opened`` open in their place."""

    architecture: Architecture
    group: str | None
    opened: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Return the boxes of the outermost level."""
        return self._items(self.group)

    def _items(self, parent: str | None) -> tuple[Item, ...]:
        architecture = self.architecture
        ids = [node["id"] for node in architecture.children(parent)]
        if len(ids) <= FOLDS_FROM:
            return tuple(map(self._single, ids))
        labellings = [{id_: label(architecture.by_id[id_]) for id_ in ids} for label in (_exactly, _roughly)]
        found = folded(ids, architecture.links(parent), labellings, FOLDS_FROM)
        return tuple(self._run(each) if isinstance(each, Fold) else self._single(each) for each in found)

    def _run(self, fold: Fold) -> Item:
        inside = tuple(map(self._single, fold.members)) if fold.key in self.opened else None
        return Item(fold.key, fold, inside)

    def _single(self, id_: str) -> Item:
        opens = id_ in self.opened and self.architecture.is_group(id_)
        return Item(id_, inside=self._items(id_) if opens else None)

    @cached_property
    def _all(self) -> list[tuple[Item, tuple[str, ...]]]:
        return list(_walk(self.items, ()))

    @cached_property
    def drawn(self) -> list[Item]:
        """Return the boxes that are not open, from the outside in and in the order of the data flow."""
        return [item for item, _ in self._all if item.inside is None]

    @cached_property
    def open(self) -> list[Item]:
        """Return the boxes that are open, an outer one before those in it."""
        return [item for item, _ in self._all if item.inside is not None]

    @cached_property
    def ways(self) -> dict[str, tuple[str, ...]]:
        """Return, for each drawn box, the open boxes around it, the outermost first."""
        return {item.key: way for item, way in self._all if item.inside is None}

    @cached_property
    def by_key(self) -> dict[str, Item]:
        """Return every box by its key."""
        return {item.key: item for item, _ in self._all}

    @cached_property
    def links(self) -> list[Link]:
        """Return the edges between drawn boxes, each pair once: none is lost by what is folded or open."""
        boxes = {member: item.key for item in self.drawn for member in item.members}
        flow = _Flow(self.architecture, {item.key for item in self.open}, self.group)
        pairs = ((boxes[source], boxes[end]) for source in boxes for end in flow.targets(source))
        return list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))


def _walk(items: Sequence[Item], way: tuple[str, ...]) -> Iterator[tuple[Item, tuple[str, ...]]]:
    """Yield every box with the open ones around it."""
    for item in items:
        yield item, way
        if item.inside is not None:
            yield from _walk(item.inside, (*way, item.key))


class _Flow:
    """Edges followed into and out of open groups, port by port."""

    def __init__(self, architecture: Architecture, opened: set[str], outermost: str | None) -> None:
        self.architecture = architecture
        self.opened = opened
        self.outermost = outermost

    def targets(self, node: str) -> Iterator[str]:
        """Yield the drawn layers that a drawn layer feeds."""
        for edge in self.architecture.outgoing(node):
            if self.architecture.parent(edge["target"]) != node:
                yield from self._arrives(edge, node)

    def _arrives(self, edge: Json, source: str) -> Iterator[str]:
        """Yield where an edge ends: in an open group at what its port feeds; its own parent leads out."""
        target = edge["target"]
        if target == self.architecture.parent(source):
            if target in self.opened and target != self.outermost:
                yield from self._onward(target, edge["target_port"], inwards=False)
        elif target in self.opened:
            yield from self._onward(target, edge["target_port"], inwards=True)
        elif target in self.architecture.by_id:
            yield target

    def _onward(self, group: str, port: int, *, inwards: bool) -> Iterator[str]:
        for edge in self.architecture.outgoing(group):
            inside = self.architecture.parent(edge["target"]) == group
            if edge["source_port"] == port and inside == inwards:
                yield from self._arrives(edge, group)


def _exactly(node: Json) -> Hashable:
    """Return what layers of repeated blocks have in common: type, outputs and weights."""
    outputs = tuple(tuple(output["shape"][1:]) for output in node["outputs"])
    return node["type"], outputs, tuple(prod(variable["shape"]) for variable in node["variables"])


def _roughly(node: Json) -> Hashable:
    """Return what they have in common where blocks grow from one to the next."""
    return node["type"], len(node["outputs"]), len(node["variables"])
