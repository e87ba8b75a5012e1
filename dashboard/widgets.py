"""From the specifications of widgets to what the widget panel shows."""

from dataclasses import replace
from typing import Any

import orjson

from inspectree.dashboard.client import Client, ServerError
from inspectree.dashboard.colors import GREY
from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.layers import layer_unit, weights_unit
from inspectree.dashboard.graphs.models import experiment_unit, model_unit
from inspectree.dashboard.index import Index
from inspectree.dashboard.tools import BY_NAME
from inspectree.dashboard.tools.base import Content, Context, Tool, ToolError
from inspectree.dashboard.unit import Unit, unit_name
from inspectree.dashboard.uoa import parse
from inspectree.dashboard.view import View, WidgetSpec

Json = dict[str, Any]


def widget_key(spec: WidgetSpec, view: View, index: Index) -> str:
    """Return what a widget's content depends on: as long as it is the same, nothing is drawn anew."""
    tool = BY_NAME.get(spec.tool)
    model = index.model(spec.uoa)
    models = [model] if model else next((e["models"] for e in index.experiments if e["id"] == spec.uoa), [])
    follows = tool.follows if tool is not None else ()
    data = [[model["id"], model["epochs"], len(model["checkpoints"])] for model in models]
    state = {"training": data, "classes": view.off, "checkpoint": view.checkpoint}
    colors = [index.colors.get(model["id"]) for model in models]
    followed = [state[part] for part in follows]
    return orjson.dumps([spec.tool, spec.uoa, spec.settings, followed, colors]).decode()


async def draw_widget(client: Client, spec: WidgetSpec, view: View, index: Index) -> Json:
    """Return everything that a widget's card shows; what cannot be drawn says why."""
    tool = BY_NAME.get(spec.tool)
    if tool is None:
        return _card(spec, None, None, index, {"error": f"there is no tool {spec.tool!r}"})
    unit = context = None
    try:
        unit = await find_unit(client, spec.uoa, index)
        context = index.context(view, tool.chosen(spec.settings, unit))
        if not tool.fits(unit):
            raise ToolError(f"{tool.title} does not fit {unit.name}: {tool.description}")
        content: Content | Json = await tool.draw(client, unit, context)
    except (ServerError, ToolError) as error:
        content = {"error": str(error)}
    return _card(spec, tool, unit, index, content, context)


async def find_unit(client: Client, uoa: str, index: Index) -> Unit:
    """Return what a path stands for."""
    for experiment in index.experiments:
        if experiment["id"] == uoa:
            return experiment_unit(experiment)
    model = index.model(uoa)
    if model is None:
        raise ToolError(f"{uoa} is not in this store any more")
    path = parse(uoa)
    if not path.inside:
        return model_unit(model)
    architecture = Architecture(await client.architecture(model["id"]))
    node = architecture.by_id.get(path.inside)
    if node is not None:
        unit = layer_unit(model["id"], node)
        if not path.unit:
            return unit
        return replace(unit, uoa=uoa, kind="unit", name=unit_name((unit.dims or ("unit",))[-1], path.unit))
    layer, _, name = path.inside.rpartition("/")
    owner = architecture.by_id.get(layer)
    variable = next((v for v in owner["variables"] if v["name"] == name), None) if owner else None
    if owner is None or variable is None:
        raise ToolError(f"{model['label']} has no layer or variable {path.inside}")
    return weights_unit(model["id"], owner, variable)


def _card(
    spec: WidgetSpec,
    tool: Tool | None,
    unit: Unit | None,
    index: Index,
    content: Content | Json,
    context: Context | None = None,
) -> Json:
    model = index.model(spec.uoa)
    return {
        "id": spec.id,
        "tool": spec.tool,
        "uoa": spec.uoa,
        "level": unit.level if unit else "L3",
        "title": tool.title if tool else spec.tool,
        "icon": tool.icon if tool else "help",
        "where": _where(spec.uoa, model, unit),
        "color": index.colors[model["id"]] if model else GREY,
        "focus": _focus(unit) if unit else None,
        "unaffected": tool is not None and unit is not None and tool.ignores_classes(unit),
        "settings": _fields(tool, context, content) if tool and context else [],
        "content": content,
    }


def _fields(tool: Tool, context: Context, content: Content | Json) -> list[Json]:
    offered = content.get("choices", {})
    return [setting.field(context.settings, offered.get(setting.name, ())) for setting in tool.settings]


def _where(uoa: str, model: Json | None, unit: Unit | None) -> str:
    """Name a widget's unit from its model down."""
    if model is None:
        return unit.name if unit else uoa
    path = parse(uoa)
    parts = [
        model["label"],
        *(path.inside.split("/") if path.inside else []),
        *([unit.name if unit else f"#{path.unit}"] if path.unit else []),
    ]
    return " › ".join(parts)


def _focus(unit: Unit) -> Json:
    """Return the event that shows a unit in the inspection panel."""
    if unit.level == "L3":
        return {"type": "focus", "uoa": unit.uoa, "level": "L3"}
    path = parse(unit.uoa)
    if unit.kind == "unit":
        return {"type": "focus", "uoa": unit.uoa, "level": "L1", "focus": f"{path.model}/{path.inside}"}
    layer = path.inside.rpartition("/")[0] if unit.kind in {"weights", "operation"} else path.inside
    group = layer.rpartition("/")[0]
    return {
        "type": "focus",
        "uoa": unit.uoa,
        "level": "L2",
        "focus": f"{path.model}/{group}" if group else path.model,
    }
