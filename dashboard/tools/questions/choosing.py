"""Choosing a model of an experiment, and an output of a model."""

import math
from typing import Any

from inspectree.dashboard.tools.base import Context, Setting, ToolError
from inspectree.dashboard.unit import Unit

MODEL = Setting("model", "Model", "choice", "", help="Which one is shown.", of=("experiment",))
OUTPUT = Setting("output", "Output", "choice", "", help="Of a model with several outputs: which of them.")


def tells_classes(unit: Unit) -> bool:
    """Tell whether a unit is a model, or an experiment of models, that may tell classes apart.

    One does not whose outputs are images only, though its samples have classes.
    """
    if unit.kind not in {"model", "experiment"} or not unit.classes:
        return False
    return unit.outputs is None or any(len(shape) <= 1 for shape in unit.outputs)


def model_of(unit: Unit, context: Context, *, classes: bool = False) -> str:
    """Return the model that a widget shows: of an experiment the chosen one, else its best.

    Raises
    ------
    ToolError
        When none has a checkpoint and, where they are asked for, classes.
    """
    offered = offered_models(unit, context, classes=classes)
    if not offered:
        wanted = "classes and a checkpoint" if classes else "a checkpoint"
        raise ToolError(f"{unit.name} has no model with {wanted} yet")
    return offered.get(str(context.settings["model"]), best(list(offered.values()), context))


def best(models: list[str], context: Context) -> str:
    """Return the model of the lowest validation loss, or loss; the first where none has any."""
    return min(models, key=lambda model: _loss(context.models[model]))


def _loss(model: Any) -> float:
    metrics = (model["best"] or {}).get("metrics", {})
    found = metrics.get("val_loss", metrics.get("loss"))
    return float(found) if isinstance(found, int | float) else math.inf


def offered_models(unit: Unit, context: Context, *, classes: bool = False) -> dict[str, str]:
    """Return the models of a unit with a checkpoint by what they are called; equal names with their ids."""
    models = [
        model
        for model in context.models_of(unit)
        if context.models[model]["checkpoints"] and (context.all_classes(model) or not classes)
    ]
    titles = [context.title(model) for model in models]
    return {
        title if titles.count(title) == 1 else f"{title} ({model[:8]})": model
        for title, model in zip(titles, models, strict=True)
    }


def choices(unit: Unit, context: Context, outputs: list[str], *, classes: bool = False) -> dict[str, Any]:
    """Return what can be chosen: models of an experiment, outputs where there are several."""
    found: dict[str, Any] = {}
    if unit.kind == "experiment":
        found["model"] = list(offered_models(unit, context, classes=classes))
    if len(outputs) > 1:
        found["output"] = outputs
    return found


def where(unit: Unit, model: str, context: Context, output: str = "") -> str:
    """Return of which model, output and checkpoint something is, as far as it is not known from the unit."""
    parts = [context.title(model)] if unit.kind == "experiment" else []
    parts += [f"output {output}"] if output else []
    return " · ".join([*parts, f"checkpoint {context.number(model)}"])
