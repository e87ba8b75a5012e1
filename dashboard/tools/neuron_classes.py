"""How strongly units answer to each class."""

import numpy as np
import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import class_color
from inspectree.dashboard.images import ACTIVATION, extremes, uri
from inspectree.dashboard.tools.base import Content, Context, Picture, Setting, Tool
from inspectree.dashboard.tools.charts.figures import figure, heatmap
from inspectree.dashboard.tools.questions.axes import FEATURES, over_space
from inspectree.dashboard.tools.questions.source import CLASS_MEANS, variable_uoa
from inspectree.dashboard.unit import Unit, unit_name
from inspectree.dashboard.uoa import parse

ROW_HEIGHT = 13
MEAN = {"title": {"text": "mean activation"}, "nticks": 4}
MOST_ROWS = 64


def fits(unit: Unit) -> bool:
    """Tell whether a unit is a layer with units, or one of them, in a model that tells classes apart."""
    layer = unit.kind == "layer" and unit.dims[-1:] != () and unit.dims[-1] in FEATURES
    return unit.classes > 0 and (unit.kind == "unit" or layer)


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a layer as a matrix of units and classes, one unit as bars with its mean maps."""
    model = parse(unit.uoa).model
    uoa = variable_uoa(unit, CLASS_MEANS, context.number(model))
    selection = {"op": "select", "class": context.classes(model)}
    if unit.kind == "unit":
        means = await client.values(uoa, [selection])
        return _one_unit(means, context.all_classes(model))
    means = await client.values(uoa, [selection, *over_space(unit.dims)])
    return _matrix(means, context)


def _one_unit(means: xr.DataArray, classes: list[str]) -> Content:
    """Return bars, and the mean maps (class, y, x) where there are such."""
    names = [str(name) for name in means["class"].values]
    space = [dim for dim in means.dims if dim != "class"]
    heights = means.mean(space).values
    data = [
        {
            "type": "bar",
            "x": names,
            "y": heights.tolist(),
            "marker": {"color": [class_color(classes.index(name)) for name in names]},
            "hovertemplate": "class %{x}<br>mean activation %{y:.4g}<extra></extra>",
        }
    ]
    content: Content = {
        "caption": f"mean activation for each of {len(names)} classes",
        "figure": figure(data, height=120, x={"type": "category"}, y=MEAN, bargap=0.35),
    }
    if {"y", "x"} == set(space):
        low, high = extremes(means.values)
        content["pictures"] = _maps(means.transpose("class", "y", "x"), names)
        content["caption"] += f" · maps: {low:.3g} dark … {high:.3g} bright"
    return content


def _maps(means: xr.DataArray, names: list[str]) -> list[Picture]:
    limits = extremes(means.values)
    average = Picture(src=uri(means.values.mean(axis=0), ACTIVATION, limits), label="avg", mark="on")
    return [
        average,
        *(Picture(src=uri(means.values[i], ACTIVATION, limits), label=name) for i, name in enumerate(names)),
    ]


def _matrix(means: xr.DataArray, context: Context) -> Content:
    """Return means (class, unit) as cells; rows are sorted by the setting's class, else by their mean."""
    values = means.transpose(..., "class").values.reshape(-1, means.sizes["class"])
    names = [str(name) for name in means["class"].values]
    wanted = context.settings["sort"]
    key = values[:, names.index(wanted)] if wanted in names else values.mean(axis=1)
    order = np.argsort(-key, kind="stable")[:MOST_ROWS]
    (kind,) = (str(dim) for dim in means.dims if dim != "class")
    rows = [unit_name(kind, unit) for unit in order]
    cells = heatmap(
        values[order],
        rows,
        names,
        template="unit %{y}<br>class %{x}<br>mean activation %{z:.4g}",
        scale="activation",
        numbers=".3g",
    )
    cut = (
        f"the {len(order)} highest of {len(values)} units"
        if len(values) > MOST_ROWS
        else f"{len(values)} units"
    )
    return {
        "caption": f"{cut}, sorted by {wanted if wanted in names else 'their mean'}",
        "figure": figure(
            [cells],
            height=max(150, len(order) * ROW_HEIGHT + 40),
            x={"type": "category", "side": "top"},
            y={"type": "category", "autorange": "reversed", "nticks": 24},
        ),
    }


NEURON_CLASSES = Tool(
    name="neuron_classes",
    title="Neurons × classes",
    icon="activity",
    description="The mean activation of each unit for each class; of one unit also its mean map per class.",
    fits=fits,
    draw=draw,
    follows=("training", "classes", "checkpoint"),  # the means were logged over all samples
    settings=(Setting("sort", "Sort by class", "text", "", of=("layer",)),),
)
