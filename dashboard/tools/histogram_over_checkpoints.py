"""How a distribution moves while the model learns: one ridge per checkpoint."""

import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.figures import figure, heatmap
from inspectree.dashboard.tools.charts.ridges import Ridge, ridges
from inspectree.dashboard.tools.charts.traces import thinned
from inspectree.dashboard.tools.histogram import default_bins
from inspectree.dashboard.tools.questions.over_training import chosen_of, numbers_of
from inspectree.dashboard.tools.questions.source import class_selection, has_values, values_uoa
from inspectree.dashboard.tools.questions.statistics import NOTHING, chosen
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

MOST_RIDGES = 60
STYLES = ("by their number", "ridges", "heat map")


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the counts of bins that are the same at every checkpoint."""
    model = parse(unit.uoa).model
    numbers = numbers_of(context, model)
    histogram = {"op": "histogram", "bins": context.settings["bins"], "by": ["checkpoint"]}
    uoas = [values_uoa(unit, number) for number in numbers]
    counts = await client.values(uoas, [*class_selection(unit, context), histogram])
    if not counts.values.any():
        raise ToolError(NOTHING)
    style = chosen(context.settings["style"], STYLES)
    if style == STYLES[0]:
        style = "ridges" if len(numbers) <= MOST_RIDGES else "heat map"
    where = "the last in front" if style == "ridges" else "the first at the top"
    drawn = outlines(counts) if style == "ridges" else _rows(counts)
    return {"caption": f"{chosen_of(context, model, numbers)}, {where}", "figure": drawn}


def outlines(counts: xr.DataArray, what: str = "value") -> Json:
    """Return counts (checkpoint, bin) of something as outlines, the last checkpoint in front."""
    counts = counts.transpose("checkpoint", "bin")
    numbers, last = counts["checkpoint"].values.tolist(), counts.sizes["checkpoint"] - 1
    centres = (counts["left"].values + counts["right"].values) / 2
    rows = [
        Ridge(heights, f"checkpoint {number}", _blue(place / max(1, last)))
        for place, (number, heights) in enumerate(zip(numbers, counts.values, strict=True))
    ]
    labels = {place: str(numbers[place]) for place in thinned(len(rows), 5)}
    return ridges(centres, rows, labels, x=what, y="checkpoint")


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
        numbers=",.4g",
    )
    return figure(
        [{**cells, "xgap": 0, "ygap": 0}],
        height=260,
        x={"title": {"text": "value"}, "nticks": 7},
        y={"title": {"text": "checkpoint"}, "autorange": "reversed"},
    )


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
    follows=("training", "classes", "filter"),
    family="training",
    settings=(
        Setting("bins", "Bins", "number", default_bins, least=2, most=256),
        Setting("style", "Drawn as", "choice", STYLES[0], choices=STYLES),
    ),
)
