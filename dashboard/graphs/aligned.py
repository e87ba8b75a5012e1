"""Which layers of two models stand on the same height: those of both, as far as no edge leads upwards."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inspectree.dashboard.graphs.folds import ordered
from inspectree.dashboard.graphs.layered import longest_ways

Link = tuple[str, str]
Pairs = Mapping[str, str]
"""Which box of the right model is which of the left one."""


@dataclass(frozen=True)
class Side:
    """The boxes of one model, and the edges between them."""

    ids: Sequence[str]
    links: Sequence[Link]


@dataclass(frozen=True)
class Rows:
    """The row of each box on either side; ``order`` lists those of both, a pair under its name in ``a``."""

    a: dict[str, int]
    b: dict[str, int]
    pairs: dict[str, str]
    order: list[str]


def rows(a: Side, b: Side, pairs: Pairs) -> Rows:
    """Return the rows, in which every pair is level but for those that the data flow puts elsewhere."""
    kept = _in_step(a, b, pairs)
    names = _names(b, kept)
    both = _merged(a, b, names)
    rank = longest_ways(both.ids, both.links)
    return Rows(
        {id_: rank[_left(id_)] for id_ in a.ids},
        {id_: rank[names[id_]] for id_ in b.ids},
        kept,
        ordered(both.ids, both.links),
    )


def of_left(name: str) -> str:
    """Return which box of the left model a name in `Rows.order` stands for; empty for one of the right."""
    return name.removeprefix("<") if name.startswith("<") else ""


def _left(id_: str) -> str:
    return f"<{id_}"


def _names(b: Side, pairs: Pairs) -> dict[str, str]:
    """Return what the boxes of ``b`` are called where both models are one graph."""
    back = {of_b: of_a for of_a, of_b in pairs.items()}
    return {id_: _left(back[id_]) if id_ in back else f">{id_}" for id_ in b.ids}


def _merged(a: Side, b: Side, names: Mapping[str, str]) -> Side:
    """Return both models as one graph, in which a pair is one box."""
    links = [(_left(source), _left(target)) for source, target in a.links]
    links += [(names[source], names[target]) for source, target in b.links]
    ids = [*map(_left, a.ids), *(names[id_] for id_ in b.ids)]
    return Side(list(dict.fromkeys(ids)), list(dict.fromkeys(links)))


def _in_step(a: Side, b: Side, pairs: Pairs) -> dict[str, str]:
    """Return the pairs that can be level all together.

    Of those in which the models disagree about the order, the most that go in the same direction stay.
    """
    both = _merged(a, b, _names(b, pairs))
    circle = _circular(both)
    place = {id_: index for index, id_ in enumerate(ordered(b.ids, b.links))}
    torn = [id_ for id_ in ordered(a.ids, a.links) if id_ in pairs and _left(id_) in circle]
    level = {torn[index] for index in _longest_rise([place[pairs[id_]] for id_ in torn])}
    return {of_a: of_b for of_a, of_b in pairs.items() if of_a in level or _left(of_a) not in circle}


def _circular(graph: Side) -> set[str]:
    """Return what is left when sources and ends are taken away again and again: circles, and between them."""
    left = set(graph.ids)
    for links in (graph.links, [(target, source) for source, target in graph.links]):
        left -= _taken_away(left, [link for link in links if left.issuperset(link)])
    return left


def _taken_away(ids: Iterable[str], links: Sequence[Link]) -> set[str]:
    below = defaultdict(list)
    for source, target in links:
        below[source].append(target)
    waiting = Counter(target for _, target in links)
    ready = [id_ for id_ in ids if not waiting[id_]]
    for id_ in ready:  # grows while it is walked
        for target in below[id_]:
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return set(ready)


def _longest_rise(numbers: Sequence[int]) -> list[int]:
    """Return the places of a longest rising part of ``numbers`` (Fredman, 1975)."""
    ends: list[int] = []
    places: list[int] = []
    before: dict[int, int | None] = {}
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before[place] = places[length - 1] if length else None
        ends[length:] = [*[number], *ends[length + 1 :]]
        places[length:] = [place, *places[length + 1 :]]
    found: list[int] = []
    last = places[-1] if places else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found[::-1]
