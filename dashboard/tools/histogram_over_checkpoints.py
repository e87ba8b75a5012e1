"""How a distribution moves while the model learns: one ridge per checkpoint."""

import numpy as np
import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.figures import figure, heatmap
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.histogram import default_bins
from inspectree.dashboard.tools.source import class_selection, has_values, values_uoa
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

MOST_RIDGES = 60
OVERLAP = 2.6
"""How many rows the tallest ridge reaches up."""


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the counts of bins that are the same at every checkpoint."""
    model = parse(unit.uoa).model
    numbers = [int(number) for number in context.models[model]["checkpoints"]]
    if not numbers:
        raise ToolError(f"{context.title(model)} has no checkpoint yet")
    histogram = {"op": "histogram", "bins": context.settings["bins"], "by": ["checkpoint"]}
    uoas = [values_uoa(unit, number) for number in numbers]
    counts = await client.values(uoas, [*class_selection(unit, context), histogram])
    drawn = ridges(counts) if len(numbers) <= MOST_RIDGES else _rows(counts)
    return {"caption": f"checkpoints {numbers[0]} … {numbers[-1]}, the last in front", "figure": drawn}


def ridges(counts: xr.DataArray) -> Json:
    """Return counts (checkpoint, bin) as outlines, each a row below the one before."""
    counts = counts.transpose("checkpoint", "bin")
    left, right = counts["left"].values, counts["right"].values
    centres = (left + right) / 2
    heights = counts.values / max(1, counts.values.max()) * OVERLAP
    rows = len(heights)
    numbers = counts["checkpoint"].values.tolist()
    data = []
    for index, height in enumerate(heights):
        base = rows - 1 - index
        share = index / max(1, rows - 1)
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "fill": "toself",
                "x": [*centres.tolist(), centres[-1], centres[0]],
                "y": [*(height + base).tolist(), base, base],
                "fillcolor": _blue(share),
                "line": {"width": 1},
                "meta": {"ridge": True},
                "hoveron": "fills",
                "hoverinfo": "text",
                "text": f"checkpoint {numbers[index]}",
                "customdata": counts.values[index].tolist(),
                "name": "",
            }
        )
    shown = sorted({0, rows - 1, *np.linspace(0, rows - 1, 5).round().astype(int).tolist()})
    ticks = {
        "tickvals": [rows - 1 - index for index in shown],
        "ticktext": [str(numbers[index]) for index in shown],
    }
    axis = {**ticks, "showgrid": False, "zeroline": False, "range": [-0.2, rows - 1 + OVERLAP + 0.2]}
    return figure(data, height=200, y=axis, x={"nticks": 7})


def _rows(counts: xr.DataArray) -> Json:
    """Return counts (checkpoint, bin) as a heat map: outlines of so many would hide each other."""
    counts = counts.transpose("checkpoint", "bin")
    centres = (counts["left"].values + counts["right"].values) / 2
    template = "checkpoint %{y}<br>around %{x}<br>%{z:,}"
    columns = [f"{centre:.4g}" for centre in centres]
    cells = heatmap(
        counts.values,
        [str(n) for n in counts["checkpoint"].values],
        columns,
        template=template,
        scale="counts",
    )
    return figure([{**cells, "xgap": 0, "ygap": 0}], height=260, y={"autorange": "reversed"})


def _blue(share: float) -> str:
    light, dark = (171, 196, 255), (54, 79, 199)
    return "rgb({},{},{})".format(*(round(a + (b - a) * share) for a, b in zip(light, dark, strict=True)))


HISTOGRAM_OVER_CHECKPOINTS = Tool(
    name="histogram_over_checkpoints",
    title="Histogram over checkpoints",
    icon="ripple",
    description="How a distribution moves during training: one ridge per checkpoint, in the same bins.",
    fits=has_values,
    draw=draw,
    settings=(Setting("bins", "Bins", "number", default_bins, least=2, most=256),),
)
