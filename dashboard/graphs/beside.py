"""One of two models that stand side by side: its boxes with what is said of them, its edges, its frames."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from inspectree.dashboard.graphs.aligned import Side
from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.drawing import Bounds, Box, Frame, Line, bounds, text_width
from inspectree.dashboard.graphs.folded_box import fold_box
from inspectree.dashboard.graphs.folds import Fold
from inspectree.dashboard.graphs.layered import Placement, Point, layered
from inspectree.dashboard.graphs.layers import fitting_in, layer_box, layer_line
from inspectree.dashboard.graphs.marks import Mark
from inspectree.dashboard.unit import Unit

Json = dict[str, Any]
Fitting = Callable[[Unit], list[str]]
Link = tuple[str, str]

MARK_HEIGHT = 22.0
WIDEST_MARK = 360.0
FRAME_ROOM = 14.0


@dataclass(frozen=True)
class Shown:
    """A model that is shown beside another one: all of it, or a group in it."""

    model: Json
    architecture: Architecture
    group: str | None
    color: str

    @property
    def uoa(self) -> str:
        """Return the path of what is shown."""
        return self.path(self.group) if self.group else str(self.model["id"])

    def path(self, key: str) -> str:
        """Return the path of a layer, or of a fold."""
        return f"{self.model['id']}/{key}"

    def side(self) -> Side:
        """Return the layers and their edges."""
        ids = [node["id"] for node in self.architecture.children(self.group)]
        return Side(ids, self.architecture.links(self.group))


@dataclass(frozen=True)
class Column:
    """The boxes of one model by their keys, to be placed."""

    shown: Shown
    side: Side
    folds: Mapping[str, Fold]
    boxes: dict[str, Box]

    def depths(self, ranks: Mapping[str, int]) -> list[float]:
        """Return how high each row is."""
        depths = [0.0] * (max(ranks.values(), default=-1) + 1)
        for key, rank in ranks.items():
            depths[rank] = max(depths[rank], self.boxes[key]["h"])
        return depths

    def place(self, ranks: Mapping[str, int], depths: Sequence[float]) -> Placement:
        """Give every box its place in its row."""
        sizes = {key: (box["w"], box["h"]) for key, box in self.boxes.items()}
        placement = layered(sizes, self.side.links, ranks=ranks, depths=depths)
        for key, (x, y) in placement.centres.items():
            self.boxes[key]["x"], self.boxes[key]["y"] = x, y
        return placement

    def around(self, placement: Placement) -> Bounds:
        """Return the bounds of the boxes and the edges, before they are moved."""
        return bounds(self.boxes.values(), points=[p for bends in placement.bends.values() for p in bends])

    def move(self, by: float) -> None:
        """Move every box to the right."""
        for box in self.boxes.values():
            box["x"] += by

    def lines(self, placement: Placement, by: float, changed: Mapping[Link, str]) -> list[Line]:
        """Return the edges, moved as the boxes are; those that only this model has are marked."""
        bends = {index: [(x + by, y) for x, y in points] for index, points in placement.bends.items()}
        return [
            self._line(link, bends.get(index, []), changed.get(link, ""))
            for index, link in enumerate(self.side.links)
        ]

    def _line(self, link: Link, bends: list[Point], change: str) -> Line:
        source, target = link
        last = self.folds[source].members[-1] if source in self.folds else source
        line = layer_line(self.boxes[source], self.boxes[target], bends, self.shown.architecture.by_id[last])
        if change == "added":
            return {**line, "mark": "added", "label": f"+ {line['label']}", "tip": f"{line['tip']}\nnew"}
        if change == "removed":
            label, tip = f"− {line['label']}", f"{line['tip']}\nremoved"
            return {**line, "mark": "removed", "label": label, "tip": tip}
        return line

    def open_frame(self, fold: Fold, uoa: str) -> Frame:
        """Return the frame around an unchanged stretch that is open; ``uoa`` is what folds it again."""
        left, top, right, bottom = bounds([self.boxes[id_] for id_ in fold.members], FRAME_ROOM)
        return Frame(
            uoa=uoa, kind="fold", name=unchanged(fold), color="var(--ink-3)",
            x=left, y=top, w=right - left, h=bottom - top, fits=[], folds=True,
        )  # fmt: skip


def column(
    shown: Shown,
    side: Side,
    folds: Sequence[Fold],
    marks: Mapping[str, Mark],
    fitting: Fitting,
    *,
    plain: bool,
) -> Column:
    """Return the boxes of one model; plain ones show nothing of their inside."""
    by_key = {fold.key: fold for fold in folds}
    boxes = {}
    for key in side.ids:
        if key in by_key:
            boxes[key] = _unchanged_box(shown, by_key[key])
        else:
            node = shown.architecture.by_id[key]
            own = fitting_in(shown.model, fitting)
            box = layer_box(shown.model["id"], shown.architecture, node, own, plain=plain)
            boxes[key] = _marked(box, marks[key]) if key in marks else box
    return Column(shown, side, by_key, boxes)


def unchanged(fold: Fold) -> str:
    """Return what an unchanged stretch is called."""
    return f"{len(fold.members):,} layers unchanged"


def _unchanged_box(shown: Shown, fold: Fold) -> Box:
    box = fold_box(shown.model["id"], shown.architecture, fold)
    ends = f"{fold.members[0]} … {fold.members[-1]}"
    name = unchanged(fold)
    return {**box, "name": name, "tip": f"{name}\n{ends}\nClick to unfold", "label": f"{name}, {ends}"}


def _marked(box: Box, mark: Mark) -> Box:
    """Return a box with a strip at its bottom that tells what is different."""
    return {
        **box,
        "w": max(box["w"], min(WIDEST_MARK, text_width(mark.text, 11) + 44)),
        "h": box["h"] + MARK_HEIGHT,
        "tip": "\n".join([box["tip"], *(f"{mark.sign} {line}" for line in mark.lines)]),
        "label": f"{box['label']}, {', '.join(mark.lines)}",
        "mark": {"kind": mark.kind, "sign": mark.sign, "text": mark.text, "height": MARK_HEIGHT},
    }
