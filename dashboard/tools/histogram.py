"""How the values of a variable, a layer's activations or one unit are distributed."""

from math import cbrt, prod

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import class_color
from inspectree.dashboard.figures import bars, figure
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool
from inspectree.dashboard.tools.source import class_selection, has_values, values_uoa
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

MOST_BINS, LEAST_BINS = 64, 12


def default_bins(unit: Unit) -> int:
    """Return how many bins a unit's values fill well: Rice's rule, within limits."""
    if unit.kind != "weights":
        return MOST_BINS
    return max(LEAST_BINS, min(MOST_BINS, round(2 * cbrt(prod(size or 1 for size in unit.shape)))))


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the counts of equal bins."""
    model = parse(unit.uoa).model
    split = context.settings["split"] and unit.kind != "weights"
    uoa = values_uoa(unit, context.number(model))
    counts = await client.values(uoa, pipeline(unit, context, split))
    log = {"type": "log"} if context.settings["log"] else {}
    if not split:
        content: Content = {"figure": figure([bars(counts)], y={"nticks": 4, **log}, bargap=0)}
    else:
        classes = context.all_classes(model)
        series = [(str(name), class_color(classes.index(str(name)))) for name in counts["class"].values]
        data = [
            bars(counts.isel({"class": index}), name=name, color=color, opacity=0.5)
            for index, (name, color) in enumerate(series)
        ]
        content = {
            "series": [{"name": name, "color": color, "uoa": ""} for name, color in series],
            "figure": figure(data, y={"nticks": 4, **log}, barmode="overlay", bargap=0),
        }
    total = int(counts.sum())
    return {
        "caption": f"{total:,} values in {counts.sizes['bin']} bins · checkpoint {context.number(model)}",
        **content,
    }


def pipeline(unit: Unit, context: Context, split: bool) -> list[Json]:
    """Return the query: the classes that are on, then equal bins between the extremes."""
    histogram: Json = {"op": "histogram", "bins": context.settings["bins"]}
    if split:
        histogram["by"] = ["class"]
    return [*class_selection(unit, context), histogram]


HISTOGRAM = Tool(
    name="histogram",
    title="Histogram",
    icon="chart-histogram",
    description="How values are distributed: a kernel or bias, a layer's activations, or one unit's.",
    fits=has_values,
    draw=draw,
    settings=(
        Setting("bins", "Bins", "number", default_bins, least=2, most=512),
        Setting("log", "Logarithmic counts", "switch", False),
        Setting("split", "One colour per class", "switch", False),
    ),
)
