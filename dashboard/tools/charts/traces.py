"""Plotly traces of lines, curves, points and boxes: the page adds what follows the theme."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.colors import GREY

Json = dict[str, Any]
Numbers = Sequence[float] | NDArray[Any]

MOST_POINTS = 2000
"""Points of one trace: the page draws them as SVG."""

FEW = 3
"""Points of a line below which each is marked: a line through one point is none."""

FAINT = 0.28

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Whiskers, edges and middle of a box."""


def line(
    x: Sequence[Any], y: Numbers, *, name: str, color: str, template: str, dash: str = "solid",
    faint: bool = False, **meta: Any,
) -> Json:  # fmt: skip
    """Return a line through (x, y); what is not finite interrupts it."""
    heights = plain(y)
    return {
        "type": "scatter",
        "mode": "lines+markers" if len(heights) < FEW else "lines",
        "x": list(x),
        "y": heights,
        "name": name,
        "line": {"color": color, "width": 1 if faint else 2, "dash": dash},
        "marker": {"size": 5},
        "opacity": FAINT if faint else 1,
        "hovertemplate": template + "<extra>%{fullData.name}</extra>",
        "meta": meta,
    }


def curve(at: Numbers, heights: Numbers, *, name: str, color: str, filled: bool, **meta: Any) -> Json:
    """Return a density over the values ``at``, if wanted with its area."""
    drawn = line(plain(at), heights, name=name, color=color, template="%{x:.4g}<br>density %{y:.4g}", **meta)
    return {**drawn, "fill": "tozeroy", "fillcolor": faded(color, 0.16)} if filled else drawn


def points(
    x: Numbers, y: Numbers, *, name: str, color: str, labels: Sequence[str], template: str, **meta: Any
) -> Json:
    """Return points with a label each; ``meta`` tells the ``uoas`` or ``samples`` that they stand for."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": plain(x),
        "y": plain(y),
        "text": list(labels),
        "name": name,
        "marker": {"color": color, "size": 6, "opacity": 0.8, "line": {"width": 0}},
        "hovertemplate": "%{text}<br>" + template + "<extra>%{fullData.name}</extra>",
        "meta": meta,
    }


def box(quantiles: Numbers, *, name: str, color: str, **meta: Any) -> Json:
    """Return a box from its `QUANTILES`."""
    low, first, median, third, high = ([number] for number in plain(quantiles))
    return {
        "type": "box",
        "x": [name],
        "lowerfence": low,
        "q1": first,
        "median": median,
        "q3": third,
        "upperfence": high,
        "name": name,
        "line": {"color": color, "width": 1.4},
        "fillcolor": faded(color, 0.3),
        "hoverinfo": "y+name",
        "meta": meta,
    }


def diagonal(low: float, high: float, name: str) -> Json:
    """Return the dotted line on which two things are the same."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [low, high],
        "y": [low, high],
        "name": name,
        "line": {"color": GREY, "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
        "meta": {},
    }


def chips(traces: Sequence[Json]) -> list[Json]:
    """Return the chips that name the traces."""
    return [
        {"name": trace["name"], "color": trace["line" if "line" in trace else "marker"]["color"], "uoa": ""}
        for trace in traces
    ]


def faded(color: str, opacity: float) -> str:
    """Return a colour, ``#rrggbb`` or ``rgb(…)``, that lets others through."""
    if color.startswith("#"):
        bands = ",".join(str(int(color[start : start + 2], 16)) for start in (1, 3, 5))
        return f"rgba({bands},{opacity})"
    return color.replace("rgb(", "rgba(").replace(")", f",{opacity})")


def plain(values: Numbers) -> list[float | None]:
    """Return numbers as JSON holds them: None for what is not finite."""
    return [float(value) if np.isfinite(value) else None for value in np.asarray(values, np.float64)]


def thinned(count: int, most: int = MOST_POINTS) -> list[int]:
    """Return evenly spaced positions among ``count``, the first and the last included: all where few."""
    if count <= most:
        return list(range(count))
    return sorted(set(np.linspace(0, count - 1, most).round().astype(int).tolist()))
