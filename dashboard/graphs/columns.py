"""A tall layout in columns: a chain of hundreds of layers would else be a line that no map can show."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import ceil, sqrt

from inspectree.dashboard.graphs.layered import Placement, Point

Link = tuple[str, str]

SLENDER = 9.0
"""How many times taller than wide a layout is left as it is."""

TALL = 4500.0
"""Pixels up to which it is left as it is in any case."""

ASPECT = 1.1
"""Height over width that columns make for."""

APART = 110.0
TURN = 26.0
"""Pixels above and below the columns where edges go over to the next one."""

SLACK = 0.12
"""Share of a column by which it may be longer or shorter, so that fewer edges go over."""


@dataclass(frozen=True)
class _Row:
    """Boxes beside each other: from ``top`` to ``bottom``."""

    top: float
    bottom: float


@dataclass(frozen=True)
class _Column:
    """What is moved together: by ``x`` to the right and by ``y`` down; ``gutter`` is at its right."""

    x: float
    y: float
    gutter: float
    bottom: float


def in_columns(sizes: Mapping[str, Point], links: Sequence[Link], placement: Placement) -> Placement:
    """Return the layout with its rows in columns from left to right, where it is much taller than wide."""
    rows = _rows(sizes, placement)
    if not rows:
        return placement
    ((left, right),) = _extents(sizes, placement, rows, [0])
    height, width = rows[-1].bottom - rows[0].top, right - left + APART
    if height < max(TALL, SLENDER * width):
        return placement
    count = ceil(sqrt(height / width / ASPECT))
    begins = _cuts(rows, _over(rows, links, placement), count)
    return _moved(sizes, links, placement, rows, begins)


def _rows(sizes: Mapping[str, Point], placement: Placement) -> list[_Row]:
    """Return the rows from top to bottom: boxes of one row have their centres at one height."""
    heights: dict[float, float] = {}
    for key, (_, y) in placement.centres.items():
        heights[y] = max(heights.get(y, 0.0), sizes[key][1])
    return [_Row(y - height / 2, y + height / 2) for y, height in sorted(heights.items())]


def _row(rows: Sequence[_Row], y: float) -> int:
    """Return the row that a height belongs to; rounded, as bends lie on the rows' borders."""
    return max(0, bisect_right(rows, y + 0.01, key=lambda row: row.top) - 1)


def _over(rows: Sequence[_Row], links: Sequence[Link], placement: Placement) -> list[int]:
    """Return how many edges go from above each row to it or beyond."""
    change = [0] * (len(rows) + 1)
    for source, target in links:
        start, end = sorted(_row(rows, placement.centres[key][1]) for key in (source, target))
        change[start + 1] += 1
        change[end + 1 if end + 1 < len(change) else -1] -= 1
    return list(accumulate(change))


def _cuts(rows: Sequence[_Row], over: Sequence[int], count: int) -> list[int]:
    """Return the first row of each column: of about the same height, cut where few edges go over."""
    height = (rows[-1].bottom - rows[0].top) / count
    begins = [0]
    for number in range(1, count):
        wanted = rows[0].top + number * height
        near = [
            index
            for index in range(begins[-1] + 1, len(rows))
            if abs(rows[index].top - wanted) <= SLACK * height
        ]
        if near:
            begins.append(min(near, key=lambda index: (over[index], abs(rows[index].top - wanted))))
    return begins


def _moved(
    sizes: Mapping[str, Point],
    links: Sequence[Link],
    placement: Placement,
    rows: Sequence[_Row],
    begins: Sequence[int],
) -> Placement:
    columns, x = [], 0.0
    spans = _extents(sizes, placement, rows, begins)
    for (first, end), (left, right) in zip(pairwise([*begins, len(rows)]), spans, strict=True):
        gutter = x + right - left + APART / 2
        columns.append(_Column(x - left, -rows[first].top, gutter, rows[end - 1].bottom - rows[first].top))
        x += right - left + APART

    def place(y: float) -> int:
        return bisect_right(begins, _row(rows, y)) - 1

    def moved(point: Point) -> Point:
        column = columns[place(point[1])]
        return point[0] + column.x, point[1] + column.y

    centres = {key: moved(centre) for key, centre in placement.centres.items()}
    bends = {}
    for index, (source, target) in enumerate(links):
        stops = [placement.centres[source], *placement.bends.get(index, []), placement.centres[target]]
        points = _around([(moved(stop), place(stop[1])) for stop in stops], columns)
        if points:
            bends[index] = points
    return Placement(centres, bends)


def _extents(
    sizes: Mapping[str, Point], placement: Placement, rows: Sequence[_Row], begins: Sequence[int]
) -> list[tuple[float, float]]:
    """Return the left and right end of each column."""
    lefts, rights = [float("inf")] * len(begins), [float("-inf")] * len(begins)
    spans = [(x, y, sizes[key][0] / 2) for key, (x, y) in placement.centres.items()]
    spans += [(x, y, 0.0) for points in placement.bends.values() for x, y in points]
    for x, y, half in spans:
        column = bisect_right(begins, _row(rows, y)) - 1
        lefts[column], rights[column] = min(lefts[column], x - half), max(rights[column], x + half)
    return list(zip(lefts, rights, strict=True))


def _around(stops: Sequence[tuple[Point, int]], columns: Sequence[_Column]) -> list[Point]:
    """Return the bends between an edge's ends: from column to column below, up the gutter, and above."""
    points: list[Point] = []
    for number, (((x, y), column), ((next_x, _), other)) in enumerate(pairwise(stops)):
        points += [(x, y)] * (number > 0)
        if other > column:
            below, above = columns[column].bottom + TURN, -TURN
            gutter = columns[other - 1].gutter
            points += [(x, below), (gutter, below), (gutter, above), (next_x, above)]
    return points
