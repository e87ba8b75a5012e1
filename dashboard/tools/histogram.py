"""How the values of a variable, a layer's activations or one unit are distributed."""

from math import cbrt, prod

import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.figures import bars, figure
from inspectree.dashboard.tools.charts.traces import chips
from inspectree.dashboard.tools.questions.grouping import SPLIT, color_of_class, is_split
from inspectree.dashboard.tools.questions.limits import HIGH, LOW, within
from inspectree.dashboard.tools.questions.source import class_selection, has_values, noun_of, values_uoa
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

MOST_BINS, LEAST_BINS = 64, 12


def default_bins(unit: Unit) -> int:
    """Return how many bins a unit's values fill well: Rice's rule, within limits."""
    if unit.kind != "weights":
        return MOST_BINS
    return max(LEAST_BINS, min(MOST_BINS, round(2 * cbrt(prod(size or 1 for size in unit.shape)))))


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the counts of equal bins, or their shares."""
    model = parse(unit.uoa).model
    split = is_split(unit, model, context)
    counts = await counted(client, unit, context, ["class"] if split else [])
    total = int(counts.sum())
    if not total:
        raise ToolError("there is no finite value there: choose other samples, classes, or another range")
    drawn = _bars(counts, model, context, split=split)
    what = noun_of(unit)
    caption = f"{total:,} values in {counts.sizes['bin']} bins · checkpoint {context.number(model)}"
    log = {"type": "log"} if context.settings["log"] else {}
    percent = {"tickformat": ".3~%"} if context.settings["share"] else {}
    counted_ = f"share of the {what}" if context.settings["share"] else what
    axis: Json = {"title": {"text": counted_}, "nticks": 4, **log, **percent}
    content: Content = {
        "caption": caption,
        "figure": figure(
            drawn, x={"title": {"text": "value"}}, y=axis, bargap=0, barmode="overlay" if split else "group"
        ),
        "merge": "histogram",
    }
    return {**content, "series": chips(drawn)} if split else content


async def counted(client: Client, unit: Unit, context: Context, by: list[str]) -> xr.DataArray:
    """Ask for the counts of equal bins within the chosen range, for each label if wanted."""
    uoa = values_uoa(unit, context.number(parse(unit.uoa).model))
    histogram: Json = {"op": "histogram", "bins": context.settings["bins"], **({"by": by} if by else {})}
    return await within(client, uoa, class_selection(unit, context), histogram, context.settings)


def _bars(counts: xr.DataArray, model: str, context: Context, *, split: bool) -> list[Json]:
    """Return one trace, or one per class; shares are of the values in sight of the trace."""
    shares = bool(context.settings["share"])
    if not split:
        return [bars(counts, shares=shares)]
    return [
        bars(
            counts.sel({"class": name}), name=name, color=color_of_class(name, model, context),
            opacity=0.5, shares=shares,
        )
        for name in map(str, counts["class"].values)
    ]  # fmt: skip


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
        Setting("share", "Shares, not counts", "switch", False, help="Each bin's share of the values shown."),
        SPLIT,
        LOW,
        HIGH,
    ),
)
