"""Lines over training, one for each of many layers or variables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from inspectree.dashboard.colors import class_color, depth_color
from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.traces import Json

MOST_LINES = 24
"""Lines that can be told apart, and questions that are asked at once."""


@dataclass(frozen=True)
class Line:
    """One line of a chart over training, and what it stands for."""

    name: str
    uoa: str
    x: Sequence[float]
    y: Sequence[float]


def lines_figure(lines: Sequence[Line], *, x: str, template: str, log: bool, **layout: Any) -> Json:
    """Return lines over training in the colours of `line_color`; ``template`` tells a point."""
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers" if len(line.x) < 3 else "lines",
            "x": list(line.x),
            "y": [float(value) if _is_shown(value, log) else None for value in line.y],
            "name": line.name,
            "line": {"color": line_color(index, len(lines)), "width": 1.8},
            "hovertemplate": f"{x} %{{x}}<br>{template}<extra>{line.name}</extra>",
            "meta": {"uoa": line.uoa},
        }
        for index, line in enumerate(lines)
    ]
    axis = {"type": "log", "nticks": 5, "exponentformat": "power"} if log else {"nticks": 5}
    return figure(data, height=210, x={"title": {"text": x}, "nticks": 8}, y=axis, **layout)


def _is_shown(value: float, log: bool) -> bool:
    """Tell whether an axis has a place for a value; on a logarithmic one 0 has none."""
    return bool(np.isfinite(value)) and (value > 0 or not log)


def series(lines: Sequence[Line]) -> list[Json]:
    """Return the chips that name the lines."""
    return [
        {"name": line.name, "color": line_color(index, len(lines)), "uoa": line.uoa}
        for index, line in enumerate(lines)
    ]


def line_color(index: int, count: int) -> str:
    """Return the colour of a line: few as classes, many from dark (the first layer) to light (the last)."""
    return class_color(index) if count <= 3 else depth_color(index / (count - 1))


def left_out(shown: int, count: int, what: str) -> str:
    """Say that not all are shown; nothing where they are."""
    return f" · {shown} of {count} {what}, evenly chosen" if shown < count else ""
