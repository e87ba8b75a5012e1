"""The parts that every level's drawing is made of, as the page's graph component takes them."""

from collections.abc import Iterable
from typing import Any, Literal, NotRequired, TypedDict

from inspectree.dashboard.graphs.layered import Point
from inspectree.dashboard.unit import Level

Json = dict[str, Any]
Bounds = tuple[float, float, float, float]
"""Left, top, right and bottom."""


class Mark(TypedDict):
    """What is said of a box beside another model: in a strip of this height at the bottom of the box."""

    kind: Literal["added", "removed", "altered", "moved", "renamed"]
    sign: str
    text: str
    height: float


class Box(TypedDict):
    """A unit: its centre, size and texts. ``fits`` are the names of the tools that can be applied to it.

    A fold stands for a run of repeated blocks, of which ``members`` are the layers; it is no unit.
    ``twin`` is the path of the same layer in the model beside.
    """

    uoa: str
    kind: Literal["model", "layer", "group", "fold", "neuron"]
    name: str
    x: float
    y: float
    w: float
    h: float
    fits: list[str]
    tip: str
    label: str
    more: NotRequired[Json]
    members: NotRequired[list[str]]
    mark: NotRequired[Mark]
    twin: NotRequired[str]


class Line(TypedDict):
    """An edge from one box to another through points; ``mark`` tells what it is beside another model."""

    source: str
    target: str
    points: list[Point]
    horizontal: bool
    width: NotRequired[float]
    color: NotRequired[str]
    label: NotRequired[str]
    note: NotRequired[str]
    tip: NotRequired[str]
    plain: NotRequired[bool]
    mark: NotRequired[Literal["pair", "moved", "added", "removed"]]


class Frame(TypedDict):
    """A dashed frame around boxes: an experiment, the model that one is inside of, or an open box.

    ``folds`` says that it can be folded to a box again.
    """

    uoa: str
    kind: Literal["experiment", "model", "group", "fold"]
    name: str
    color: str
    x: float
    y: float
    w: float
    h: float
    fits: list[str]
    folds: NotRequired[bool]


class Drawing(TypedDict):
    """Everything that the inspection panel shows; ``key`` tells whether it is still the same scene.

    ``comparison`` sums up what is different where two models stand side by side.
    """

    key: str
    level: Level
    nodes: list[Box]
    edges: list[Line]
    frames: list[Frame]
    bounds: Bounds
    hint: NotRequired[str]
    comparison: NotRequired[Json]


def bounds(boxes: Iterable[Box], margin: float = 40, points: Iterable[Point] = ()) -> Bounds:
    """Return left, top, right and bottom around boxes and points."""
    edges = [
        (box["x"] - box["w"] / 2, box["y"] - box["h"] / 2, box["x"] + box["w"] / 2, box["y"] + box["h"] / 2)
        for box in boxes
    ]
    edges += [(x, y, x, y) for x, y in points]
    left, top, right, bottom = zip(*edges or [(0.0, 0.0, 0.0, 0.0)], strict=True)
    return min(left) - margin, min(top) - margin, max(right) + margin, max(bottom) + margin


def text_width(text: str, size: float = 12) -> float:
    """Return about how wide a text is, in pixels, in the dashboard's typeface."""
    return len(text) * size * 0.58


def number(value: float | None) -> str:
    """Return a number as people read it: 109,386 or 0.0417."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"


def shape_text(shape: Iterable[int | None]) -> str:
    """Return a shape without its batch: ``28×28×32``."""
    return "×".join("?" if size is None else str(size) for size in shape)
