"""The numbers that describe values: a row per variable, or per class of one unit."""

import asyncio
from math import isfinite
from typing import Any

import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Column, Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.questions.source import class_selection, values_uoa
from inspectree.dashboard.tools.questions.statistics import OPERATIONS, stacked
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import at, parse

STATISTICS = {
    "mean": "mean",
    "standard deviation": "std",
    "minimum": "min",
    "maximum": "max",
    "share of zeros": "zeros",
    "norm": "norm",
    "skewness": "skew",
    "kurtosis": "kurtosis",
    "entropy": "entropy",
}
"""What is told of each variable, from stored descriptors, and how the table's heads call it."""

FEW = ("mean", "standard deviation", "minimum", "maximum", "share of zeros", "norm")
KINDS = ("weights and activations", "weights", "activations")
MOST = 400
"""Variables of one table."""


def fits(unit: Unit) -> bool:
    """Tell whether a unit is a model, or something with values inside it."""
    return unit.kind in {"model", "layer", "weights", "unit"}


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the table."""
    return await (_unit if unit.kind == "unit" else _variables)(client, unit, context)


async def _variables(client: Client, unit: Unit, context: Context) -> Content:
    """Return a row for each variable of a layer or model, from what the log holds of it."""
    path = parse(unit.uoa)
    number = context.number(path.model)
    held = (await client.catalogue(path.model, number))["variables"]
    found = [name for name in held if _wanted(name, held[name], path.inside, context)]
    if not found:
        raise ToolError(f"checkpoint {number} holds no such values of {unit.name}")
    names, shown = _names(context), found[:MOST]
    asked = [(at(f"{path.model}/{name}", number), stacked(names)) for name in shown]
    numbers = await client.batch(asked)
    rows = [
        [name.removeprefix(f"{path.inside}/"), _size(held[name]), *_cells(values)]
        for name, values in zip(shown, numbers, strict=True)
    ]
    cut = f"the first {len(shown)} of {len(found)}" if len(shown) < len(found) else f"{len(shown)}"
    noun = "variable" if len(found) == 1 else "variables"
    return {
        "caption": f"{cut} {noun}, of all samples and classes · checkpoint {number}",
        "table": {
            "columns": [
                Column(name="variable", title="variable", kind="text"),
                Column(name="shape", title="shape", kind="text"),
                *_columns(names),
            ],
            "rows": rows,
            "uoas": [_uoa(path.model, name, held[name]) for name in shown],
        },
    }


def _wanted(name: str, about: Json, inside: str, context: Context) -> bool:
    """Tell whether a variable belongs to what is looked at, and is of the chosen kind."""
    below = not inside or name == inside or name.startswith(f"{inside}/")
    kind = context.settings["kind"]
    offered = {"weights", "activations"} if kind not in KINDS[1:] else {kind}
    return below and about["kind"] in offered and about["dtype"] not in {"bool", "object"}


def _uoa(model: str, name: str, about: Json) -> str:
    """Return the path that a variable is known by in the page: activations are their layer's."""
    return f"{model}/{about['layer']}" if about["kind"] == "activations" else f"{model}/{name}"


def _names(context: Context) -> list[str]:
    return list(STATISTICS if context.settings["all"] else FEW)


def _columns(names: list[str]) -> list[Column]:
    return [
        Column(name=OPERATIONS[name], title=STATISTICS[name], kind="bar" if name == "norm" else "number")
        for name in names
    ]


def _size(about: Json) -> str:
    return "×".join(map(str, about["shape"])) or "scalar"


def _cells(values: xr.DataArray) -> list[Any]:
    """Return numbers; None where there is none, as of nothing that varies."""
    return [float(value) if isfinite(value) else None for value in values.values]


async def _unit(client: Client, unit: Unit, context: Context) -> Content:
    """Return a row for each class of one unit's activations, and one of all."""
    model = parse(unit.uoa).model
    number = context.number(model)
    uoa, selection, names = values_uoa(unit, number), class_selection(unit, context), _names(context)
    split = bool(context.all_classes(model))
    questions = [(uoa, [*selection, *stacked(names)])]
    if split:
        questions.append((uoa, [*selection, *stacked(names, by=["class"])]))
    answers = await asyncio.gather(*(client.values(*question) for question in questions))
    rows: list[list[Any]] = [["all", *_cells(answers[0])]]
    for per_class in answers[1:]:
        rows += [[str(name), *_cells(per_class.sel({"class": name}))] for name in per_class["class"].values]
    return {
        "caption": f"activations of {unit.name}{', of each class' if split else ''} · checkpoint {number}",
        "table": {
            "columns": [Column(name="class", title="class", kind="text"), *_columns(names)],
            "rows": rows,
        },
    }


VALUE_TABLE = Tool(
    name="value_table",
    title="Table of values",
    icon="table-options",
    description="Mean, deviation, extremes, zeros and norm of every variable of a model or layer; of one "
    "unit, for each class. Sort it to find what stands out.",
    fits=fits,
    draw=draw,
    settings=(
        Setting("kind", "Of", "choice", KINDS[0], choices=KINDS, of=("model", "layer")),
        Setting("all", "More statistics", "switch", False, help="Adds skew, kurtosis and entropy."),
    ),
    of_units=("classes", "filter"),
)
