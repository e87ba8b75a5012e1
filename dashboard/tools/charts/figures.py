"""Plotly figures as plain values: the page adds typeface and theme."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

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


def heatmap(
    values: np.ndarray[Any, np.dtype[Any]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    template: str,
    scale: str,
) -> Json:
    """Return a matrix (row, column) as coloured cells; ``scale`` is ``counts`` or ``signed``."""
    return {
        "type": "heatmap",
        "z": values.tolist(),
        "x": list(columns),
        "y": list(rows),
        "meta": {"scale": scale},
        "hovertemplate": template + "<extra></extra>",
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
    }
