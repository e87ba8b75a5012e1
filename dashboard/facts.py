"""What the selection panel tells of a unit."""

import asyncio
from math import isfinite
from typing import Any

from inspectree.dashboard.client import Client, ServerError
from inspectree.dashboard.colors import GREY
from inspectree.dashboard.graphs.architecture import Architecture, dims_of
from inspectree.dashboard.graphs.drawing import number, shape_text
from inspectree.dashboard.index import Index
from inspectree.dashboard.panels.selection import Fact, nothing_selected, selection
from inspectree.dashboard.sizes import bytes_text
from inspectree.dashboard.tools.base import Context
from inspectree.dashboard.tools.questions.source import values_uoa
from inspectree.dashboard.unit import Unit, unit_name
from inspectree.dashboard.uoa import parse
from inspectree.dashboard.view import View

Json = dict[str, Any]

DESCRIPTORS = {
    "mean": "mean",
    "std": "deviation",
    "min": "minimum",
    "max": "maximum",
    "fraction_zero": "zeros",
}


async def describe_selection(client: Client, view: View, index: Index) -> list[Any]:
    """Return the selection panel."""
    for experiment in index.experiments:
        if experiment["id"] == view.selected:
            return selection(experiment["label"], "experiment", GREY, _experiment(experiment))
    model = index.model(view.selected)
    if model is None:
        return nothing_selected()
    color, path = index.colors[model["id"]], parse(view.selected)
    if not path.inside:
        return selection(model["label"], model["type"], color, _model(model), model["notes"])
    architecture = Architecture(await client.architecture(model["id"]))
    return await _inside(client, index.context(view), architecture, view.selected, color)


async def _inside(
    client: Client, context: Context, architecture: Architecture, uoa: str, color: str
) -> list[Any]:
    path = parse(uoa)
    node = architecture.by_id.get(path.inside)
    if node is None:
        layer, _, name = path.inside.rpartition("/")
        owner = architecture.by_id.get(layer, {"variables": []})
        variable = next((variable for variable in owner["variables"] if variable["name"] == name), None)
        if variable is None:
            return nothing_selected()
        unit = Unit(uoa, "weights", name)
        facts = [*_variable(variable), *await _descriptors(client, unit, context)]
        return selection(f"{layer} › {name}", "variable", color, facts)
    if node["kind"] == "operation":
        return selection(node["name"], node["type"], color, _settings(node))
    if path.unit:
        unit = Unit(uoa, "unit", path.unit)
        facts = await _descriptors(client, unit, context)
        name = unit_name((dims_of(node) or ("unit",))[-1], path.unit)
        return selection(f"{node['name']} › {name}", "unit", color, facts)
    unit = Unit(uoa, "layer", node["name"])
    facts = [*_layer(architecture, node), *await _descriptors(client, unit, context), *_settings(node)]
    return selection(node["name"], node["type"], color, facts)


async def _descriptors(client: Client, unit: Unit, context: Context) -> list[Fact]:
    """Return mean, deviation, extremes and zeros of the unit's values; none where it has no values."""
    model = parse(unit.uoa).model
    if not context.models[model]["checkpoints"]:
        return []
    uoa = values_uoa(unit, context.number(model))
    try:
        answers = await asyncio.gather(*(client.values(uoa, [{"op": name}]) for name in DESCRIPTORS))
    except ServerError:
        return []
    numbers = zip(DESCRIPTORS.items(), (float(answer) for answer in answers), strict=True)
    return [(title, _number(name, value)) for (name, title), value in numbers]


def _number(name: str, value: float) -> str:
    if not isfinite(value):
        return str(value)
    return f"{value:.1%}" if name == "fraction_zero" else f"{value:.4g}"


def _experiment(experiment: Json) -> list[Fact]:
    models = experiment["models"]
    return [
        ("models", str(len(models))),
        ("generations", str(max((model["depth"] for model in models), default=-1) + 1)),
        ("checkpoints", str(sum(len(model["checkpoints"]) for model in models))),
        ("size", bytes_text(sum(model["bytes"] for model in models))),
    ]


def _model(model: Json) -> list[Fact]:
    facts = [
        ("state", model["state"]),
        *_best(model),
        ("parameters", number(model["parameters"])),
        ("trainable", number(model["trainable_parameters"])),
        ("layers", str(model["layers"])),
        ("epochs", str(model["epochs"])),
        ("checkpoints", str(len(model["checkpoints"]))),
        ("training", f"{model['seconds']:.1f} s" if model["seconds"] is not None else "–"),
        ("log size", bytes_text(model["bytes"])),
    ]
    tags = [("tags", ", ".join(model["tags"]))] if model["tags"] else []
    return [*facts, *tags, ("id", model["id"])]


def _best(model: Json) -> list[Fact]:
    """Return the metrics of the best checkpoint."""
    best = (model["best"] or {}).get("metrics", {})
    return [
        (f"best {name}", value if isinstance(value, str) else f"{value:.4f}") for name, value in best.items()
    ]


def _layer(architecture: Architecture, node: Json) -> list[Fact]:
    output = shape_text(node["outputs"][0]["shape"][1:]) if node["outputs"] else "–"
    facts = [
        ("parameters", number(architecture.parameters(node["id"]))),
        ("FLOPs per sample", number(node["flops"])),
        ("output", output),
    ]
    return facts + [
        (variable["name"], shape_text(variable["shape"]) or "scalar") for variable in node["variables"]
    ]


def _variable(variable: Json) -> list[Fact]:
    return [
        ("shape", shape_text(variable["shape"]) or "scalar"),
        ("axes", ", ".join(variable["dims"])),
        ("dtype", variable["dtype"]),
        ("trainable", "yes" if variable["trainable"] else "no"),
        *([("initialiser", variable["initializer"])] if variable["initializer"] else []),
    ]


def _settings(node: Json) -> list[Fact]:
    """Return a node's settings that are set; nested ones by their class."""
    return [
        (name.replace("_", " "), _setting(value))
        for name, value in node["config"].items()
        if value not in (None, "", [], {}, False) and name != "name"
    ]


def _setting(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("class", value))
    if isinstance(value, list):
        return "×".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)
