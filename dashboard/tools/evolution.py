"""How one number of a variable, a layer's activations or a unit changes during training."""

import numpy as np
import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import class_color
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.traces import line
from inspectree.dashboard.tools.questions.grouping import is_split
from inspectree.dashboard.tools.questions.over_training import SCALES, chosen_of, moments, numbers_of
from inspectree.dashboard.tools.questions.source import class_selection, has_values, values_uoa
from inspectree.dashboard.tools.questions.statistics import (
    NOTHING,
    OPERATIONS,
    chosen,
    statistic_setting,
    step,
)
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the statistic at each checkpoint, of all values or of each class."""
    model = parse(unit.uoa).model
    numbers = numbers_of(context, model)
    statistic = chosen(context.settings["statistic"], tuple(OPERATIONS))
    split = is_split(unit, model, context)
    steps = [*class_selection(unit, context), step(statistic, by=["checkpoint", *["class"][: int(split)]])]
    values = await client.values([values_uoa(unit, number) for number in numbers], steps)
    if not np.isfinite(values.values).any():
        raise ToolError(NOTHING)
    scale = chosen(context.settings["x"], SCALES)
    at = await moments(client, model, numbers, scale)
    lines = _per_class(values, at, context, model) if split else [_line(values, at, unit, context, model)]
    axis = {"type": "log"} if context.settings["log"] else {}
    return {
        "caption": f"{statistic}{_change(values, split)} · {chosen_of(context, model, numbers)}",
        "series": [{"name": each["name"], "color": each["line"]["color"], "uoa": ""} for each in lines]
        if split
        else [],
        "figure": figure(
            lines,
            x={"title": {"text": scale}, "nticks": 8},
            y={"title": {"text": statistic}, "nticks": 5, **axis},
        ),
        "merge": "lines",
    }


def _line(values: xr.DataArray, at: list[int], unit: Unit, context: Context, model: str) -> Json:
    name = (
        f"{context.title(model)} › {parse(unit.uoa).inside}{f' › {unit.name}' if unit.kind == 'unit' else ''}"
    )
    color = context.colors[model]
    return line(at, values.values, name=name, color=color, template="%{x}: %{y:.4g}", uoa=unit.uoa)


def _per_class(values: xr.DataArray, at: list[int], context: Context, model: str) -> list[Json]:
    """Return a line for each class of values (checkpoint, class)."""
    classes = context.all_classes(model)
    heights = values.transpose("class", "checkpoint")
    return [
        line(at, row, name=name, color=class_color(classes.index(name)), template="%{x}: %{y:.4g}")
        for name, row in zip(map(str, heights["class"].values), heights.values, strict=True)
    ]


def _change(values: xr.DataArray, split: bool) -> str:
    """Return what the number was at first and is at last."""
    first, last = float(values.values.flat[0]), float(values.values.flat[-1])
    return " of each class" if split else f" {first:.4g} → {last:.4g}"


EVOLUTION = Tool(
    name="evolution",
    title="Evolution",
    icon="trending-up",
    description="One number of a variable, layer or unit at every checkpoint: does it settle, drift, die?",
    fits=has_values,
    draw=draw,
    follows=("training", "classes", "filter"),
    family="training",
    settings=(
        statistic_setting(),
        Setting("x", "Along", "choice", "checkpoint", choices=SCALES),
        Setting("split", "One line per class", "switch", False, of=("layer", "unit")),
        Setting("log", "Logarithmic", "switch", False),
    ),
)
