"""What changed between two graphs."""

from collections.abc import Iterator
from typing import Any

from inspectree.logger.architecture.model_graph import ModelGraph, Node
from inspectree.logger.frozen import Frozen
from inspectree.server.comparison.change import Change, changes
from inspectree.server.comparison.level import OUTSIDE, Levels
from inspectree.server.comparison.matching import Pairs, matched
from inspectree.server.comparison.wiring import Pair, Rewired, Wiring

FOLLOWING = frozenset({"output shape", "parameters", "trainable parameters"})
"""What changes of a layer because something else did."""


ALIKE = frozenset({"matched", "pairs"})
"""What is told of layers whether they changed or not."""


class Layer(Frozen):
    """A layer that only one of the models has; ``after`` are those that feed it."""

    id: str
    name: str
    type: str
    settings: dict[str, Any]
    parameters: int
    shape: tuple[int | None, ...] | None
    after: tuple[str, ...]


class Altered(Frozen):
    """A layer that both models have, with what is different about it."""

    before: str
    after: str
    name: str
    type: str
    changes: tuple[Change, ...]

    @property
    def by_itself(self) -> bool:
        """Tell whether something changed that does not follow from changes elsewhere."""
        return any(change.key not in FOLLOWING for change in self.changes)


class LayerChanges(Frozen):
    """What changed between two graphs; of a layer that only one has, what is inside is not told by itself.

    ``pairs`` are all layers of both, changed or not; ``matched`` tells how many that are.
    """

    matched: int = 0
    pairs: tuple[Pair, ...] = ()
    added: tuple[Layer, ...] = ()
    removed: tuple[Layer, ...] = ()
    altered: tuple[Altered, ...] = ()
    renamed: tuple[Pair, ...] = ()
    moved: tuple[Pair, ...] = ()
    rewired: tuple[Rewired, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing changed."""
        return not any(getattr(self, name) for name in type(self).model_fields if name not in ALIKE)


def layer_changes(a: ModelGraph, b: ModelGraph) -> LayerChanges:
    """Return what changed from ``a`` to ``b``, each list in the order of the data flow."""
    pairs = matched(a, b)
    back = {of_b: of_a for of_a, of_b in pairs.items()}
    in_a, in_b = Levels(a), Levels(b)
    both = list(_both(in_a, in_b, pairs))
    nodes = [
        (in_a.graph.by_id[name], in_b.graph.by_id[pairs[name]])
        for x, _ in both
        for name in in_a.level(x).nodes
        if name in pairs
    ]
    altered = (_altered(in_a, in_b, x, y) for x, y in nodes)
    wirings = [Wiring(in_a.level(x), in_b.level(y), pairs).settled() for x, y in both]
    return LayerChanges(
        matched=len(nodes),
        pairs=tuple(Pair(before=x.id, after=y.id) for x, y in nodes),
        added=tuple(layer for _, y in both for layer in _only(in_b, y, back)),
        removed=tuple(layer for x, _ in both for layer in _only(in_a, x, pairs)),
        altered=tuple(layer for layer in altered if layer.changes),
        renamed=tuple(Pair(before=x.id, after=y.id) for x, y in nodes if _name(x) != _name(y)),
        moved=tuple(pair for wiring in wirings for pair in wiring.moved),
        rewired=tuple(link for wiring in wirings for link in wiring.links()),
    )


def _both(a: Levels, b: Levels, pairs: Pairs) -> Iterator[tuple[str | None, str | None]]:
    """Yield the levels that both graphs have, the outer ones first."""
    waiting: list[tuple[str | None, str | None]] = [(None, None)]
    for x, y in waiting:  # grows while it is walked
        yield x, y
        inside = [(name, pairs[name]) for name in a.level(x).nodes if name in pairs]
        waiting += [(of_a, of_b) for of_a, of_b in inside if a.holds_layers(of_a) and b.holds_layers(of_b)]


def _only(all_levels: Levels, parent: str | None, pairs: Pairs) -> Iterator[Layer]:
    """Yield the layers of a level that have no pair."""
    level = all_levels.level(parent)
    for name, node in level.nodes.items():
        if name not in pairs:
            yield Layer(
                id=name,
                name=node.name,
                type=node.type,
                settings=node.config,
                parameters=all_levels.parameters(name),
                shape=node.outputs[0].shape if node.outputs else None,
                after=tuple(source for source in dict.fromkeys(level.before[name]) if source != OUTSIDE),
            )


def _altered(a: Levels, b: Levels, x: Node, y: Node) -> Altered:
    """Return what is different about a pair."""
    settings = changes(x.config, y.config)
    facts = changes(_facts(a, x), _facts(b, y))
    steps = () if settings or a.holds_layers(x.id) else changes(_steps(a, x), _steps(b, y))
    return Altered(before=x.id, after=y.id, name=y.name, type=y.type, changes=(*settings, *facts, *steps))


def _facts(of: Levels, node: Node) -> dict[str, Any]:
    shapes = [[*output.shape[1:]] for output in node.outputs]
    return {
        "output shape": shapes[0] if len(shapes) == 1 else shapes,
        "parameters": of.parameters(node.id),
        "trainable parameters": of.parameters(node.id, trainable=True),
    }


def _steps(of: Levels, node: Node) -> dict[str, Any]:
    """Return the types of the operations inside: where no setting tells, the code of the layer changed."""
    return {"operations": sorted(child.type for child in of.graph.children(node.id))}


def _name(node: Node) -> str:
    """Return a node's own name, with the number of the call."""
    return node.id.rpartition("/")[2]
