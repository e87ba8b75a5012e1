"""Lines over training, one for each of many layers or variables."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.colors import class_color, depth_color
from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.traces import Json, line

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
        line(
            each.x, _shown(each.y, log=log), name=each.name, color=line_color(index, len(lines)),
            template=f"{x} %{{x}}<br>{template}", uoa=each.uoa,
        )
        for index, each in enumerate(lines)
    ]  # fmt: skip
    axis = {"type": "log", "nticks": 5, "exponentformat": "power"} if log else {"nticks": 5}
    return figure(data, height=210, x={"title": {"text": x}, "nticks": 8}, y=axis, **layout)


def _shown(values: Sequence[float], *, log: bool) -> NDArray[np.float64]:
    """Return what an axis has a place for, else NaN: on a logarithmic one 0 has none."""
    heights = np.asarray(values, np.float64)
    return np.where(heights > 0, heights, np.nan) if log else heights


def series(lines: Sequence[Line]) -> list[Json]:
    """Return the chips that name the lines."""
    return [
        {"name": each.name, "color": line_color(index, len(lines)), "uoa": each.uoa}
        for index, each in enumerate(lines)
    ]


def line_color(index: int, count: int) -> str:
    """Return the colour of a line: few as classes, many from dark (the first layer) to light (the last)."""
    return class_color(index) if count <= 3 else depth_color(index / (count - 1))
