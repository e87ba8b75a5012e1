"""How values are distributed, as smooth curves."""

import numpy as np
import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.figures import densities
from inspectree.dashboard.tools.charts.traces import chips, curve
from inspectree.dashboard.tools.questions.grouping import SPLIT, color_of_class, is_split
from inspectree.dashboard.tools.questions.limits import HIGH, LOW, within
from inspectree.dashboard.tools.questions.source import class_selection, has_values, values_uoa
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

BANDWIDTHS = ("Scott's rule", "narrow", "medium", "wide")
WIDTHS = dict(zip(BANDWIDTHS, ("scott", 0.05, 0.2, 0.6), strict=True))
"""A rule, or the share of the standard deviation that a kernel is wide."""

ALL_THE_SAME = "these values are all the same, or none is finite: there is no density"


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a Gaussian kernel density, of all values or of each class."""
    model = parse(unit.uoa).model
    split = is_split(unit, model, context)
    found = await _asked(client, unit, context, ["class"] if split else [])
    if not np.isfinite(found.values).any():
        raise ToolError(ALL_THE_SAME)
    drawn = _curves(found, unit, model, context, split=split)
    width = chosen(context.settings["bandwidth"], BANDWIDTHS)
    return {
        "caption": f"density of the values, kernels by {width} · checkpoint {context.number(model)}"
        if width == BANDWIDTHS[0]
        else f"density of the values, {width} kernels · checkpoint {context.number(model)}",
        "series": chips(drawn) if split else [],
        "figure": densities(drawn),
        "merge": "densities",
    }


async def _asked(client: Client, unit: Unit, context: Context, by: list[str]) -> xr.DataArray:
    uoa = values_uoa(unit, context.number(parse(unit.uoa).model))
    step = density_step(context, by)
    return await within(client, uoa, class_selection(unit, context), step, context.settings)


def density_step(context: Context, by: list[str]) -> Json:
    """Return the step that estimates the density as the settings tell."""
    width = WIDTHS[chosen(context.settings["bandwidth"], BANDWIDTHS)]
    return {"op": "density", "points": context.settings["points"], "bandwidth": width, "by": by}


def _curves(found: xr.DataArray, unit: Unit, model: str, context: Context, *, split: bool) -> list[Json]:
    """Return a curve of densities (at), or one per class of densities (class, at)."""
    at = found["at"].values
    if not split:
        color, filled = context.colors[model], context.settings["filled"]
        return [curve(at, found.values, name=unit.name, color=color, filled=filled, uoa=unit.uoa)]
    return [
        curve(
            at, found.sel({"class": name}).values, name=name, filled=False,
            color=color_of_class(name, model, context),
        )
        for name in map(str, found["class"].values)
    ]  # fmt: skip


DENSITY = Tool(
    name="density",
    title="Density",
    icon="chart-area-line",
    description="How values are distributed, as smooth curves: easier to lay over one another than bars.",
    fits=has_values,
    draw=draw,
    settings=(
        SPLIT,
        Setting("bandwidth", "Kernels", "choice", BANDWIDTHS[0], choices=BANDWIDTHS),
        Setting("points", "Points", "number", 200, least=10, most=1000),
        Setting("filled", "Filled", "switch", True, help="Classes are lines: areas would hide one another."),
        LOW,
        HIGH,
    ),
)
