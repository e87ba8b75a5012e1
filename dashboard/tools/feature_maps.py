"""What a layer makes of one sample: maps, curves, bars, or who attends to whom."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import class_color
from inspectree.dashboard.images import ACTIVATION, extremes, uri
from inspectree.dashboard.samples.kinds import flattened
from inspectree.dashboard.tools.base import Content, Context, Json, Picture, Setting, Tool
from inspectree.dashboard.tools.charts.figures import figure, heatmap
from inspectree.dashboard.tools.charts.keys import key
from inspectree.dashboard.tools.charts.traces import chips, line
from inspectree.dashboard.tools.questions.axes import FEATURES
from inspectree.dashboard.tools.questions.following import SAMPLE, followed, one_of
from inspectree.dashboard.tools.questions.sample_images import pictured, seen_samples
from inspectree.dashboard.tools.questions.source import ACTIVATIONS, variable_uoa
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit, unit_name
from inspectree.dashboard.uoa import parse

MOST = 64
MOST_LINES = 12
MOST_BARS = 512
ALONG = ("time", "x")
ATTENTION = ("head", "query", "key")

STYLES = ("map", "lines")


def fits(unit: Unit) -> bool:
    """Tell whether a unit is a layer that makes something of each sample."""
    return unit.kind == "layer" and unit.dims[:1] == ("sample",) and len(unit.dims) > 1


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw one output of the layer for one sample, all on one scale."""
    model = parse(unit.uoa).model
    selected = await followed(client, model, context)
    sample = one_of(selected.samples, model, context)
    outputs = await _outputs(client, unit, context)
    output = chosen(context.settings["output"], outputs)
    only: list[Json] = [{"op": "select", "label": {"sample": [sample]}}]
    values = await client.values(variable_uoa(unit, output, context.number(model)), only)
    (seen,) = await seen_samples(client, model, [sample])
    own = pictured(seen, Picture(label="input", sample=sample, mark="on"))
    words = f"“{seen['text']}”" if "text" in seen else ""  # not beside maps, which would be as wide
    shown = picture_of(values.isel(sample=0), unit, context)
    return {
        **shown,
        "caption": " · ".join(
            filter(None, [selected.about(sample), selected.cut, words, shown.get("caption", "")])
        ),
        "pictures": [*([] if words else [own]), *shown.get("pictures", [])],
        "choices": {"output": outputs} if len(outputs) > 1 else {},
        "space": context.space(model),
    }


async def _outputs(client: Client, unit: Unit, context: Context) -> list[str]:
    """Return the names of what the layer gives out."""
    path = parse(unit.uoa)
    catalogue = await client.catalogue(path.model, context.number(path.model))
    found = [
        name.removeprefix(f"{path.inside}/")
        for name, about in catalogue["variables"].items()
        if about["kind"] == "activations" and about["layer"] == path.inside
    ]
    return found or [ACTIVATIONS]


def picture_of(values: xr.DataArray, unit: Unit, context: Context) -> Content:
    """Return what the values of one sample are seen as, by their axes."""
    dims = values.dims
    if set(dims) == {"y", "x", "channel"}:
        return _maps(values, unit)
    if len(dims) == 3 and (set(dims) == set(ATTENTION) or dims[0] == "head"):
        return _attention(values)
    if len(dims) == 2:
        along, feature = _axes(values)
        return _over_time(values.transpose(along, feature), unit, context)
    return _bars(values, unit, context) if len(dims) == 1 else _flat(values)


def _axes(values: xr.DataArray) -> tuple[str, str]:
    """Return the axis that goes along and the one of the features."""
    first, second = map(str, values.dims)
    return (second, first) if first in FEATURES or second in ALONG else (first, second)


def _maps(values: xr.DataArray, unit: Unit) -> Content:
    maps = values.transpose("y", "x", "channel")
    count = maps.sizes["channel"]
    return {
        "caption": _cut(count, "channels") if count > MOST else "",
        "pictures": pictures(maps, unit.uoa),
        "figure": key(ACTIVATION, extremes(maps.values)),
    }


def pictures(maps: xr.DataArray, layer: str) -> list[Picture]:
    """Return the maps (y, x, channel) of one sample as images."""
    limits = extremes(maps.values)
    return [
        Picture(
            src=uri(maps.values[:, :, channel], ACTIVATION, limits),
            label=str(channel),
            uoa=f"{layer}#{channel}",
            tip=f"channel {channel}, mean {float(maps.values[:, :, channel].mean()):.3g}",
        )
        for channel in range(min(maps.sizes["channel"], MOST))
    ]


