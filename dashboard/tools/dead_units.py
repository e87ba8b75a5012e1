"""Units that say nothing any more: dead ones and saturated ones."""

import asyncio
from collections.abc import Sequence

import numpy as np

from inspectree.dashboard.client import Client
from inspectree.dashboard.graphs.pictograms import kind
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Table, Tool
from inspectree.dashboard.tools.charts.captions import left_out
from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.lines import MOST_LINES, Line, lines_figure, series
from inspectree.dashboard.tools.charts.traces import thinned
from inspectree.dashboard.tools.questions.activity import WITH_FUNCTION, Layer, affected, is_affected, watched
from inspectree.dashboard.tools.questions.axes import FEATURES
from inspectree.dashboard.tools.questions.over_training import cut_of, numbers_of
from inspectree.dashboard.tools.questions.trained import Numbers
from inspectree.dashboard.unit import Unit, unit_name
from inspectree.dashboard.uoa import parse

MOST_LAYERS, MOST_ROWS = 40, 300
COLORS = {"dead": "#868e96", "saturated": "#c2410c"}


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the shares of dead and saturated units by layer; of one layer, list its units.

    A unit of a ReLU (and the like) is dead when it is 0 for all samples at all positions, one of a sigmoid,
    tanh and the like saturated when at least 95 % of its values lie within 5 % of the bounds: the same
    bounds as the interestingness measure "Saturation" has.
    """
    model = parse(unit.uoa).model
    layers = await watched(client, unit)
    if context.settings["over"]:
        return await _over_training(client, unit, context, layers)
    number = context.number(model)
    shown = [layers[index] for index in thinned(len(layers), MOST_LAYERS)]
    shares = await asyncio.gather(*(affected(client, model, each, [number], context) for each in shown))
    if shown[0].id == parse(unit.uoa).inside:
        return _units(unit.uoa, shown[0], shares[0][0], number)
    more = left_out(len(shown), len(layers), "layers")
    counts = [int(is_affected(layer, share[0]).sum()) for layer, share in zip(shown, shares, strict=True)]
    total = sum(share.shape[1] for share in shares)
    parts = [count / share.shape[1] for count, share in zip(counts, shares, strict=True)]
    return {
        "caption": f"{sum(counts)} of {total:,} units are dead or saturated · checkpoint {number}{more}",
        "series": [{"name": name, "color": color, "uoa": ""} for name, color in COLORS.items()],
        "figure": _bars(model, shown, parts),
    }


def _bars(model: str, layers: Sequence[Layer], shares: Sequence[float]) -> Json:
    """Return a bar per layer, from the input (above) to the output."""
    data = {
        "type": "bar",
        "orientation": "h",
        "y": [layer.id for layer in layers],
        "x": list(shares),
        "marker": {"color": [COLORS[layer.state] for layer in layers]},
        "customdata": [f"{layer.state} ({layer.function})" for layer in layers],
        "hovertemplate": "%{y}<br>%{x:.1%} %{customdata}<extra></extra>",
        "meta": {"uoas": [f"{model}/{layer.id}" for layer in layers]},
    }
    return figure(
        [data],
        height=max(110, 44 + 22 * len(layers)),
        x={
            "range": [0, max(0.05, *shares) * 1.05],
            "tickformat": ".0%",
            "nticks": 6,
            "title": {"text": "of the units"},
        },
        y={"autorange": "reversed", "type": "category"},
    )


def _units(uoa: str, layer: Layer, shares: Numbers, number: int) -> Content:
    """Return a layer's units, the worst first."""
    states = is_affected(layer, shares)
    order = np.argsort(-shares, kind="stable")[:MOST_ROWS]
    near = "zeros" if layer.state == "dead" else "near a bound"
    table: Table = {
        "columns": [
            {"name": "unit", "title": layer.dim, "kind": "text"},
            {"name": "state", "title": "state", "kind": "text"},
            {"name": "share", "title": near, "kind": "bar"},
        ],
        "rows": [
            [unit_name(layer.dim, int(unit)), layer.state if states[unit] else "alive", float(shares[unit])]
            for unit in order
        ],
        "uoas": [f"{uoa}#{unit}" for unit in order],
    }
    some = f" · the {len(order)} worst" if len(order) < len(shares) else ""
    count = f"{int(states.sum())} of {len(shares):,} {layer.dim}s"
    return {
        "caption": f"{count} {'is' if states.sum() == 1 else 'are'} {layer.state} ({layer.function}) · "
        f"checkpoint {number}{some}",
        "table": table,
        "merge": "table",
    }


async def _over_training(client: Client, unit: Unit, context: Context, layers: Sequence[Layer]) -> Content:
    model = parse(unit.uoa).model
    numbers = numbers_of(context, model)
    shown = [layers[index] for index in thinned(len(layers), MOST_LINES)]
    shares = await asyncio.gather(*(affected(client, model, each, numbers, context) for each in shown))
    lines = [
        Line(
            f"{layer.id} ({layer.state})", f"{model}/{layer.id}", numbers,
            is_affected(layer, share).mean(axis=1).tolist(),
        )
        for layer, share in zip(shown, shares, strict=True)
    ]  # fmt: skip
    drawn = lines_figure(lines, x="checkpoint", template="%{y:.1%} of the units", log=False)
    drawn["layout"]["yaxis"] |= {"tickformat": ".0%", "rangemode": "tozero"}
    more = left_out(len(shown), len(layers), "layers") + cut_of(context, model, numbers)
    return {
        "caption": f"share of the units that are dead or saturated{more}",
        "series": series(lines),
        "figure": drawn,
        "merge": "lines",
    }


def may_die(unit: Unit) -> bool:
    """Tell whether a unit may hold units that die or saturate."""
    known = unit.kind == "layer" and kind(unit.type) in WITH_FUNCTION and len(unit.dims) > 1
    return unit.kind == "model" or (known and unit.dims[-1] in FEATURES)


DEAD_UNITS = Tool(
    name="dead_units",
    title="Dead and saturated units",
    icon="skull",
    description="Which units have stopped to tell samples apart: ReLUs that are 0 for all of them, sigmoids "
    "and tanhs that stick to their bounds. On a model: the shares by layer.",
    fits=may_die,
    draw=draw,
    settings=(Setting("over", "Over training", "switch", False),),
)
