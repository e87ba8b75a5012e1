"""Metrics over the epochs, of one model or of every model of an experiment."""

import asyncio
from typing import Any

from inspectree.dashboard.client import Client
from inspectree.dashboard.figures import figure
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.unit import Unit

PREFERRED = ("val_accuracy", "accuracy", "val_loss", "loss")


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw one line per model."""
    models = context.models_of(unit)
    histories = await asyncio.gather(*(client.history(model) for model in models))
    named = dict(zip(models, histories, strict=True))
    metric = chosen_metric(list(histories), context.settings["metric"])
    shown = {model: history for model, history in named.items() if metric in history["metrics"]}
    return {
        "caption": metric.replace("val_", "validation "),
        "series": [
            {"name": context.title(model), "color": context.colors[model], "uoa": model} for model in shown
        ],
        "figure": lines(shown, metric, context),
        "choices": {"metric": metrics(list(histories))},
    }


def chosen_metric(histories: list[Json], wanted: str) -> str:
    """Return the metric asked for, else the first preferred one that any model has."""
    known = metrics(histories)
    if not known:
        raise ToolError("no epoch has ended yet")
    if wanted in known:
        return wanted
    return next((name for name in PREFERRED if name in known), known[0])


def metrics(histories: list[Json]) -> list[str]:
    """Return every metric that a model has, once."""
    return list(dict.fromkeys(name for history in histories for name in history["metrics"]))


def lines(histories: dict[str, Json], metric: str, context: Context) -> Json:
    """Return the metric over the epochs, a line per model."""
    data: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "mode": "lines+markers" if len(history["epoch"]) < 3 else "lines",
            "x": history["epoch"],
            "y": history["metrics"][metric],
            "name": context.title(model),
            "line": {"color": context.colors[model], "width": 2},
            "hovertemplate": "epoch %{x}<br>" + metric + " %{y:.4f}<extra>%{fullData.name}</extra>",
            "meta": {"uoa": model},
        }
        for model, history in histories.items()
    ]
    return figure(data, x={"title": {"text": "epoch"}, "nticks": 8}, y={"nticks": 5})


PERFORMANCE = Tool(
    name="performance",
    title="Performance metrics",
    icon="chart-line",
    description="Loss, accuracy and other metrics over the epochs. On an experiment: one line per model.",
    fits=lambda unit: unit.kind in {"experiment", "model"},
    draw=draw,
    follows=("training",),
    settings=(Setting("metric", "Metric", "choice", ""),),
)
