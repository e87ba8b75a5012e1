"""Models and their metrics as a table."""

from math import isfinite
from typing import Any

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Column, Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.questions.model_numbers import WHEN, metric_names, metric_title, metrics
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit

BETTER_HIGHER = ("accuracy", "auc", "precision", "recall", "f1")
"""What is drawn as a bar: of other metrics a long bar might be a bad one."""


async def draw(_client: Client, unit: Unit, context: Context) -> Content:
    """Return a row per model: metrics, parents, epochs, parameters."""
    models = context.models_of(unit)
    known = [context.models[model] for model in models]
    names = metric_names(known)
    if not names:
        raise ToolError("no epoch has ended yet")
    when = chosen(context.settings["when"], WHEN)
    rows = [[context.title(model["id"]), *_cells(model, names, when, context)] for model in known]
    best = "the checkpoint with the lowest validation loss" if when == "best" else "the last epoch"
    count = f"{len(models)} models" if len(models) > 1 else "1 model"
    return {
        "caption": f"{count}, metrics of {best}",
        "table": {"columns": _columns(names, context), "rows": rows, "uoas": models},
    }


def _columns(names: list[str], context: Context) -> list[Column]:
    further = [
        Column(name="parents", title="parents", kind="text"),
        Column(name="epochs", title="epochs", kind="number"),
        Column(name="parameters", title="parameters", kind="number"),
        Column(name="state", title="state", kind="text"),
    ]
    return [
        Column(name="model", title="model", kind="text"),
        *(Column(name=name, title=_title(name), kind=_kind(name)) for name in names),
        *(further if context.settings["more"] else []),
    ]


def _title(name: str) -> str:
    return metric_title(name).replace("validation ", "val. ")


def _kind(name: str) -> Any:
    return "bar" if any(word in name for word in BETTER_HIGHER) else "number"


def _cells(model: Json, names: list[str], when: str, context: Context) -> list[Any]:
    """Return a model's numbers in the order of the columns; None where one is missing, words for NaN."""
    told = metrics(model, when)
    cells: list[Any] = [_cell(told.get(name)) for name in names]
    if context.settings["more"]:
        parents = [context.title(parent) for parent in model["parents"] if parent in context.models]
        cells += [", ".join(parents), model["epochs"], model["parameters"], model["state"]]
    return cells


def _cell(value: float | None) -> float | str | None:
    return value if value is None or isfinite(value) else str(value)


METRICS_TABLE = Tool(
    name="metrics_table",
    title="Table of metrics",
    icon="award",
    description="Every model of an experiment with its metrics, last or best: sort by a head to rank them.",
    fits=lambda unit: unit.kind in {"experiment", "model"},
    draw=draw,
    follows=("training",),
    family="models",
    settings=(
        Setting(
            "when", "Metrics of the", "choice", WHEN[0], choices=WHEN, help="Last epoch or best checkpoint."
        ),
        Setting("more", "Parents, epochs, parameters, state", "switch", True),
    ),
)
