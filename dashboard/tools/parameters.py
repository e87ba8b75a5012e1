"""How many parameters models or layers have, and how many of them are trained."""

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import GREY
from inspectree.dashboard.tools.base import Content, Context, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.figures import BLUE
from inspectree.dashboard.tools.charts.named_bars import Series, named_bars
from inspectree.dashboard.tools.questions.weights_of import weights_of
from inspectree.dashboard.unit import Unit

MOST = 60
"""Layers of one widget."""


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw trained and fixed parameters of an experiment's models, or of a model's layers."""
    if unit.kind == "experiment":
        return _models(unit, context)
    return await _layers(client, unit, context)


def _models(unit: Unit, context: Context) -> Content:
    models = context.models_of(unit)
    known = [context.models[model] for model in models]
    trained = [model["trainable_parameters"] for model in known]
    fixed = [model["parameters"] - count for model, count in zip(known, trained, strict=True)]
    series = [
        Series("trainable", trained, [context.colors[model] for model in models]),
        Series("not trainable", fixed, GREY),
    ]
    least, most = min(model["parameters"] for model in known), max(model["parameters"] for model in known)
    extent = f"{least:,}" if least == most else f"{least:,} to {most:,}"
    fixed_told = " · grey: not trainable" if any(fixed) else ", all trainable"
    return {
        "caption": f"{extent} parameters{fixed_told}",
        "figure": named_bars(
            [context.title(model) for model in models], series if any(fixed) else series[:1],
            template="%{x:,} parameters", uoas=models, log=context.settings["log"],
        ),
        "merge": "bars",
    }  # fmt: skip


async def _layers(client: Client, unit: Unit, context: Context) -> Content:
    found = weights_of(await client.architecture(unit.uoa))
    if not found:
        raise ToolError(f"{context.title(unit.uoa)} has no parameters")
    ordered = sorted(found, key=lambda part: -part.count) if context.settings["largest"] else found
    shown = ordered[:MOST]
    trainable, total = sum(part.trainable for part in found), sum(part.count for part in found)
    series = [
        Series("trainable", [part.trainable for part in shown], BLUE),
        Series("not trainable", [part.fixed for part in shown], GREY),
    ]
    fixed = f": {trainable:,} trainable, {total - trainable:,} not" if trainable < total else ""
    series = series if fixed else series[:1]
    cut = f" · {len(shown)} of {len(found)} layers" if len(shown) < len(found) else ""
    return {
        "caption": f"{total:,} parameters{fixed}{cut}",
        "series": [{"name": each.name, "color": each.color, "uoa": ""} for each in series if fixed],
        "figure": named_bars(
            [part.layer for part in shown], series, template="%{x:,} parameters",
            uoas=[f"{unit.uoa}/{part.layer}" for part in shown], log=context.settings["log"],
        ),
        "merge": "bars",
    }  # fmt: skip


PARAMETERS = Tool(
    name="parameters",
    title="Parameters",
    icon="weight",
    description="How many parameters models have, or each layer of one: where does it keep what it learns?",
    fits=lambda unit: unit.kind in {"experiment", "model"},
    draw=draw,
    follows=("training",),
    family="models",
    settings=(
        Setting(
            "largest", "Largest layers first", "switch", False, help="Else in the order of the model.",
            of=("model",),
        ),
        Setting("log", "Logarithmic", "switch", False),
    ),
)  # fmt: skip
