"""L2 of two models side by side: what is in both stands on the same height, what is different is marked."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from inspectree.dashboard.graphs.beside import Column, Fitting, Shown, column
from inspectree.dashboard.graphs.drawing import Bounds, Drawing, Frame, Line
from inspectree.dashboard.graphs.layers import model_frame
from inspectree.dashboard.graphs.marks import marks
from inspectree.dashboard.graphs.side_by_side import Plan, plan
from inspectree.dashboard.graphs.stretches import Stretch
from inspectree.dashboard.graphs.verdict import verdict

Json = dict[str, Any]

BETWEEN = 130.0
APART = 9.0
"""Pixels between the connectors of pairs in one row."""

BAR_ROOM = 64.0
"""Room above the frames, where it is summed up what is different."""


def draw_compared(
    before: Shown, after: Shown, found: Json, fitting: Fitting, unfolded: Collection[str] = ()
) -> Drawing:
    """Draw a model beside the one that it is compared with, which stands at the left.

    ``found`` is what the server tells of the two; ``unfolded`` are the paths, in either model, of unchanged
    stretches that are open.
    """
    opened = set(unfolded)

    def opener(stretch: Stretch) -> str:
        paths = before.path(stretch.a.key), after.path(stretch.b.key)
        return next((path for path in paths if path in opened), "")

    said = marks(found["layers"])
    of = plan((before.side(), after.side()), found["layers"], said, lambda stretch: bool(opener(stretch)))
    left = column(before, of.sides[0], [each.a for each in of.closed], said[0], fitting, plain=of.large)
    right = column(after, of.sides[1], [each.b for each in of.closed], said[1], fitting, plain=of.large)
    for of_a, of_b in of.pairs.items():
        left.boxes[of_a]["twin"], right.boxes[of_b]["twin"] = after.path(of_b), before.path(of_a)
    edges, around = _placed(left, right, of, found["layers"]["rewired"])
    frames = [_frame(each, area, fitting) for each, area in zip((left, right), around, strict=True)]
    inner = [
        part.open_frame(getattr(each, name), opener(each))
        for each in of.opened
        for part, name in ((left, "a"), (right, "b"))
    ]
    top, bottom = around[0][1], around[0][3]
    return Drawing(
        key=f"L2 {after.uoa} beside {before.uoa}",
        level="L2",
        nodes=[*left.boxes.values(), *right.boxes.values()],
        edges=[*_connectors(left, right, of), *edges],
        frames=[*frames, *inner],
        bounds=(around[0][0] - 20, top - 34 - BAR_ROOM, around[1][2] + 20, bottom + 20),
        comparison=verdict(before, after, found, said),
    )


def _placed(
    left: Column, right: Column, of: Plan, rewired: list[Json]
) -> tuple[list[Line], tuple[Bounds, Bounds]]:
    """Place all boxes; return the edges and the bounds of either model, which are equally high."""
    depths = _deepest(left.depths(of.rows.a), right.depths(of.rows.b))
    placements = left.place(of.rows.a, depths), right.place(of.rows.b, depths)
    a, b = left.around(placements[0]), right.around(placements[1])
    by = a[2] + BETWEEN - b[0]
    right.move(by)
    changed = {(link["source"], link["target"]): str(link["change"]) for link in rewired}
    removed = {link: change for link, change in changed.items() if change == "removed"}
    added = {link: change for link, change in changed.items() if change == "added"}
    lines = left.lines(placements[0], 0.0, removed) + right.lines(placements[1], by, added)
    top, bottom = min(a[1], b[1]), max(a[3], b[3])
    return lines, ((a[0], top, a[2], bottom), (b[0] + by, top, b[2] + by, bottom))


def _deepest(a: list[float], b: list[float]) -> list[float]:
    long, short = (a, b) if len(a) > len(b) else (b, a)
    return [max(pair) for pair in zip(long, short + [0.0] * (len(long) - len(short)), strict=True)]


def _frame(part: Column, area: Bounds, fitting: Fitting) -> Frame:
    shown = part.shown
    return model_frame(shown.model, shown.group, shown.color, area, fitting)


def _connectors(left: Column, right: Column, of: Plan) -> Iterator[Line]:
    """Yield a thin line for each layer of both models; those of one row keep apart."""
    in_row: defaultdict[int, list[str]] = defaultdict(list)
    for of_a in of.rows.pairs:
        in_row[of.rows.a[of_a]].append(of_a)
    for of_a, of_b in of.pairs.items():
        start, end = left.boxes[of_a], right.boxes[of_b]
        row = in_row[of.rows.a[of_a]] if of_a in of.rows.pairs else [of_a]
        shift = APART * (row.index(of_a) - (len(row) - 1) / 2)
        yield Line(
            source=start["uoa"],
            target=end["uoa"],
            points=[
                (start["x"] + start["w"] / 2, start["y"] + shift),
                (end["x"] - end["w"] / 2, end["y"] + shift),
            ],
            horizontal=True,
            width=1.2,
            plain=True,
            tip=f"{start['name']} ↔ {end['name']}",
            mark="pair" if of_a in of.rows.pairs else "moved",
        )
