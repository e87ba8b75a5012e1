"""L2: the layers of one model, or of a model nested in it, with the operations inside each."""

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from inspectree.dashboard.graphs.architecture import Architecture, dims_of
from inspectree.dashboard.graphs.drawing import (
    Bounds,
    Box,
    Drawing,
    Frame,
    Line,
    bounds,
    number,
    shape_text,
    text_width,
)
from inspectree.dashboard.graphs.folded_box import fold_box, fold_name
from inspectree.dashboard.graphs.interior import Interior, interior
from inspectree.dashboard.graphs.models import model_unit
from inspectree.dashboard.graphs.nested import Area, nested
from inspectree.dashboard.graphs.pictograms import kind
from inspectree.dashboard.graphs.unfolding import Item, Unfolded
from inspectree.dashboard.unit import Kind, Unit

Json = dict[str, Any]
Fitting = Callable[[Unit], list[str]]

PLAIN_HEIGHT = 60
DETAILS = (
    "activation", "filters", "units", "kernel_size", "strides",
    "padding", "pool_size", "rate", "kernel_initializer",
)  # fmt: skip
"""The settings that a tooltip tells; the selection panel has all of them."""


def draw_layers(
    model: Json,
    architecture: Architecture,
    group: str | None,
    color: str,
    fitting: Fitting,
    unfolded: Collection[str] = (),
) -> Drawing:
    """Draw the layers directly below ``group`` (None: the model itself) with the data flow between them.

    ``unfolded`` are the paths of the boxes that are open in their place: nested models, and runs of repeated
    blocks, which a model of many layers folds by itself.
    """
    fitting = fitting_in(model, fitting)
    opened = (uoa.removeprefix(f"{model['id']}/") for uoa in unfolded)
    graph = Unfolded(architecture, group, frozenset(opened))
    boxes = {item.key: _drawn(model["id"], architecture, item, fitting) for item in graph.drawn}
    nest = nested(graph, {key: (box["w"], box["h"]) for key, box in boxes.items()})
    for key, (x, y) in nest.centres.items():
        boxes[key]["x"], boxes[key]["y"] = x, y
    edges = [
        layer_line(boxes[source], boxes[target], nest.bends[source, target], _last(graph, source))
        for source, target in graph.links
    ]
    drawn = list(boxes.values())
    inner = [
        _open_frame(model, architecture, item, nest.areas[item.key], color, fitting) for item in graph.open
    ]
    corners = [
        point
        for left, top, width, height in nest.areas.values()
        for point in ((left, top), (left + width, top + height))
    ]
    corners += [point for bends in nest.bends.values() for point in bends]
    frame = model_frame(model, group, color, bounds(drawn, points=corners), fitting)
    left, top, right, bottom = frame["x"], frame["y"], frame["x"] + frame["w"], frame["y"] + frame["h"]
    return Drawing(
        key=f"L2 {frame['uoa']}",
        level="L2",
        nodes=drawn,
        edges=edges,
        frames=[frame, *inner],
        bounds=(left - 20, top - 34, right + 20, bottom + 20),
    )


def _drawn(model: str, architecture: Architecture, item: Item, fitting: Fitting) -> Box:
    if item.fold:
        return fold_box(model, architecture, item.fold)
    return layer_box(model, architecture, architecture.by_id[item.key], fitting)


def _last(graph: Unfolded, key: str) -> Json:
    """Return the layer whose output leaves a box."""
    return graph.architecture.by_id[graph.by_key[key].members[-1]]


def fitting_in(model: Json, fitting: Fitting) -> Fitting:
    """Return what tells the tools that fit units inside a model: some need its classes."""
    return lambda unit: fitting(replace(unit, classes=len(model["class_names"])))


def layer_unit(model: str, node: Json) -> Unit:
    """Return a layer as something that tools can be applied to; its values are its activations."""
    shape = tuple(node["outputs"][0]["shape"]) if node["outputs"] else ()
    what: Kind = "operation" if node["kind"] == "operation" else "layer"
    return Unit(f"{model}/{node['id']}", what, node["name"], node["type"], dims_of(node), shape)


