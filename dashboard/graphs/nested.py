"""Where boxes lie when some are open: each open box is laid out by itself, then placed as one box."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from inspectree.dashboard.graphs.columns import in_columns
from inspectree.dashboard.graphs.layered import Placement, Point, layered
from inspectree.dashboard.graphs.unfolding import ENTRY, EXIT, Item, Link, Unfolded

SIDE, HEAD, FOOT = 26.0, 42.0, 24.0
"""Room inside an open box around what it shows."""

Area = tuple[float, float, float, float]
"""Left, top, width and height."""


@dataclass(frozen=True)
class Nest:
    """Centres of the drawn boxes, areas of the open ones, and the bends of each edge."""

    centres: dict[str, Point]
    areas: dict[str, Area]
    bends: dict[Link, list[Point]]


def nested(graph: Unfolded, sizes: Mapping[str, Point]) -> Nest:
    """Place the boxes of ``sizes`` (width, height), by their keys, as `layered` does, level by level."""
    ways = graph.ways
    routes = {link: _route(link, ways) for link in graph.links}
    level = _Level.of("", graph.items, routes.values(), sizes)
    nest = Nest({}, {}, {})
    parts: dict[Step, list[Point]] = {}
    level.settle((0.0, 0.0), nest, parts)
    nest.bends.update({link: _joined(route, parts, nest) for link, route in routes.items()})
    return nest


Step = tuple[str, str, str]
"""A part of an edge's way: inside which open box (empty: the outermost), from which box to which."""


def _route(link: Link, ways: Mapping[str, tuple[str, ...]]) -> list[Step]:
    """Return an edge's parts: out of the boxes around its source, across, into those around its target."""
    source, target = link
    out, into = ways[source], ways[target]
    common = sum(1 for _ in _shared(out, into))
    leaving = [(source, *reversed(out[common:])), (target, *reversed(into[common:]))]
    steps = [(around, inner, EXIT) for inner, around in pairwise(leaving[0])]
    steps.append((out[common - 1] if common else "", leaving[0][-1], leaving[1][-1]))
    return steps + [(around, ENTRY, inner) for inner, around in reversed(list(pairwise(leaving[1])))]


def _shared(first: Sequence[str], second: Sequence[str]) -> Iterable[str]:
    for one, other in zip(first, second, strict=False):
        if one != other:
            return
        yield one


@dataclass(frozen=True)
class _Level:
    """What one open box shows, laid out by itself."""

    key: str
    links: list[Link]
    placement: Placement
    inner: dict[str, "_Level"]
    area: Area

    @classmethod
    def of(
        cls, key: str, items: Sequence[Item], routes: Iterable[list[Step]], sizes: Mapping[str, Point]
    ) -> "_Level":
        """Lay out what a box shows, what is open in it first."""
        steps: dict[str, dict[Link, None]] = {}
        for route in routes:
            for around, source, target in route:
                steps.setdefault(around, {})[source, target] = None
        return cls._of(key, items, steps, sizes)

    @classmethod
    def _of(
        cls,
        key: str,
        items: Sequence[Item],
        steps: Mapping[str, Mapping[Link, None]],
        sizes: Mapping[str, Point],
    ) -> "_Level":
        inner = {
            item.key: cls._of(item.key, item.inside, steps, sizes)
            for item in items
            if item.inside is not None
        }
        own = {item.key: inner[item.key].size if item.key in inner else sizes[item.key] for item in items}
        links = list(steps.get(key, {}))
        if key:
            own = {ENTRY: (1.0, 0.0), **own, EXIT: (1.0, 0.0)}
        ends = _held(own, links) if key else []
        placement = in_columns(own, [*links, *ends], layered(own, [*links, *ends]))
        return cls(key, links, placement, inner, _around(own, placement))

    @property
    def size(self) -> Point:
        """Return width and height with the room around what is shown."""
        return self.area[2] + 2 * SIDE, self.area[3] + HEAD + FOOT

    def settle(self, move: Point, nest: Nest, parts: dict[Step, list[Point]]) -> None:
        """Write the final places into ``nest`` and ``parts``; ``move`` is added to those of this level."""
        right, down = move
        for key, (x, y) in self.placement.centres.items():
            level = self.inner.get(key)
            if key in {ENTRY, EXIT}:
                parts[self.key, key, key] = [(x + right, y + down)]
            elif level is None:
                nest.centres[key] = (x + right, y + down)
            else:
                width, height = level.size
                left, top = x + right - width / 2, y + down - height / 2
                nest.areas[key] = (left, top, width, height)
                level.settle((left + SIDE - level.area[0], top + HEAD - level.area[1]), nest, parts)
        for index, link in enumerate(self.links):
            bends = self.placement.bends.get(index, [])
            parts[self.key, *link] = [(x + right, y + down) for x, y in bends]


def _held(sizes: Mapping[str, Point], links: Sequence[Link]) -> list[Link]:
    """Return links that keep the entry above everything and the exit below it."""
    fed, feeding = {target for _, target in links}, {source for source, _ in links}
    inner = [key for key in sizes if key not in {ENTRY, EXIT}]
    into = [(ENTRY, key) for key in inner if key not in fed]
    return into + [(key, EXIT) for key in inner if key not in feeding]


def _around(sizes: Mapping[str, Point], placement: Placement) -> Area:
    corners = [
        (x - sizes[key][0] / 2, y - sizes[key][1] / 2, x + sizes[key][0] / 2, y + sizes[key][1] / 2)
        for key, (x, y) in placement.centres.items()
    ]
    corners += [(x, y, x, y) for bends in placement.bends.values() for x, y in bends]
    left, top, right, bottom = zip(*corners, strict=True) if corners else ([0.0], [0.0], [0.0], [0.0])
    return min(left), min(top), max(right) - min(left), max(bottom) - min(top)


def _joined(route: Sequence[Step], parts: Mapping[Step, list[Point]], nest: Nest) -> list[Point]:
    """Return all bends of an edge, where it goes through the borders of open boxes included."""
    points: list[Point] = []
    for around, source, target in route:
        if source == ENTRY:
            ((x, y),) = parts[around, ENTRY, ENTRY]
            points += [(x, nest.areas[around][1]), (x, y)]
        points += parts[around, source, target]
        if target == EXIT:
            ((x, y),) = parts[around, EXIT, EXIT]
            points += [(x, y), (x, nest.areas[around][1] + nest.areas[around][3])]
    return points
