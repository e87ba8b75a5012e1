"""Which nodes of two levels look the same, with their surroundings up to some distance."""

from collections.abc import Callable, Hashable

import orjson

from inspectree.logger.architecture.model_graph import Node
from inspectree.server.comparison.level import OUTSIDE, Level

Colours = dict[str, int]
Look = Callable[[Node], Hashable]


def closely(node: Node) -> Hashable:
    """Return everything that a node is but for its name."""
    shapes = tuple(output.shape for output in node.outputs)
    return node.type, node.kind, orjson.dumps(node.config, option=orjson.OPT_SORT_KEYS), shapes


def roughly(node: Node) -> Hashable:
    """Return only of which type a node is."""
    return node.type, node.kind


def coloured(a: Level, b: Level, look: Look, radius: int) -> list[tuple[Colours, Colours]]:
    """Return the colours of both levels for every distance up to ``radius``; the same colour looks the same.

    Each round adds the colours of the neighbours: the sources by ports, the others in any order (Weisfeiler
    and Leman: The Reduction of a Graph to Canonical Form, 1968).
    """
    numbers: dict[Hashable, int] = {}
    now = tuple(_interned(numbers, {name: look(n) for name, n in level.nodes.items()}) for level in (a, b))
    rounds = [(now[0], now[1])]
    for _ in range(radius):
        now = tuple(
            _interned(numbers, _spread(level, colours)) for level, colours in zip((a, b), now, strict=True)
        )
        rounds.append((now[0], now[1]))
    return rounds


def _spread(level: Level, colours: Colours) -> dict[str, Hashable]:
    return {
        name: (
            colours[name],
            tuple(colours.get(source, OUTSIDE) for source in level.before[name]),
            tuple(sorted(colours.get(target, -1) for target in level.after[name])),
        )
        for name in level.nodes
    }


def _interned(numbers: dict[Hashable, int], looks: dict[str, Hashable]) -> Colours:
    return {name: numbers.setdefault(look, len(numbers)) for name, look in looks.items()}
