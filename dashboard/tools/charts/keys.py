"""What the colours of images stand for: a strip from the lowest to the highest value, with numbers."""

from collections.abc import Sequence

import numpy as np

from inspectree.dashboard.tools.charts.figures import figure, key_marks
from inspectree.dashboard.tools.charts.traces import Json

STEPS = 64
"""Parts of a strip."""

HEIGHT = 46

MARGIN = {"l": 18, "r": 18}
"""Room for half of the numbers at the ends, which Plotly leaves out otherwise."""


def key(palette: Sequence[tuple[int, ...]], limits: tuple[float, float]) -> Json:
    """Return the strip of a palette whose ends are the limits, as a figure below images."""
    low, high = limits
    edges = np.linspace(low, high, STEPS + 1) if low < high else np.array([low - 0.5, low + 0.5])
    centres = (edges[:-1] + edges[1:]) / 2
    levels = np.linspace(0, len(palette) - 1, len(centres)).round().astype(int)
    strip: Json = {
        "type": "bar",
        "x": centres.tolist(),
        "y": [1] * len(centres),
        "width": np.diff(edges).tolist(),
        "marker": {"color": ["rgb({},{},{})".format(*palette[level]) for level in levels]},
        "hovertemplate": "%{x:.3g}<extra></extra>",
    }
    marks = key_marks(low, high)
    return figure(
        [strip], height=HEIGHT, bargap=0, margin=MARGIN, y={"visible": False, "range": [0, 1]},
        x={
            "tickvals": marks, "ticktext": [f"{mark:.3g}" for mark in marks], "showgrid": False,
            "zeroline": False, "range": [float(edges[0]), float(edges[-1])],
        },
    )  # fmt: skip
