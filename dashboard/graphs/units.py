"""L1: the units of one layer and of the layer before it, with the largest weights between them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.colors import heat
from inspectree.dashboard.graphs.drawing import Box, Drawing, Line, bounds, number
from inspectree.dashboard.unit import Unit, unit_name

Json = dict[str, Any]
Floats = NDArray[np.floating[Any]]

DIAMETER = 26
ROW, ROW_GAP = 36, 8
COLUMNS_APART = 330
PICTURE, PICTURE_GAP = 24, 2
PICTURES_A_LINE = 6
NAME_ROOM = 128
"""What a unit's name and value take beside it."""
EXTREMES = 10
"""Units with the highest, and with the lowest, mean activation that are always shown."""

RED, BLUE = "#d63031", "#2563c7"
WIDEST = 5.0


@dataclass(frozen=True)
class Column:
    """The units of one layer: their mean activations under the selected classes, and what stands beside them.

    ``means`` (unit) is None where the layer has no activations. ``pictures`` are by unit: one sheet and
    the number of images on it.
    """

    layer: str
    kind: str
    means: Floats | None
    size: int
    names: Sequence[str] = ()
    pictures: Mapping[int, tuple[str, int]] = field(default_factory=dict)

    def name(self, unit: int) -> str:
        """Return what a unit is called: its class for an output, else its number."""
        return self.names[unit] if self.names else unit_name(self.kind, unit)


@dataclass(frozen=True)
class Weights:
    """The largest weights by magnitude: value, unit that it comes from, unit that it goes to."""

    values: Floats
    sources: NDArray[np.int64]
    targets: NDArray[np.int64]
    signed: bool = True


def shown(column: Column, ends: NDArray[np.int64]) -> list[int]:
    """Return the units to show: those on an edge, the highest and the lowest; highest first."""
    if column.means is None:
        return sorted({*ends.tolist()} or range(min(column.size, 2 * EXTREMES)))
    order = np.argsort(-column.means, kind="stable")
    chosen = {*ends.tolist(), *order[:EXTREMES].tolist(), *order[-EXTREMES:].tolist()}
    return [unit for unit in order.tolist() if unit in chosen]


def draw_units(
    model: str, columns: Sequence[Column], weights: Weights | None, fitting: Callable[[Unit], list[str]]
) -> Drawing:
    """Draw the layer's units (the last column) and those before it, coloured by mean activation."""
    nodes: list[Box] = []
    for index, column in enumerate(columns):
        last = index == len(columns) - 1
        units = shown(column, on_edges(weights, last))
        nodes += _boxes(model, column, units, index * COLUMNS_APART, last, fitting)
    places = {box["uoa"]: box for box in nodes}
    edges = _lines(model, columns, weights, places) if weights is not None and len(columns) > 1 else []
    left, top, right, bottom = bounds(nodes, 12)
    layer = columns[-1].layer
    return Drawing(
        key=f"L1 {model}/{layer}",
        level="L1",
        nodes=nodes,
        edges=edges,
        frames=[],
        bounds=(left - _beside(columns[0]), top, right + _beside(columns[-1]), bottom),
        hint=_hint(columns, weights),
    )


def _beside(column: Column) -> float:
    """Return the room that names and pictures take on the outer side of a column."""
    return float(NAME_ROOM + _place(True, _most_pictures(column))["width"])


def _most_pictures(column: Column) -> int:
    return max((count for _, count in column.pictures.values()), default=0)


def unit_of(model: str, column: Column, index: int) -> Unit:
    """Return a unit of a layer as something that tools can be applied to."""
    return Unit(f"{model}/{column.layer}#{index}", "unit", column.name(index), column.kind)


def on_edges(weights: Weights | None, last: bool) -> NDArray[np.int64]:
    """Return the units that the drawn weights lead to (of the last layer), or come from."""
    if weights is None:
        return np.array([], np.int64)
    return np.unique(weights.targets if last else weights.sources)


