"""One thing against another: units over the samples, statistics over the units, numbers over the models."""

import numpy as np
import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import GREY, class_color
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.captions import some_of
from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.traces import MOST_POINTS, chips, points, thinned
from inspectree.dashboard.tools.questions.axes import UNITS, layer_of, names, noun, others, paths, unit_dim
from inspectree.dashboard.tools.questions.model_numbers import quantities, quantity
from inspectree.dashboard.tools.questions.source import class_selection, has_values, values_uoa
from inspectree.dashboard.tools.questions.statistics import NOTHING, OPERATIONS, chosen, stacked
from inspectree.dashboard.unit import Unit, unit_name
from inspectree.dashboard.uoa import parse

MOST_OFFERED = 512
"""Units of a layer among which another one is chosen."""


def fits(unit: Unit) -> bool:
    """Tell whether a unit has units to be compared, is one, or holds models."""
    if unit.kind == "experiment":
        return True
    return has_values(unit) and len(unit.dims) > 1


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the points: samples of a neuron, units of a layer or variable, models of an experiment."""
    if unit.kind == "experiment":
        return _models(unit, context)
    return await (_samples if unit.kind == "unit" else _units)(client, unit, context)


async def _samples(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a point per sample: the unit's mean activation against that of another unit of its layer."""
    path = parse(unit.uoa)
    dim, own = unit_dim(unit), int(path.unit)
    offered = _neighbours(unit, dim, own)
    across = chosen(context.settings["x"], list(offered), unit_name(dim, own))
    up = chosen(context.settings["y"], list(offered))
    space = others(unit.dims, "sample", dim)
    uoa = values_uoa(Unit(layer_of(unit), "layer", unit.name), context.number(path.model))
    steps: list[Json] = [
        *class_selection(unit, context),
        {"op": "select", "random": {"sample": MOST_POINTS}},
        {"op": "select", "position": {dim: sorted({offered[across], offered[up]})}},
        *([{"op": "mean", "over": space}] if space else []),
    ]
    values = (await client.values(uoa, steps)).transpose("sample", dim)
    values = values.sel({dim: [offered[across], offered[up]]})
    if not values.sizes["sample"]:
        raise ToolError("no sample of the selected classes")
    drawn = _of_samples(values, path.model, context)
    average = f", averaged over {' and '.join(space)}" if space else ""
    most = f" · {MOST_POINTS:,} samples at random" if values.sizes["sample"] == MOST_POINTS else ""
    return {
        "caption": f"{values.sizes['sample']:,} samples: {up} against {across}{average}"
        f"{most} · checkpoint {context.number(path.model)}",
        "series": chips(drawn) if len(drawn) > 1 else [],
        "figure": _figure(drawn, across, up, context),
        "choices": {"x": sorted(offered), "y": sorted(offered)},
        "merge": "scatter",
        "space": context.space(path.model),
    }


def _neighbours(unit: Unit, dim: str, own: int) -> dict[str, int]:
    """Return the units of the same layer by their names, those behind the unit first, it itself last."""
    count = unit.shape[unit.dims.index(dim)] or own + 1
    behind = (np.arange(own + 1, own + 1 + min(count, MOST_OFFERED)) % count).tolist()
    found = {unit_name(dim, position): position for position in behind}
    return {**found, unit_name(dim, own): own}


def _of_samples(values: xr.DataArray, model: str, context: Context) -> list[Json]:
    """Return points of values (sample, unit), in a trace per true class where there are classes."""
    classes = context.all_classes(model)
    truth = values["class"].values if classes else np.zeros(values.sizes["sample"])
    drawn = []
    for index, name in enumerate(classes or [""]):
        part = values.isel(sample=np.flatnonzero(truth == (name if classes else 0)))
        if part.sizes["sample"]:
            color = class_color(index) if classes else context.colors[model]
            drawn.append(_sample_points(part, name, color))
    unlabelled = values.isel(sample=np.flatnonzero(truth == "")) if classes else values[:0]
    return [*drawn, _sample_points(unlabelled, "no class", GREY)] if unlabelled.size else drawn


def _sample_points(part: xr.DataArray, name: str, color: str) -> Json:
    samples = [int(sample) for sample in part["sample"].values]
    labels = [f"sample {sample}" for sample in samples]
    return points(
        part.values[:, 0], part.values[:, -1], name=name, color=color, labels=labels,
        template="%{x:.4g}, %{y:.4g}", samples=samples,
    )  # fmt: skip


async def _units(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a point per unit: one statistic of its values against another."""
    model, dim = parse(unit.uoa).model, unit_dim(unit)
    offered = list(OPERATIONS)
    first = chosen(context.settings["x"], offered)
    second = chosen(context.settings["y"], offered, "standard deviation")
    over = others(unit.dims, dim)
    steps = [*class_selection(unit, context), *stacked(list(dict.fromkeys([first, second])), over=over)]
    found = await client.values(values_uoa(unit, context.number(model)), steps)
    if not np.isfinite(found.values).any():
        raise ToolError(NOTHING)
    kept = thinned(found.sizes[dim])
    x, y = (found.sel(statistic=name).values[kept] for name in (first, second))
    linked = {"uoas": paths(unit, dim, kept)} if dim in UNITS else {}
    drawn = points(
        x, y, name=unit.name, color=context.colors[model], labels=names(dim, kept),
        template=f"{first} %{{x:.4g}}<br>{second} %{{y:.4g}}", **linked,
    )  # fmt: skip
    return {
        "caption": f"{some_of(len(kept), found.sizes[dim])} {noun(dim)}: {second} against {first} · "
        f"checkpoint {context.number(model)}",
        "figure": _figure([drawn], first, second, context),
        "choices": {"x": offered, "y": offered},
        "merge": "scatter",
    }


def _models(unit: Unit, context: Context) -> Content:
    """Draw a point per model in its colour."""
    models = context.models_of(unit)
    offered = quantities([context.models[model] for model in models])
    across = chosen(context.settings["x"], offered, "parameters")
    up = chosen(context.settings["y"], offered)
    x, y = (np.array([quantity(context.models[model], name) for model in models]) for name in (across, up))
    if not (np.isfinite(x) & np.isfinite(y)).any():
        raise ToolError(f"no model has both {across} and {up} yet")
    drawn = points(
        x, y, name="models", color="", labels=[context.title(model) for model in models],
        template=f"{across} %{{x:,.4g}}<br>{up} %{{y:,.4g}}", uoas=models,
    )  # fmt: skip
    drawn["marker"] |= {"color": [context.colors[model] for model in models], "size": 10, "opacity": 0.95}
    return {
        "caption": f"{up} against {across} of {len(models)} models",
        "figure": _figure([drawn], across, up, context),
        "choices": {"x": offered, "y": offered},
        "merge": "scatter",
    }


def _figure(drawn: list[Json], x: str, y: str, context: Context) -> Json:
    log = {"type": "log"} if context.settings["log"] else {}
    return figure(
        drawn, height=240, x={"title": {"text": x}, "nticks": 6, **log}, y={"title": {"text": y}, "nticks": 6}
    )


SCATTER = Tool(
    name="scatter",
    title="Scatter plot",
    icon="chart-dots",
    description="Two things against each other: two neurons over the samples, two statistics over the units "
    "of a layer, or two numbers over the models of an experiment.",
    fits=fits,
    draw=draw,
    settings=(
        Setting("x", "Across", "choice", ""),
        Setting("y", "Up", "choice", ""),
        Setting("log", "Logarithmic across", "switch", False),
    ),
)
