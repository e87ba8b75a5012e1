"""Distributions as outlines, each a row below the one before, a little over one another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.traces import Json, Numbers

OVERLAP = 2.6
"""How many rows the tallest ridge reaches up."""


@dataclass(frozen=True)
class Ridge:
    """Heights over common places, what is told of them, their colour, and the unit that they are of."""

    heights: Numbers
    text: str
    color: str
    uoa: str = ""


def ridges(
    centres: Numbers,
    rows: Sequence[Ridge],
    labels: dict[int, str],
    *,
    height: int = 200,
    x: str = "value",
    y: str = "",
) -> Json:
    """Return a figure; ``labels`` are the names of some of the rows, by their position.

    ``x`` is what the values are, ``y`` what the rows are.
    """
    tallest = max((float(np.nanmax(row.heights, initial=0)) for row in rows), default=0) or 1.0
    last = len(rows) - 1
    drawn = [_ridge(centres, row, last - place, tallest) for place, row in enumerate(rows)]
    axis: Json = {
        "tickvals": [last - place for place in labels], "ticktext": list(labels.values()),
        "showgrid": False, "zeroline": False, "range": [-0.2, last + OVERLAP + 0.2],
    }  # fmt: skip
    if y:
        axis["title"] = {"text": y}
    return figure(drawn, height=height, y=axis, x={"title": {"text": x}, "nticks": 7})


def _ridge(centres: Numbers, row: Ridge, base: int, tallest: float) -> Json:
    at, heights = np.asarray(centres, float), np.nan_to_num(np.asarray(row.heights, float))
    return {
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "x": [*at.tolist(), at[-1], at[0]],
        "y": [*(heights / tallest * OVERLAP + base).tolist(), base, base],
        "fillcolor": row.color,
        "line": {"width": 1},
        "meta": {"ridge": True, **({"uoa": row.uoa} if row.uoa else {})},
        "hoveron": "fills",
        "hoverinfo": "text",
        "text": row.text,
        "customdata": np.asarray(row.heights).tolist(),
        "name": "",
    }