def _boxes(
    model: str, column: Column, units: list[int], x: float, last: bool, fitting: Callable[[Unit], list[str]]
) -> list[Box]:
    colors, shares = _colors(column.means), _shares(column.means)
    distance = max(ROW, _place(last, _most_pictures(column))["height"] + ROW_GAP)
    boxes = []
    for row, unit in enumerate(units):
        value = None if column.means is None else float(column.means[unit])
        share = shares[unit] if value is not None and isfinite(value) else None
        text = "" if value is None else number(value)
        text += "" if share is None else f" · {share:.0%}"
        picture, count = column.pictures.get(unit, ("", 0))
        boxes.append(
            Box(
                uoa=f"{model}/{column.layer}#{unit}",
                kind="neuron",
                name=column.name(unit),
                x=float(x),
                y=(row - (len(units) - 1) / 2) * distance,
                w=DIAMETER,
                h=DIAMETER,
                fits=fitting(unit_of(model, column, unit)),
                tip=_tip(column.layer, unit, value, share),
                label=f"{column.kind} {column.name(unit)} of {column.layer}, {text or 'no activation'}",
                more={
                    "fill": colors[unit] if colors else "var(--card)",
                    "text": text,
                    "side": "right" if last else "left",
                    "picture": picture,
                    "place": _place(last, count),
                },
            )
        )
    return boxes


def _tip(layer: str, unit: int, value: float | None, share: float | None) -> str:
    lines = [f"{layer} #{unit}"]
    lines += [f"mean activation {value:.4g}"] if value is not None else []
    lines += [f"{share:.1%} of the layer's sum"] if share is not None else []
    return "\n".join(lines)


def _place(last: bool, count: int) -> Json:
    """Return where, relative to a unit's box, its sheet of images lies."""
    lines, columns = -(-count // PICTURES_A_LINE), min(count, PICTURES_A_LINE)
    width, height = (max(0, each * (PICTURE + PICTURE_GAP) - PICTURE_GAP) for each in (columns, lines))
    x = DIAMETER + NAME_ROOM if last else -NAME_ROOM - width
    return {"x": x, "y": (DIAMETER - height) / 2, "width": width, "height": height}


def _colors(means: Floats | None) -> list[str]:
    """Return each unit's colour: dark blue for the lowest of the layer, dark red for the highest."""
    if means is None:
        return []
    finite = means[np.isfinite(means)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    span = (high - low) or 1.0
    middle = 0.5 if high == low else 0.0
    return [heat((float(value) - low) / span + middle) for value in means]


def _shares(means: Floats | None) -> Floats:
    if means is None:
        return np.array([])
    total = float(np.abs(means[np.isfinite(means)]).sum()) or 1.0
    return np.abs(means) / total


def _lines(model: str, columns: Sequence[Column], weights: Weights, places: Mapping[str, Box]) -> list[Line]:
    before, layer = columns[-2], columns[-1]
    most = float(np.abs(weights.values).max(initial=0)) or 1.0
    lines = []
    for value, source, target in zip(weights.values, weights.sources, weights.targets, strict=True):
        start = places[f"{model}/{before.layer}#{source}"]
        end = places[f"{model}/{layer.layer}#{target}"]
        what = "weight" if weights.signed else "norm of the filter's window"
        lines.append(
            Line(
                source=start["uoa"],
                target=end["uoa"],
                points=[(start["x"] + DIAMETER / 2, start["y"]), (end["x"] - DIAMETER / 2, end["y"])],
                horizontal=True,
                plain=True,
                width=round(0.6 + (WIDEST - 0.6) * (abs(float(value)) / most) ** 2, 2),
                color=(RED if value > 0 else BLUE) if weights.signed else "var(--edge-strong)",
                tip=f"{start['name']} → {end['name']}\n{what} {float(value):.4g}",
            )
        )
    return lines


def _hint(columns: Sequence[Column], weights: Weights | None) -> str:
    """Say what is shown of how much."""
    layer = columns[-1]
    parts = [f"{layer.layer}: {layer.size} {layer.kind}s"]
    if len(columns) > 1:
        parts.insert(0, f"{columns[-2].layer}: {columns[-2].size} {columns[-2].kind}s")
    text = "  →  ".join(parts)
    if weights is None:
        return text
    colors = "red above, blue below 0" if weights.signed else "norms of their windows"
    return f"{text}  ·  the {len(weights.values)} largest weights: {colors}"
