"""Distributions side by side: of classes, checkpoints or units."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import class_color
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.captions import some_of
from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.traces import QUANTILES, box, faded, plain
from inspectree.dashboard.tools.questions.axes import names, noun, others, paths, unit_dim
from inspectree.dashboard.tools.questions.over_training import numbers_of
from inspectree.dashboard.tools.questions.source import class_selection, has_values, values_uoa
from inspectree.dashboard.tools.questions.statistics import NOTHING, OPERATIONS, chosen
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

SHAPES = ("boxes", "violins")
GROUPS = ("classes", "checkpoints", "units")

VALUES = {"title": {"text": "value"}, "nticks": 6}

VIOLIN_POINTS = 80
HALF = 0.42
"""How far the widest violin reaches to each side of its place."""


@dataclass(frozen=True)
class Group:
    """Values that make one box: what it is called, its colour, and the unit that it stands for, if one."""

    name: str
    color: str
    uoa: str = ""


@dataclass(frozen=True)
class Asked:
    """What is asked, and the dim along which the answer has its groups."""

    uoa: str | list[str]
    selection: tuple[Json, ...]
    by: str
    grouped: Json


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw boxes from quantiles, or violins from densities."""
    model = parse(unit.uoa).model
    by = _chosen_groups(unit, context, model)
    asked = _question(unit, context, by)
    shape = chosen(context.settings["shape"], SHAPES)
    quantile = {"op": "quantile", "q": list(QUANTILES), **asked.grouped}
    found = (await client.values(asked.uoa, [*asked.selection, quantile])).transpose(asked.by, "quantile")
    if not np.isfinite(found.values).any():
        raise ToolError(NOTHING)
    groups = _groups(unit, context, asked.by, found)
    if shape == SHAPES[0]:
        drawn = figure(_boxes(groups, found), height=200, x=_places(groups), y=VALUES, boxgap=0.35)
        how = "boxes: 25 to 75 %, whiskers: 5 to 95 %"
    else:
        density = {"op": "density", "points": VIOLIN_POINTS, "by": [asked.by]}
        shapes = (await client.values(asked.uoa, [*asked.selection, density])).transpose(asked.by, "at")
        drawn = figure(_violins(groups, shapes, found), height=200, x=_places(groups), y=VALUES)
        how = "width: density; line: 25 to 75 %; dot: median"
    when = "" if asked.by == "checkpoint" else f" · checkpoint {context.number(model)}"
    content: Content = {
        "caption": f"{_told(unit, asked.by, len(groups), context)} · {how}{when}",
        "figure": drawn,
    }
    offered = [group for group in GROUPS if group in _possible(unit, context, model)]
    content["choices"] = {"by": offered}
    return {**content, "merge": "boxes"} if shape == SHAPES[0] else content


def _possible(unit: Unit, context: Context, model: str) -> list[str]:
    """Return what a unit's values can be grouped by."""
    found = ["checkpoints"]
    if unit.kind != "weights" and context.all_classes(model):
        found.insert(0, "classes")
    if unit.kind != "unit" and len(unit.dims) > 1:
        found.append("units")
    return found


def _chosen_groups(unit: Unit, context: Context, model: str) -> str:
    return chosen(context.settings["by"], _possible(unit, context, model))


def _question(unit: Unit, context: Context, by: str) -> Asked:
    """Return whose values are asked for, which of them, and how they are grouped."""
    model = parse(unit.uoa).model
    selection = tuple(class_selection(unit, context))
    most = int(context.settings["most"])
    if by == "checkpoints":
        uoas = [values_uoa(unit, number) for number in numbers_of(context, model, most)]
        return Asked(uoas, selection, "checkpoint", {"by": ["checkpoint"]})
    uoa = values_uoa(unit, context.number(model))
    if by == "classes":
        return Asked(uoa, selection, "class", {"by": ["class"]})
    dim = unit_dim(unit)
    score = OPERATIONS[chosen(context.settings["score"], SCORES)]
    top: Json = {"op": "top", "dim": dim, "score": score, "k": most}
    return Asked(uoa, (*selection, top), dim, {"over": others(unit.dims, dim)})


