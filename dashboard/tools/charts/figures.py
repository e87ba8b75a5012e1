"""Plotly figures as plain values: the page adds typeface and theme."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from inspectree.dashboard.images import extremes

Json = dict[str, Any]

BLUE = "#4263eb"
HEIGHT = 170


def figure(
    data: Sequence[Json], *, height: int = HEIGHT, x: Json | None = None, y: Json | None = None, **layout: Any
) -> Json:
    """Return a figure from traces and the settings of its axes."""
    return {
        "data": list(data),
        "layout": {"height": height, "showlegend": False, "xaxis": x or {}, "yaxis": y or {}, **layout},
    }


def densities(curves: Sequence[Json], *, height: int = HEIGHT) -> Json:
    """Return a figure of densities over values."""
    x, y = ({"title": {"text": text}} for text in ("value", "density"))
    return figure(curves, height=height, x={**x, "nticks": 7}, y={**y, "nticks": 4, "rangemode": "tozero"})


def bars(
    counts: xr.DataArray, *, name: str = "", color: str = BLUE, opacity: float = 1.0, shares: bool = False
) -> Json:
    """Return a histogram's bars from counts (bin) with the coordinates ``left`` and ``right``.

    With ``shares`` their heights add up to 1.
    """
    left, right = counts["left"].values, counts["right"].values
    heights = counts.values / max(1, counts.values.sum()) if shares else counts.values
    return {
        "type": "bar",
        "x": ((left + right) / 2).tolist(),
        "width": (right - left).tolist(),
        "y": heights.tolist(),
        "customdata": np.stack([left, right], axis=-1).tolist(),
        "hovertemplate": "%{customdata[0]:.4g} … %{customdata[1]:.4g}<br>%{y:"
        + (".3~%" if shares else ",")
        + "}<extra>"
        + name
        + "</extra>",
        "name": name,
        "marker": {"color": color, "line": {"width": 0}},
        "opacity": opacity,
    }


def sample_bars(
    edges: NDArray[np.floating], samples: Sequence[Sequence[int]], *, color: str, ends: str
) -> Json:
    """Return a histogram's bars of samples by their bins; ``ends`` is how an edge is written: ``.0%``."""
    return {
        "type": "bar",
        "x": ((edges[:-1] + edges[1:]) / 2).tolist(),
        "width": np.diff(edges).tolist(),
        "y": [len(each) for each in samples],
        "customdata": np.stack([edges[:-1], edges[1:]], axis=-1).tolist(),
        "hovertemplate": f"%{{customdata[0]:{ends}}} … %{{customdata[1]:{ends}}}"
        "<br>%{y} samples<extra></extra>",
        "marker": {"color": color, "line": {"width": 0}},
        "meta": {"samples": [list(each) for each in samples]},
    }


def heatmap(
    values: np.ndarray[Any, np.dtype[Any]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    template: str,
    scale: str,
    numbers: str = "",
) -> Json:
    """Return a matrix (row, column) as coloured cells; ``scale`` names the page's colours.

    With ``numbers``, a format such as ``.3g``, a strip beside it tells what the colours stand for.
    """
    low, high = extremes(values)
    marks = key_marks(low, high)
    strip: Json = {
        "showscale": True,
        "colorbar": {
            "tickvals": marks, "ticktext": [f"{mark:{numbers}}" for mark in marks], "xpad": 4, "ypad": 0,
        },
    }  # fmt: skip
    return {
        "type": "heatmap",
        "z": values.tolist(),
        "x": list(columns),
        "y": list(rows),
        "meta": {"scale": scale},
        "hovertemplate": template + "<extra></extra>",
        "xgap": 1,
        "ygap": 1,
        **(strip if numbers else {"showscale": False}),
    }


def key_marks(low: float, high: float) -> list[float]:
    """Return the values that are written beside colours: the ends, and 0 or else the middle between them."""
    if low == high:
        return [low]
    between = low < 0 < high and min(-low, high) > (high - low) / 8
    return [low, 0.0 if between else (low + high) / 2, high]
