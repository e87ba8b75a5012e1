"""How the units of a small layer are distributed: a latent space, dimension by dimension."""

import numpy as np
import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import GREY, depth_color
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.figures import densities
from inspectree.dashboard.tools.charts.traces import chips, curve, line
from inspectree.dashboard.tools.questions.axes import FEATURES
from inspectree.dashboard.tools.questions.grouping import SPLIT, color_of_class, is_split
from inspectree.dashboard.tools.questions.source import class_selection, values_uoa
from inspectree.dashboard.unit import Unit, unit_name
from inspectree.dashboard.uoa import parse

MOST_UNITS = 64
"""Units of a layer from which on it is no small one."""

DRAWN = 12


def fits(unit: Unit) -> bool:
    """Tell whether a unit is a layer of few units, over samples only."""
    flat = unit.kind == "layer" and len(unit.dims) == 2 and unit.dims[0] == "sample"
    return flat and unit.dims[1] in FEATURES and 0 < (unit.shape[1] or 0) <= MOST_UNITS


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a density per unit, or of one unit per class, if wanted beside the standard normal one."""
    model = parse(unit.uoa).model
    if is_split(unit, model, context):
        shown = await _per_class(client, unit, context)
    else:
        shown = await _per_unit(client, unit, context)
    drawn = [*shown, *([_normal(shown)] if context.settings["normal"] else [])]
    count = unit.shape[1] or 0
    cut = f"the first {DRAWN} of {count}" if count > DRAWN else f"{count}"
    what = (
        f"{unit_name(unit.dims[1], _position(unit, context))} by class"
        if context.settings["split"]
        else f"density of {cut} dimension{'s' * (count > 1)}"
    )
    return {
        "caption": f"{what} · checkpoint {context.number(model)}",
        "series": chips(drawn),
        "figure": densities(drawn, height=210),
        "merge": "densities",
    }


def _position(unit: Unit, context: Context) -> int:
    """Return which unit is looked at by class."""
    position, count = int(context.settings["unit"]), unit.shape[1] or 0
    if position >= count:
        raise ToolError(f"{unit.name} has no unit {position}: it has {count}, from 0 on")
    return position


async def _per_unit(client: Client, unit: Unit, context: Context) -> list[Json]:
    """Return a curve per unit, in colours that no class has; those that do not vary have none."""
    count = min(unit.shape[1] or 0, DRAWN)
    found = await _densities(client, unit, context, list(range(count)), [])
    names = [unit_name(unit.dims[1], position) for position in range(count)]
    drawn = [
        _curve(density, name, depth_color(position / max(1, count - 1)), f"{unit.uoa}#{position}")
        for position, (name, density) in enumerate(zip(names, found, strict=True))
        if np.isfinite(density.values).any()
    ]
    if not drawn:
        raise ToolError("none of these units varies over the selected samples: there is no density")
    return drawn


async def _per_class(client: Client, unit: Unit, context: Context) -> list[Json]:
    position, model = _position(unit, context), parse(unit.uoa).model
    (found,) = await _densities(client, unit, context, [position], ["class"])
    drawn = [
        _curve(
            found.sel({"class": name}), name, color_of_class(name, model, context), f"{unit.uoa}#{position}"
        )
        for name in map(str, found["class"].values)
        if np.isfinite(found.sel({"class": name}).values).any()
    ]
    if not drawn:
        raise ToolError("this unit does not vary within any class: there is no density")
    return drawn


async def _densities(
    client: Client, unit: Unit, context: Context, positions: list[int], by: list[str]
) -> list[xr.DataArray]:
    uoa = values_uoa(unit, context.number(parse(unit.uoa).model))
    density = {"op": "density", "points": context.settings["points"], "by": by}
    selection = class_selection(unit, context)
    return await client.batch(
        [
            (uoa, [*selection, {"op": "select", "position": {unit.dims[1]: position}}, density])
            for position in positions
        ]
    )


def _curve(density: xr.DataArray, name: str, color: str, uoa: str) -> Json:
    return curve(density["at"].values, density.values, name=name, color=color, filled=False, uoa=uoa)


def _normal(drawn: list[Json]) -> Json:
    """Return the density of the standard normal distribution over all that is drawn."""
    ends = [at for trace in drawn for at in (trace["x"][0], trace["x"][-1]) if at is not None]
    at = np.linspace(min(-3.0, *ends), max(3.0, *ends), 200)
    heights = np.exp(-(at**2) / 2) / np.sqrt(2 * np.pi)
    template = "%{x:.4g}<br>density %{y:.4g}"
    return line(at.tolist(), heights, name="standard normal", color=GREY, template=template, dash="dash")


FEATURE_DENSITIES = Tool(
    name="feature_densities",
    title="Densities per dimension",
    icon="chart-area",
    description="How each dimension of a small layer is distributed over the samples: a latent space, say, "
    "beside the standard normal distribution that it may have to follow.",
    fits=fits,
    draw=draw,
    settings=(
        Setting("normal", "Standard normal", "switch", False),
        SPLIT,
        Setting("unit", "Dimension, by class", "number", 0, least=0, help="Which one is split by class."),
        Setting("points", "Points", "number", 120, least=10, most=1000),
    ),
)
