"""One bar per unit of a layer or a variable, or per model of an experiment."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.captions import some_of
from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.named_bars import Series, named_bars
from inspectree.dashboard.tools.charts.traces import plain
from inspectree.dashboard.tools.questions.axes import names, noun, others, paths, unit_dim
from inspectree.dashboard.tools.questions.model_numbers import quantities, quantity
from inspectree.dashboard.tools.questions.source import class_selection, has_values, values_uoa
from inspectree.dashboard.tools.questions.statistics import NOTHING, OPERATIONS, chosen, step
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

ORDERS = ("as they come", "highest first", "lowest first")
LABELS = 24
"""Bars below which each is named."""


def fits(unit: Unit) -> bool:
    """Tell whether a unit has units, or models."""
    return unit.kind == "experiment" or (unit.kind != "unit" and has_values(unit) and bool(unit.dims))


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the bars in the chosen order."""
    if unit.kind == "experiment":
        return _models(unit, context)
    dim = unit_dim(unit)
    uoa = values_uoa(unit, context.number(parse(unit.uoa).model))
    statistic = chosen(context.settings["of"], tuple(OPERATIONS))
    over = others(unit.dims, dim)
    steps = [*class_selection(unit, context), *([step(statistic, over=over)] if over else [])]
    values = (await client.values(uoa, steps)).values
    if not np.isfinite(values).any():
        raise ToolError(NOTHING)
    kept = _order(values, context)
    bars = _bars(
        values[kept], names(dim, kept), f"{statistic if over else 'value'} %{{y:.4g}}",
        context.colors[parse(unit.uoa).model], paths(unit, dim, kept), unit.name,
    )  # fmt: skip
    what = f"{statistic} of each of" if over else "the"
    return {
        "caption": f"{what} {some_of(len(kept), values.size)} {noun(dim)}{_order_told(context)} · checkpoint "
        f"{context.number(parse(unit.uoa).model)}",
        "figure": _upright(bars, len(kept), statistic if over else "value"),
        "choices": {"of": list(OPERATIONS)},
        "merge": "bars",
    }


def _models(unit: Unit, context: Context) -> Content:
    """Return a bar per model, in its colour, with its name beside it."""
    models = context.models_of(unit)
    offered = quantities([context.models[model] for model in models])
    wanted = chosen(context.settings["of"], offered)
    values = np.array([quantity(context.models[model], wanted) for model in models])
    if not np.isfinite(values).any():
        raise ToolError(f"no model has a {wanted} yet")
    kept = _order(values, context)
    drawn = named_bars(
        [context.title(models[place]) for place in kept],
        [Series(wanted, values[kept], [context.colors[models[place]] for place in kept])],
        template=f"{wanted} %{{x:,.4~g}}", uoas=[models[place] for place in kept],
    )  # fmt: skip
    cut = f", {len(kept)} of {len(models)} models" if len(kept) < len(models) else ""
    return {
        "caption": f"{wanted}{cut}{_order_told(context)}",
        "figure": drawn,
        "choices": {"of": offered},
        "merge": "bars",
    }


def _order(values: NDArray[np.floating], context: Context) -> list[int]:
    """Return the positions that are shown, in order: what is not finite comes last."""
    most, order = context.settings["most"], chosen(context.settings["order"], ORDERS)
    if order == ORDERS[0]:
        return list(range(min(values.size, most)))
    keys = np.where(np.isfinite(values), -values if order == ORDERS[1] else values, np.inf)
    return [int(place) for place in np.argsort(keys, kind="stable")[:most]]


def _order_told(context: Context) -> str:
    order = chosen(context.settings["order"], ORDERS)
    return "" if order == ORDERS[0] else f", {order}"


def _bars(
    values: NDArray[np.floating], labels: Sequence[str], template: str, color: str,
    uoas: list[str], name: str,
) -> Json:  # fmt: skip
    meta = {"uoas": uoas} if any(uoas) else {}
    return {
        "type": "bar",
        "x": list(labels),
        "y": plain(values),
        "name": name,
        "marker": {"color": color, "line": {"width": 0}},
        "hovertemplate": "%{x}<br>" + template + "<extra></extra>",
        "meta": meta,
    }


def _upright(bars: Json, count: int, title: str) -> Json:
    ticks = {"nticks": LABELS // 3} if count > LABELS else {}
    y = {"title": {"text": title}, "nticks": 5}
    return figure([bars], x={"type": "category", **ticks}, y=y, bargap=0.2 if count < 40 else 0.05)


BAR_CHART = Tool(
    name="bar_chart",
    title="Bar chart",
    icon="chart-bar",
    description="One bar per unit of a layer or variable: which stand out? Of an experiment, one per model.",
    fits=fits,
    draw=draw,
    settings=(
        Setting("of", "Bars show", "choice", "", help="A statistic of each unit; a number of each model."),
        Setting("order", "Order", "choice", ORDERS[0], choices=ORDERS),
        Setting("most", "Most bars", "number", 64, least=1, most=1000),
    ),
)
