"""From the view to what the inspection panel draws: asks the server for it, level by level."""

import asyncio
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from inspectree.dashboard.client import Client, ServerError
from inspectree.dashboard.comparing import draw_beside
from inspectree.dashboard.graphs.architecture import Architecture, dims_of
from inspectree.dashboard.graphs.drawing import Drawing
from inspectree.dashboard.graphs.layers import draw_layers, fitting_in
from inspectree.dashboard.graphs.models import draw_models
from inspectree.dashboard.graphs.recent import Recent
from inspectree.dashboard.graphs.units import (
    PICTURES_A_LINE,
    Column,
    Floats,
    Weights,
    draw_units,
    on_edges,
    shown,
)
from inspectree.dashboard.images import ACTIVATION, extremes, sheet
from inspectree.dashboard.index import Index
from inspectree.dashboard.tools import fitting
from inspectree.dashboard.tools.base import Context, ToolError
from inspectree.dashboard.tools.questions.axes import FEATURES, over_space
from inspectree.dashboard.tools.questions.source import ACTIVATIONS, CLASS_MEANS
from inspectree.dashboard.uoa import at, parse
from inspectree.dashboard.view import View

Json = dict[str, Any]


RECENT = Recent()


async def draw_scene(client: Client, view: View, index: Index) -> Drawing:
    """Return the drawing of the level and place that the view is at."""
    model = index.model(view.focus)
    if model is None or view.level == "L3":
        return await asyncio.to_thread(
            RECENT.drawn,
            (index.answer,),
            "L3",
            lambda: draw_models(index.experiments, index.colors, fitting),
        )
    inside = parse(view.focus).inside or None
    color = index.colors[model["id"]]
    more = (inside, color, view.unfolded)
    if view.level == "L2" and view.compared:
        return await draw_beside(client, view, index)
    if view.level == "L2" and (known := await asyncio.to_thread(RECENT.found, (model,), more)):
        return known
    architecture = Architecture(await client.architecture(model["id"]))
    if view.level == "L1" and inside in architecture.by_id:
        return await _draw_units(client, view, index, architecture, inside)
    group = inside if inside in architecture.by_id else None
    return await asyncio.to_thread(
        RECENT.drawn,
        (model,),
        more,
        lambda: draw_layers(model, architecture, group, color, fitting, view.unfolded),
    )


async def _draw_units(
    client: Client, view: View, index: Index, architecture: Architecture, layer: str
) -> Drawing:
    model = parse(view.focus).model
    context = index.context(view)
    node = architecture.by_id[layer]
    before = architecture.sources(layer)[:1]
    weights = await _weights(client, model, before[0], node, context, view.edges) if before else None
    columns = await asyncio.gather(
        *(_column(client, model, each, context, weights, each is node) for each in [*before, node])
    )
    return draw_units(model, columns, weights, fitting_in(index.models[model], fitting))


async def _weights(
    client: Client, model: str, before: Json, node: Json, context: Context, count: int
) -> Weights | None:
    """Return a kernel's largest weights; of a convolution, the norms over the filter's window.

    None where its inputs are not the units before it, one for one: in a convolution in groups, for instance.
    """
    kernel = next((v for v in node["variables"] if v["name"] == "kernel"), None)
    if kernel is None or not context.models[model]["checkpoints"]:
        return None
    sizes = dict(zip(kernel["dims"], kernel["shape"], strict=True))
    if not {"in", "out"} <= sizes.keys() or sizes["in"] != _size(before) or sizes["out"] != _size(node):
        return None
    window = [dim for dim in sizes if dim not in {"in", "out"}]
    steps = [{"op": "norm", "over": window}] if window else []
    uoa = at(f"{model}/{node['id']}/kernel", context.number(model))
    try:
        top = await client.values(uoa, [*steps, {"op": "top_k", "k": count, "magnitude": True}])
    except ServerError:
        return None  # a layer whose weights were not recorded
    sources, targets = (top[dim].values.astype(np.int64) for dim in ("in", "out"))
    return Weights(top.values, sources, targets, signed=not window)


async def _column(
    client: Client, model: str, node: Json, context: Context, weights: Weights | None, last: bool
) -> Column:
    """Return the units of one layer under the classes that are on."""
    dims = dims_of(node)
    kind = dims[-1] if dims and dims[-1] in FEATURES else "unit"
    size = _size(node)
    classes = context.all_classes(model)
    names = classes if last and size == len(classes) and kind == "unit" and _is_output(node) else []
    empty = Column(node["id"], kind, None, size, names)
    if not context.models[model]["checkpoints"] or not set(FEATURES) & set(dims):
        return empty
    try:
        if not classes:
            return replace(empty, means=await _means(client, model, node, context))
        uoa = at(f"{model}/{node['id']}/{CLASS_MEANS}", context.number(model))
        selection = {"op": "select", "class": context.classes(model)}
        means = await client.values(uoa, [selection, *over_space(dims)])
    except (ServerError, ToolError):
        return empty  # a layer whose activations were not recorded; or every class is switched off
    column = replace(empty, means=means.mean("class").values)
    if {"y", "x"} <= set(dims):
        units = [unit for unit in shown(column, on_edges(weights, last)) if unit < size]
        maps = await client.values(uoa, [selection, {"op": "select", "position": {"channel": units}}])
        return replace(column, pictures=_pictures(maps, units, last))
    return column


async def _means(client: Client, model: str, node: Json, context: Context) -> Floats:
    """Return the mean activation of each unit over all samples: there are no classes."""
    over = [dim for dim in dims_of(node) if dim not in FEATURES]
    uoa = at(f"{model}/{node['id']}/{ACTIVATIONS}", context.number(model))
    means = await client.values(uoa, [{"op": "mean", "over": over}])
    return np.asarray(means.values)


def _size(node: Json) -> int:
    """Return how many units a layer has: the length of its output's last axis."""
    return int(node["outputs"][0]["shape"][-1] or 1) if node["outputs"] else 1


def _is_output(node: Json) -> bool:
    return node["type"] in {"Dense", "Activation", "Softmax"}


def _pictures(maps: xr.DataArray, units: list[int], every_class: bool) -> dict[int, tuple[str, int]]:
    """Return each unit's mean map, followed by the one of each class, as a sheet of images."""
    values = maps.transpose("channel", "class", "y", "x").values
    pictures = {}
    for unit, of_unit in zip(units, values, strict=True):
        images = [of_unit.mean(axis=0), *(of_unit if every_class else [])]
        pictures[unit] = (sheet(images, ACTIVATION, PICTURES_A_LINE, extremes(of_unit)), len(images))
    return pictures
