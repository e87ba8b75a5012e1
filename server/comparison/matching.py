"""Which node of one graph is which node of another, also where all names are different.

On each level of nesting, from the surest evidence to the weakest: the same name that a person gave, for the
same type; the same looks and surroundings, of ever smaller radius (as in `colours`), each time with what
follows: the same looks, fed by pairs or feeding them; for the rest the assignment of least cost within each
type, by settings, shapes, place and neighbours (Riesen and Bunke: Approximate Graph Edit Distance Computation
by Means of Bipartite Graph Matching, 2009). What is inside of two layers is compared where the layers
themselves are a pair.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from inspectree.logger.architecture.model_graph import ModelGraph, Node
from inspectree.server.comparison.colours import Colours, closely, coloured, roughly
from inspectree.server.comparison.cost import TOO_MUCH, costs
from inspectree.server.comparison.level import OUTSIDE, Level, Levels, Links

Pairs = dict[str, str]
Names = tuple[str, ...]

RADIUS = 3
"""How far the surroundings are looked at. What is added changes the looks of what is that near."""

MANY = 64
"""From so many nodes on that look alike, they are taken in their order."""


def matched(a: ModelGraph, b: ModelGraph) -> Pairs:
    """Return of each node of ``a`` that is also in ``b`` which one it is there, on every level of nesting."""
    if _rank(b) < _rank(a):  # one direction is as good as the other, so that both tell the same
        return {of_a: of_b for of_b, of_a in _matched(b, a).items()}
    return _matched(a, b)


def _rank(graph: ModelGraph) -> list[tuple[str, str]]:
    return sorted((node.id, node.type) for node in graph.nodes)


def _matched(a: ModelGraph, b: ModelGraph) -> Pairs:
    in_a, in_b = Levels(a), Levels(b)
    found: Pairs = {}
    waiting: list[tuple[str | None, str | None]] = [(None, None)]
    for of_a, of_b in waiting:  # grows while it is walked
        pairs = match_levels(in_a.level(of_a), in_b.level(of_b))
        found |= pairs
        waiting += [(x, y) for x, y in pairs.items() if in_a.holds_layers(x) and in_b.holds_layers(y)]
    return found


def match_levels(a: Level, b: Level) -> Pairs:
    """Return the pairs of two levels."""
    pairs = _by_name(a, b)
    close = coloured(a, b, closely, RADIUS)
    _extend(a, b, pairs, *close[0])
    for colours in reversed(close):
        _by_colour(a, b, pairs, *colours)
        _extend(a, b, pairs, *close[0])
    if len(a.nodes) - len(pairs) > MANY:
        rough = coloured(a, b, roughly, RADIUS)
        for colours in reversed(rough[1:]):
            _by_colour(a, b, pairs, *colours)
            _extend(a, b, pairs, *rough[0])
    _by_cost(a, b, pairs)
    return pairs


def _extend(a: Level, b: Level, pairs: Pairs, of_a: Colours, of_b: Colours) -> None:
    """Pair what looks the same and is fed by pairs, then what feeds pairs; twins are left for later."""
    _follow(list(a.nodes), a.before, b.before, pairs, of_a, of_b)
    _follow(list(a.nodes)[::-1], a.after, b.after, pairs, of_a, of_b)


def _follow(order: list[str], a: Links, b: Links, pairs: Pairs, of_a: Colours, of_b: Colours) -> None:
    taken = set(pairs.values())
    here = Counter((of_a[name], _key(a[name])) for name in order if name not in pairs)
    there: dict[tuple[int, Names], list[str]] = {}
    for name, neighbours in b.items():
        if name not in taken:
            there.setdefault((of_b[name], _key(neighbours)), []).append(name)
    known = {OUTSIDE: OUTSIDE} | pairs
    for name in order:
        neighbours = a[name]
        if name in pairs or not neighbours or not known.keys() >= set(neighbours):
            continue
        fitting = there.get((of_a[name], _key(known[other] for other in neighbours)), [])
        if len(fitting) == 1 == here[of_a[name], _key(neighbours)]:
            pairs[name] = known[name] = fitting[0]


def _key(names: Iterable[str]) -> Names:
    return tuple(sorted(names))


def _by_name(a: Level, b: Level) -> Pairs:
    there = {_own_name(name): name for name in b.nodes}
    found = ((name, there.get(_own_name(name))) for name, node in a.nodes.items() if _is_given(node))
    return {name: other for name, other in found if other and b.nodes[other].type == a.nodes[name].type}


def _own_name(id_: str) -> str:
    return id_.rpartition("/")[2]


def _is_given(node: Node) -> bool:
    """Tell whether a person named a node: Keras counts those of a type."""
    counted = re.sub(r"(_\d+)?$", "", node.name)
    return node.kind != "operation" and counted not in {_snake_case(node.type), "input_layer", "input"}


@lru_cache(maxsize=4096)
def _snake_case(type_: str) -> str:
    """Return a type as Keras turns it into a name: ``Conv2DTranspose`` is ``conv2d_transpose``."""
    apart = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub(r"\W+", "", type_))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", apart).lower()


def _by_colour(a: Level, b: Level, pairs: Pairs, of_a: Colours, of_b: Colours) -> None:
    """Pair the nodes of each colour of which there are equally many on both sides."""
    there = _classes(of_b, set(of_b) - set(pairs.values()))
    for colour, names in _classes(of_a, set(of_a) - pairs.keys()).items():
        others = there.get(colour, [])
        if len(others) == len(names):
            _pair_up(a, b, pairs, names, others)


def _classes(colours: Colours, names: set[str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for name, colour in colours.items():
        if name in names:
            found.setdefault(colour, []).append(name)
    return found


def _pair_up(a: Level, b: Level, pairs: Pairs, names: list[str], others: list[str]) -> None:
    """Pair equally many nodes, each with the one whose neighbours fit best, then whose name and place do."""
    if len(names) > MANY:
        pairs.update(zip(names, others, strict=True))
        return
    left = list(others)
    for name in names:
        other = max(
            left,
            key=lambda other: (
                _agreement(a, b, pairs, name, other),
                _own_name(name) == _own_name(other),
                -abs(a.depth[name] - b.depth[other]),
            ),
        )
        left.remove(other)
        pairs[name] = other


def _agreement(a: Level, b: Level, pairs: Pairs, name: str, other: str) -> int:
    """Return how many neighbours of two nodes are pairs."""
    return sum(
        pairs.get(source) in there
        for here, there in ((a.before[name], b.before[other]), (a.after[name], b.after[other]))
        for source in here
    )


def _by_cost(a: Level, b: Level, pairs: Pairs) -> None:
    """Pair the rest within each type so that the sum of the costs is least."""
    from scipy.optimize import linear_sum_assignment  # takes half a second to import, and few ask for it

    left = _by_type(a, a.nodes.keys() - pairs.keys())
    there = _by_type(b, b.nodes.keys() - set(pairs.values()))
    known = dict(pairs)
    for type_, names in left.items():
        others = there.get(type_, [])
        if others:
            matrix = costs(a, b, known, names, others)
            rows, columns = linear_sum_assignment(matrix)
            near = matrix[rows, columns] <= TOO_MUCH
            pairs.update(
                (names[row], others[column]) for row, column in zip(rows[near], columns[near], strict=True)
            )


def _by_type(level: Level, names: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    wanted = set(names)
    found: dict[tuple[str, str], list[str]] = {}
    for name, node in level.nodes.items():
        if name in wanted:
            found.setdefault((node.type, node.kind), []).append(name)
    return found