def _groups(unit: Unit, context: Context, by: str, found: xr.DataArray) -> list[Group]:
    """Return what stands at each position along the dim of the groups."""
    model = parse(unit.uoa).model
    if by == "class":
        classes = context.all_classes(model)
        return [Group(name, class_color(classes.index(name))) for name in map(str, found["class"].values)]
    positions = [int(position) for position in found[by].values]
    color = context.colors[model]
    if by == "checkpoint":
        return [Group(str(number), color) for number in positions]
    uoas = paths(unit, by, positions)
    return [Group(name, color, uoa) for name, uoa in zip(names(by, positions), uoas, strict=True)]


def _told(unit: Unit, by: str, count: int, context: Context) -> str:
    if by == "class":
        return f"{count} classes"
    if by == "checkpoint":
        every = context.models[parse(unit.uoa).model]["checkpoints"]
        return f"{some_of(count, len(every))} checkpoints"
    total = unit.shape[unit.dims.index(by)]
    return f"the {count} highest of {total} {noun(by)}" if total and count < total else f"{count} {noun(by)}"


def _places(groups: list[Group]) -> Json:
    """Return the axis with the groups' names, of many only some."""
    shown = range(0, len(groups), -(-len(groups) // 14))
    names_ = [groups[place].name for place in shown]
    return {
        "tickvals": list(shown), "ticktext": names_, "showgrid": False, "zeroline": False,
        "range": [-0.6, len(groups) - 0.4],
    }  # fmt: skip


def _boxes(groups: list[Group], found: xr.DataArray) -> list[Json]:
    """Return a box per group of quantiles (group, quantile), side by side."""
    return [
        {**box(row, name=group.name, color=group.color, uoa=group.uoa), "x": [place]}
        for place, (group, row) in enumerate(zip(groups, found.values, strict=True))
    ]


def _violins(groups: list[Group], shapes: xr.DataArray, found: xr.DataArray) -> list[Json]:
    """Return an outline per group of densities (group, at), with its quartiles."""
    at, heights = shapes["at"].values, np.nan_to_num(shapes.values)
    widest = heights.max() or 1.0
    drawn: list[Json] = []
    for place, group in enumerate(groups):
        half = heights[place] / widest * HALF
        drawn += [_outline(group, place, at, half), *_middle(group, place, plain(found.values[place]))]
    return drawn


def _outline(group: Group, place: int, at: np.ndarray, half: np.ndarray) -> Json:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*(place - half).tolist(), *(place + half)[::-1].tolist()],
        "y": [*at.tolist(), *at[::-1].tolist()],
        "fill": "toself",
        "fillcolor": faded(group.color, 0.3),
        "line": {"color": group.color, "width": 1},
        "name": group.name,
        "hoveron": "fills",
        "hoverinfo": "name",
        "meta": {"uoa": group.uoa},
    }


def _middle(group: Group, place: int, quantiles: list[float | None]) -> list[Json]:
    _, first, median, third, _ = quantiles
    shared = {"type": "scatter", "name": group.name, "meta": {"uoa": group.uoa}}
    quartiles = {
        **shared, "mode": "lines", "x": [place, place], "y": [first, third], "hoverinfo": "skip",
        "line": {"color": group.color, "width": 3},
    }  # fmt: skip
    dot = {
        **shared, "mode": "markers", "x": [place], "y": [median],
        "marker": {"color": group.color, "size": 6, "line": {"color": "#fff", "width": 1}},
        "hovertemplate": "median %{y:.4g}<extra>%{fullData.name}</extra>",
    }  # fmt: skip
    return [quartiles, dot]


SCORES = ("mean", "standard deviation", "maximum", "norm")

VIOLIN_BOX = Tool(
    name="violin_box",
    title="Boxes and violins",
    icon="chart-candle",
    description="Distributions side by side, one per class, checkpoint or unit: where do they differ?",
    fits=has_values,
    draw=draw,
    settings=(
        Setting("by", "One for each of", "choice", "", help="Weights have checkpoints and units only."),
        Setting("shape", "Shape", "choice", SHAPES[0], choices=SHAPES),
        Setting("most", "Most units or checkpoints", "number", 12, least=1, most=100),
        Setting("score", "Highest units by", "choice", SCORES[0], choices=SCORES),
    ),
)