def _attention(values: xr.DataArray) -> Content:
    """Return scores (head, query, key) as a map per head: rows are who asks, columns who is attended to."""
    limits = extremes(values.values)
    shown = [
        Picture(
            src=uri(head, ACTIVATION, limits),
            label=f"head {number}",
            tip=f"head {number}: rows are queries, columns are keys\nhighest score {np.nanmax(head):.3g}",
        )
        for number, head in enumerate(values.values[:MOST])
    ]
    count = len(values)
    cut = f", {_cut(count, 'heads')}" if count > MOST else ""
    return {
        "caption": f"attention scores: rows are queries, columns keys{cut}",
        "pictures": shown,
        "figure": key(ACTIVATION, limits),
    }


def _over_time(values: xr.DataArray, unit: Unit, context: Context) -> Content:
    """Return values (along, feature) as a map with a row per feature, or as a line per feature."""
    along, feature = map(str, values.dims)
    rows = [unit_name(feature, index) for index in range(min(values.sizes[feature], MOST))]
    if context.settings["style"] == "lines":
        return _lines(values, along, rows[:MOST_LINES], unit)
    cells = heatmap(
        values.values[:, : len(rows)].T,
        rows,
        list(map(str, range(values.sizes[along]))),
        template=f"%{{y}}<br>{along} %{{x}}<br>%{{z:.4g}}",
        scale="activation",
        numbers=".3g",
    )
    cut = _cut(values.sizes[feature], f"{feature}s") if values.sizes[feature] > MOST else ""
    drawn = figure(
        [{**cells, "xgap": 0}],
        height=max(150, 14 * len(rows) + 50),
        x={"title": {"text": along}, "nticks": 8},
        y={"type": "category", "autorange": "reversed", "nticks": 24},
    )
    return {"caption": cut, "figure": drawn}


def _lines(values: xr.DataArray, along: str, rows: Sequence[str], unit: Unit) -> Content:
    drawn = [
        line(
            range(values.sizes[along]),
            values.values[:, index],
            name=name,
            color=class_color(index),
            template=f"{along} %{{x}}<br>%{{y:.4g}}",
            uoa=f"{unit.uoa}#{index}",
        )
        for index, name in enumerate(rows)
    ]
    count = values.sizes[str(values.dims[1])]
    return {
        "caption": f"the first {len(rows)} of {count}" if len(rows) < count else "",
        "series": chips(drawn),
        "figure": figure(drawn, x={"title": {"text": along}, "nticks": 8}, y={"nticks": 5}),
        "merge": "lines",
    }


def _bars(values: xr.DataArray, unit: Unit, context: Context) -> Content:
    """Return values (unit) as bars."""
    count = values.size
    shown = values.values[:MOST_BARS].astype(float)
    names = [unit_name(str(values.dims[0]), index) for index in range(len(shown))]
    model = parse(unit.uoa).model
    bars: Json = {
        "type": "bar",
        "x": names,
        "y": [float(value) if np.isfinite(value) else None for value in shown],
        "marker": {"color": context.colors[model]},
        "hovertemplate": "%{x}<br>%{y:.4g}<extra></extra>",
        "meta": {"uoas": [f"{unit.uoa}#{index}" for index in range(len(shown))]},
    }
    return {
        "caption": _cut(count, "units", MOST_BARS) if count > MOST_BARS else "",
        "figure": figure([bars], x={"type": "category", "nticks": 12}, y={"nticks": 5}, bargap=0.2),
        "merge": "bars",
    }


def _flat(values: xr.DataArray) -> Content:
    """Return values of other axes as one map: the first axis downwards."""
    dims = ", ".join(map(str, values.dims))
    picture = Picture(src=uri(flattened(values.values), ACTIVATION), label=" × ".join(map(str, values.shape)))
    return {
        "caption": f"({dims}), the first axis downwards",
        "pictures": [picture],
        "figure": key(ACTIVATION, extremes(values.values)),
    }


def _cut(count: int, what: str, most: int = MOST) -> str:
    return f"the first {most} of {count} {what}"


FEATURE_MAPS = Tool(
    name="feature_maps",
    title="Feature maps",
    icon="photo",
    description="What a layer makes of one sample: a map per channel, curves over time, bars, or attention "
    "scores. Dark is low, bright is high.",
    fits=fits,
    draw=draw,
    settings=(
        SAMPLE,
        Setting("output", "Output", "choice", ACTIVATIONS, help="Of a layer that gives out several."),
        Setting("style", "Over time as", "choice", STYLES[0], choices=STYLES),
    ),
    follows=("training", "classes", "checkpoint", "filter", "marked"),
    family="samples",
)
