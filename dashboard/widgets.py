"""From the specifications of widgets to what the widget panel shows."""

from dataclasses import asdict, replace
from typing import Any

import orjson

from inspectree.dashboard.client import Client, Listener, ServerError
from inspectree.dashboard.colors import GREY
from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.layers import layer_unit, weights_unit
from inspectree.dashboard.graphs.models import experiment_unit, model_unit
from inspectree.dashboard.index import Index
from inspectree.dashboard.tools import BY_NAME
from inspectree.dashboard.tools.base import Content, Context, Tool, ToolError
from inspectree.dashboard.unit import Level, Unit, unit_name
from inspectree.dashboard.uoa import parse
from inspectree.dashboard.view import View, WidgetSpec

Json = dict[str, Any]


def slots(view: View, index: Index) -> list[Json]:
    """Return the panel's places for widgets, newest first.

    A card is drawn anew when its ``question`` changes, and once more after its ``data`` have.
    """
    return [
        {
            "id": spec.id,
            "level": level_of(spec.uoa),
            "question": question(spec, view),
            "data": _data(spec, index),
            **_about(spec, BY_NAME.get(spec.tool), None, index),
        }
        for spec in view.widgets
    ]


def _about(spec: WidgetSpec, tool: Tool | None, unit: Unit | None, index: Index) -> Json:
    """Return what a widget is of, as far as it is known before its unit is."""
    model = index.model(spec.uoa)
    return {
        "tool": spec.tool,
        "uoa": spec.uoa,
        "title": tool.title if tool else spec.tool,
        "icon": tool.icon if tool else "help",
        "where": _where(spec.uoa, model, unit),
        "color": index.colors[model["id"]] if model else GREY,
    }


def level_of(uoa: str) -> Level:
    """Return the level of a unit, and so the flap of its widgets."""
    path = parse(uoa)
    return "L1" if path.unit else "L2" if path.inside else "L3"


def question(spec: WidgetSpec, view: View) -> str:
    """Return, as JSON, everything of a view that a widget's content depends on."""
    tool = BY_NAME.get(spec.tool)
    follows = tool.followed(spec.uoa) if tool is not None else ()
    selection = view.selection(view.filtered) if "filter" in follows else None
    marked = view.selection(view.lit) if "marked" in follows else None
    pinned = spec.pin is not None
    asked = {
        "widget": asdict(spec),
        "off": view.off if "classes" in follows else (),
        "checkpoint": view.checkpoint if "checkpoint" in follows and not pinned else "last",
        "selection": asdict(selection) if selection else None,
        "marked": asdict(marked) if marked else None,
    }
    return orjson.dumps(asked).decode()


def _data(spec: WidgetSpec, index: Index) -> str:
    """Return what changes when there is more to draw: epochs and checkpoints; and the models' colours."""
    tool = BY_NAME.get(spec.tool)
    model = index.model(spec.uoa)
    models = [model] if model else next((e["models"] for e in index.experiments if e["id"] == spec.uoa), [])
    follows = tool is not None and "training" in tool.follows
    data = [[model["id"], model["epochs"], len(model["checkpoints"])] for model in models] if follows else []
    return orjson.dumps([data, [index.colors.get(model["id"]) for model in models]]).decode()


async def draw_widget(
    client: Client, spec: WidgetSpec, view: View, index: Index, listener: Listener | None = None
) -> Json:
    """Return everything that a widget's card shows; what cannot be drawn says why."""
    tool = BY_NAME.get(spec.tool)
    if tool is None:
        return _card(spec, None, None, index, {"error": f"there is no tool {spec.tool!r}"})
    queries: list[Json] = []

    def asked(question: Json, answered: bool) -> None:
        if not answered:
            queries.append(question)
        if listener is not None:
            listener(question, answered)

    unit = context = None
    try:
        unit = await find_unit(client, spec.uoa, index)
        context = _context(tool, unit, spec, view, index)
        if not tool.fits(unit):
            raise ToolError(f"{tool.title} does not fit {unit.name}: {tool.description}")
        content: Content | Json = await tool.draw(client.told_to(asked), unit, context)
    except (ServerError, ToolError) as error:
        content = {"error": str(error)}
    return {**_card(spec, tool, unit, index, content, context), "queries": queries}


def _context(tool: Tool, unit: Unit, spec: WidgetSpec, view: View, index: Index) -> Context:
    seen = view if spec.pin is None else replace(view, checkpoint=spec.pin)
    return index.context(seen, tool.chosen(spec.settings, unit))


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
        unit = replace(layer_unit(model["id"], node), classes=len(model["class_names"]))
        if not path.unit:
            return unit
        return replace(unit, uoa=uoa, kind="unit", name=unit_name((unit.dims or ("unit",))[-1], path.unit))
    layer, _, name = path.inside.rpartition("/")
    owner = architecture.by_id.get(layer)
    variable = next((v for v in owner["variables"] if v["name"] == name), None) if owner else None
    if owner is None or variable is None:
        raise ToolError(f"{model['label']} has no layer or variable {path.inside}")
    return replace(weights_unit(model["id"], owner, variable), classes=len(model["class_names"]))


def _card(
    spec: WidgetSpec,
    tool: Tool | None,
    unit: Unit | None,
    index: Index,
    content: Content | Json,
    context: Context | None = None,
) -> Json:
    return {
        "id": spec.id,
        "level": unit.level if unit else "L3",
        **_about(spec, tool, unit, index),
        "focus": _focus(unit) if unit else None,
        "unaffected": tool is not None and unit is not None and tool.ignores_classes(unit),
        "settings": _fields(tool, unit, context, content) if tool and unit and context else [],
        "pin": spec.pin,
        "checkpoint": _checkpoint(tool, spec, context),
        "queries": [],
        "content": content,
    }


def _checkpoint(tool: Tool | None, spec: WidgetSpec, context: Context | None) -> int | None:
    """Return the checkpoint that a widget shows, where it shows one of one model."""
    model = parse(spec.uoa).model
    if tool is None or context is None or "checkpoint" not in tool.follows or model not in context.models:
        return None
    return context.number(model) if context.models[model]["checkpoints"] else None


def _fields(tool: Tool, unit: Unit, context: Context, content: Content | Json) -> list[Json]:
    offered = content.get("choices", {})
    settings = [setting for setting in tool.settings if setting.applies(unit)]
    fields = [setting.field(context.settings, offered.get(setting.name, ())) for setting in settings]
    usual = {setting.name: setting.default for setting in tool.settings}
    return [
        field  # a choice without options has no place, but for one that was made before and can be unmade
        for field in fields
        if field["kind"] != "choice" or field["choices"] or field["value"] != usual[field["name"]]
    ]


def _where(uoa: str, model: Json | None, unit: Unit | None) -> str:
    """Name a widget's unit from its model down."""
    if model is None:
        return f"all models of {unit.name}" if unit and unit.kind == "experiment" else uoa
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
