"""L2: the layers of one model, or of a model nested in it, with the operations inside each."""

from collections.abc import Callable
from typing import Any

from inspectree.dashboard.graphs.architecture import Architecture, dims_of
from inspectree.dashboard.graphs.drawing import (
    Box,
    Drawing,
    Frame,
    Line,
    bounds,
    number,
    shape_text,
    text_width,
)
from inspectree.dashboard.graphs.interior import interior
from inspectree.dashboard.graphs.layered import layered
from inspectree.dashboard.unit import Kind, Unit

Json = dict[str, Any]
Fitting = Callable[[Unit], list[str]]

PLAIN_HEIGHT = 128
DETAILS = (
    "activation", "filters", "units", "kernel_size", "strides",
    "padding", "pool_size", "rate", "kernel_initializer",
)  # fmt: skip
"""The settings that a tooltip tells; the selection panel has all of them."""


def draw_layers(
    model: Json, architecture: Architecture, group: str | None, color: str, fitting: Fitting
) -> Drawing:
    """Draw the layers directly below ``group`` (None: the model itself) with the data flow between them."""
    nodes = architecture.children(group)
    boxes = {node["id"]: _box(model["id"], architecture, node, fitting) for node in nodes}
    links = architecture.links(group)
    placement = layered({id_: (box["w"], box["h"]) for id_, box in boxes.items()}, links)
    for id_, (x, y) in placement.centres.items():
        boxes[id_]["x"], boxes[id_]["y"] = x, y
    edges = [
        _line(boxes[source], boxes[target], placement.bends.get(index, []), architecture.by_id[source])
        for index, (source, target) in enumerate(links)
    ]
    drawn = list(boxes.values())
    frame = _frame(model, group, color, drawn, fitting)
    left, top, right, bottom = frame["x"], frame["y"], frame["x"] + frame["w"], frame["y"] + frame["h"]
    return Drawing(
        key=f"L2 {frame['uoa']}",
        level="L2",
        nodes=drawn,
        edges=edges,
        frames=[frame],
        bounds=(left - 20, top - 34, right + 20, bottom + 20),
    )


def layer_unit(model: str, node: Json) -> Unit:
    """Return a layer as something that tools can be applied to; its values are its activations."""
    shape = tuple(node["outputs"][0]["shape"]) if node["outputs"] else ()
    kind: Kind = "operation" if node["kind"] == "operation" else "layer"
    return Unit(f"{model}/{node['id']}", kind, node["name"], node["type"], dims_of(node), shape)


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


def _box(model: str, architecture: Architecture, node: Json, fitting: Fitting) -> Box:
    group = architecture.is_group(node["id"])
    shape = shape_text(node["outputs"][0]["shape"][1:]) if node["outputs"] else ""
    parameters = architecture.parameters(node["id"])
    inside = interior(model, architecture, node, fitting)
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


def _line(start: Box, end: Box, bends: list[tuple[float, float]], source: Json) -> Line:
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


def _frame(model: Json, group: str | None, color: str, boxes: list[Box], fitting: Fitting) -> Frame:
    left, top, right, bottom = bounds(boxes)
    name = model["label"]
    unit = Unit(model["id"], "model", name, model["type"])
    return Frame(
        uoa=f"{model['id']}/{group}" if group else model["id"],
        kind="group" if group else "model",
        name=f"{name} › {group}" if group else name,
        color=color,
        x=left,
        y=top,
        w=right - left,
        h=bottom - top,
        fits=[] if group else fitting(unit),
    )
