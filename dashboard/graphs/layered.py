"""A layered layout of boxes of different sizes: data flows down, long edges keep out of boxes' way.

After Sugiyama, Tagawa and Toda (1981): ranks by longest path, virtual nodes on edges that cross a rank,
barycentre sweeps against crossings, then coordinates by weighted isotonic regression.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, zip_longest

Point = tuple[float, float]
Key = Hashable

VIRTUAL_WIDTH = 14.0
REAL_WEIGHT = 1000.0
"""How much more a box holds its place than a bend does: the main path stays straight."""

SETTLED = 0.5
"""Pixels by which places may still move when nothing is gained from another sweep."""


@dataclass(frozen=True)
class Placement:
    """Where the centres of the boxes lie, and through which points the long edges (by their index) bend."""

    centres: dict[str, Point]
    bends: dict[int, list[Point]]


@dataclass(frozen=True)
class _Virtual:
    """A place on an edge that crosses a rank."""

    edge: int
    rank: int


def layered(
    sizes: Mapping[str, Point],
    edges: Sequence[tuple[str, str]],
    *,
    gap_x: float = 40,
    gap_y: float = 44,
    sweeps: int = 8,
    ranks: Mapping[str, int] | None = None,
    depths: Sequence[float] = (),
) -> Placement:
    """Place boxes of ``sizes`` (width, height) so that every edge points down.

    Edges that close a cycle are ignored for the ranks. Where this is one of several layouts in step,
    ``ranks`` are those of the boxes, and ``depths`` how high each row is at least.
    """
    graph = _Graph(sizes, edges, ranks, depths)
    graph.order(sweeps)
    x = graph.abscissas(gap_x, sweeps)
    y = graph.ordinates(gap_y)
    centres = {key: (x[key], y[graph.rank[key]]) for key in sizes}
    bends = {edge: graph.bends(edge, chain, x, y) for edge, chain in graph.chains.items()}
    return Placement(centres, {edge: points for edge, points in bends.items() if points})


@dataclass(frozen=True)
class _Shelf:
    """A row in its order, with how far each key is at least to the right of the first."""

    keys: list[Key]
    offsets: list[float]

    def centred(self) -> list[float]:
        """Return the places with the row's middle at 0."""
        return [offset - self.offsets[-1] / 2 for offset in self.offsets]

    def settled(self, wanted: list[float]) -> Iterable[tuple[Key, float]]:
        """Return the places nearest to those wanted."""
        if len(wanted) == 1:
            return [(self.keys[0], wanted[0])]
        weights = [1.0 if isinstance(key, _Virtual) else REAL_WEIGHT for key in self.keys]
        return zip(self.keys, _separated(wanted, self.offsets, weights), strict=True)