def weights_unit(model: str, node: Json, variable: Json) -> Unit:
    """Return a variable of a layer as something that tools can be applied to."""
    return Unit(
        f"{model}/{node['id']}/{variable['name']}",
        "weights",
        variable["name"],
        node["type"],
        tuple(variable["dims"]),
        tuple(variable["shape"]),
    )


def layer_box(
    model: str, architecture: Architecture, node: Json, fitting: Fitting, *, plain: bool = False
) -> Box:
    """Return the box of a layer, to be placed; a plain one shows nothing of what is inside."""
    group = architecture.is_group(node["id"])
    shape = shape_text(node["outputs"][0]["shape"][1:]) if node["outputs"] else ""
    parameters = architecture.parameters(node["id"])
    inside = Interior(0.0, PLAIN_HEIGHT, [], []) if plain else interior(model, architecture, node, fitting)
    count = f"{number(parameters)} params" if parameters else ""
    footer = text_width(node["type"], 11) + text_width(shape, 10.5) + text_width(count, 10.5) + 70
    width = max(inside.width, footer, text_width(node["name"], 13) + 120, 184)
    return Box(
        uoa=f"{model}/{node['id']}",
        kind="group" if group else "layer",
        name=node["name"],
        x=0.0,
        y=0.0,
        w=width,
        h=inside.height,
        fits=fitting(layer_unit(model, node)),
        tip=_tip(node, parameters),
        label=f"{'nested model' if group else 'layer'} {node['name']}, {node['type']}, {shape}",
        more={
            "type": node["type"],
            "shape": f"({shape})" if shape else "",
            "parameters": count,
            "operations": inside.widened(width).pictograms,
            "links": inside.links,
            "role": kind(node["type"]),
        },
    )


def _tip(node: Json, parameters: int) -> str:
    lines = [f"{node['name']} · {node['type']}"]
    lines += [
        f"{name.replace('_', ' ')}: {_setting(node['config'][name])}"
        for name in DETAILS
        if node["config"].get(name)
    ]
    lines += [f"{v['name']}: {shape_text(v['shape'])} {v['dtype']}" for v in node["variables"]]
    lines += [f"{number(parameters)} parameters"] * bool(parameters)
    lines += ["passes its input on at inference"] * node["passthrough"]
    return "\n".join(lines)


def _setting(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("class", value))
    return "×".join(map(str, value)) if isinstance(value, list) else str(value)


def layer_line(start: Box, end: Box, bends: list[tuple[float, float]], source: Json) -> Line:
    """Return the edge from box to box; ``source`` is the layer whose output it carries."""
    shape = shape_text(source["outputs"][0]["shape"][1:]) if source["outputs"] else ""
    dtype = source["outputs"][0]["dtype"] if source["outputs"] else ""
    return Line(
        source=start["uoa"],
        target=end["uoa"],
        points=[(start["x"], start["y"] + start["h"] / 2), *bends, (end["x"], end["y"] - end["h"] / 2 - 5)],
        horizontal=False,
        label=f"({shape})",
        tip=f"{start['name']} → {end['name']}\n({shape}) {dtype}",
    )


def model_frame(model: Json, group: str | None, color: str, around: Bounds, fitting: Fitting) -> Frame:
    """Return the frame around what is drawn of a model, or of a group in it."""
    left, top, right, bottom = around
    name = model["label"]
    return Frame(
        uoa=f"{model['id']}/{group}" if group else model["id"],
        kind="group" if group else "model",
        name=f"{name} › {group}" if group else name,
        color=color,
        x=left,
        y=top,
        w=right - left,
        h=bottom - top,
        fits=[] if group else fitting(model_unit(model)),
    )


def _open_frame(
    model: Json, architecture: Architecture, item: Item, area: Area, color: str, fitting: Fitting
) -> Frame:
    """Return the frame around what an open box shows."""
    left, top, width, height = area
    group = architecture.by_id.get(item.key)
    return Frame(
        uoa=f"{model['id']}/{item.key}",
        kind="fold" if item.fold else "group",
        name=fold_name(architecture, item.fold) if item.fold else item.key,
        color=color,
        x=left,
        y=top,
        w=width,
        h=height,
        fits=fitting(layer_unit(model["id"], group)) if group else [],
        folds=True,
    )