class _Graph:
    """Boxes and virtual nodes in rows; every link joins neighbouring rows."""

    def __init__(
        self,
        sizes: Mapping[str, Point],
        edges: Sequence[tuple[str, str]],
        ranks: Mapping[str, int] | None = None,
        depths: Sequence[float] = (),
    ) -> None:
        self.edges = edges
        self.rank = dict(longest_ways(sizes, edges) if ranks is None else ranks)
        self.least = depths
        self.width: dict[Key, float] = {key: size[0] for key, size in sizes.items()}
        self.height = {key: size[1] for key, size in sizes.items()}
        self.above: defaultdict[Key, list[Key]] = defaultdict(list)
        self.below: defaultdict[Key, list[Key]] = defaultdict(list)
        count = max(max(self.rank.values(), default=-1) + 1, len(depths))
        self.rows: list[list[Key]] = [[] for _ in range(count)]
        for key in sizes:
            self.rows[self.rank[key]].append(key)
        self.chains = {index: self._link(index, *edge) for index, edge in enumerate(edges)}

    def _link(self, index: int, source: str, target: str) -> list[_Virtual]:
        chain = [_Virtual(index, rank) for rank in range(self.rank[source] + 1, self.rank[target])]
        for virtual in chain:
            self.width[virtual] = VIRTUAL_WIDTH
            self.rows[virtual.rank].append(virtual)
        stops: list[Key] = [source, *chain, target]
        for upper, lower in pairwise(stops):
            self.below[upper].append(lower)
            self.above[lower].append(upper)
        return chain

    def order(self, sweeps: int) -> None:
        """Sort every row by the mean position of its neighbours, down and up in turn."""
        rows = [row for row in self.rows if len(row) > 1]
        position = {key: place for row in self.rows for place, key in enumerate(row)}
        for sweep in range(sweeps):
            neighbours = self.below if sweep % 2 else self.above
            for row in reversed(rows) if sweep % 2 else rows:
                row.sort(key=lambda key: _mean([position[other] for other in neighbours[key]], position[key]))
                position.update({key: place for place, key in enumerate(row)})

    def abscissas(self, gap: float, sweeps: int) -> dict[Key, float]:
        """Return x centres: each box as near to the median of its neighbours as its row's order allows."""
        rows = [_Shelf(row, self._offsets(row, gap)) for row in self.rows if row]
        x = {key: place for row in rows for key, place in zip(row.keys, row.centred(), strict=True)}
        for sweep in range(sweeps + 2):
            before = dict(x)
            neighbours = self.below if sweep % 2 else self.above
            for row in reversed(rows) if sweep % 2 else rows:
                x.update(row.settled([self._wanted(key, neighbours, x) for key in row.keys]))
            if sweep % 2 and all(abs(x[key] - place) < SETTLED for key, place in before.items()):
                break
        return x

    def bends(
        self, edge: int, chain: list[_Virtual], x: Mapping[Key, float], y: Sequence[float]
    ) -> list[Point]:
        """Return where an edge turns: at the borders of rows, so that it turns between them only."""
        source, target = self.edges[edge]
        if self.rank[source] >= self.rank[target]:
            return []
        leaves = (x[source], self._border(source, y, 1))
        passes = [
            (x[virtual], y[virtual.rank] + side * self.depth(virtual.rank) / 2)
            for virtual in chain
            for side in (-1, 1)
        ]
        arrives = (x[target], self._border(target, y, -1))
        ends = [leaves] * self._is_lower(source), [arrives] * self._is_lower(target)
        return [*ends[0], *passes, *ends[1]]

    def _border(self, key: str, y: Sequence[float], side: int) -> float:
        rank = self.rank[key]
        return y[rank] + side * self.depth(rank) / 2

    def _is_lower(self, key: str) -> bool:
        """Tell whether a box is lower than the tallest of its row."""
        return self.height[key] < self.depth(self.rank[key])

    def _offsets(self, row: list[Key], gap: float) -> list[float]:
        offsets = [0.0] if row else []
        for left, right in pairwise(row):
            offsets.append(offsets[-1] + (self.width[left] + self.width[right]) / 2 + gap)
        return offsets

    def _wanted(self, key: Key, neighbours: Mapping[Key, list[Key]], x: Mapping[Key, float]) -> float:
        near = neighbours[key] or self.above[key] or self.below[key]
        if not isinstance(key, _Virtual):
            near = [other for other in near if not isinstance(other, _Virtual)] or near
        return _median([x[other] for other in near]) if near else x[key]

    def depth(self, rank: int) -> float:
        """Return the height of the tallest box of a row."""
        return self._depths[rank]

    @cached_property
    def _depths(self) -> list[float]:
        own = [
            max((self.height[key] for key in row if isinstance(key, str)), default=0.0) for row in self.rows
        ]
        return [max(pair) for pair in zip_longest(own, self.least, fillvalue=0.0)]

    def ordinates(self, gap: float) -> list[float]:
        """Return the y centre of every row."""
        y, top = [], 0.0
        for rank in range(len(self.rows)):
            height = self.depth(rank)
            y.append(top + height / 2)
            top += height + gap
        return y


def longest_ways(sizes: Iterable[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return each box's longest distance from a source."""
    below, waiting = defaultdict(list), dict.fromkeys(sizes, 0)
    for source, target in edges:
        below[source].append(target)
        waiting[target] += 1
    rank = dict.fromkeys(sizes, 0)
    ready = deque(key for key in sizes if not waiting[key])
    while ready:
        key = ready.popleft()
        for other in below[key]:
            rank[other] = max(rank[other], rank[key] + 1)
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return rank


def _separated(wanted: list[float], offsets: list[float], weights: list[float]) -> list[float]:
    """Return the places nearest to ``wanted`` that keep the distances of ``offsets``.

    Isotonic regression by pool adjacent violators (Best and Chakravarti, 1990).
    """
    blocks: list[tuple[float, float, int]] = []  # weighted sum of places, weight, members
    for want, offset, weight in zip(wanted, offsets, weights, strict=True):
        blocks.append(((want - offset) * weight, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            last, previous = blocks.pop(), blocks.pop()
            blocks.append((previous[0] + last[0], previous[1] + last[1], previous[2] + last[2]))
    places = [total / weight for total, weight, members in blocks for _ in range(members)]
    return [place + offset for place, offset in zip(places, offsets, strict=True)]


def _mean(values: list[int], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _median(values: list[float]) -> float:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2
