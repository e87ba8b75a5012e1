"""Metrics over training, of one model or of every model of an experiment."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import class_color
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.traces import line, thinned
from inspectree.dashboard.tools.questions.model_numbers import PREFERRED, metric_title
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit

MOST_MODELS = 200
"""Models of one widget."""

VALIDATION = "val_"
EVERY = "every metric"
PARTS = ("both", "validation", "training")
SCALES = ("epoch", "step", "seconds")
"""Along what: epochs, steps, or the seconds that the epochs before took."""

DASHES = {"": "dash", VALIDATION: "solid"}
"""How the training's and the validation's lines are drawn."""


def usual_part(unit: Unit) -> str:
    """Return which lines are drawn at first: of many models only those of the validation."""
    return "both" if unit.kind == "model" else "validation"


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a metric, a line per model and part, or every metric of a model in its own colour."""
    every = context.models_of(unit)
    models = every[:MOST_MODELS]
    histories = await asyncio.gather(*(client.history(model) for model in models))
    named = dict(zip(models, histories, strict=True))
    known = metrics(list(histories))
    several = unit.kind == "model"
    wanted = context.settings["metric"]
    metric = EVERY if several and wanted == EVERY else chosen_metric(known, wanted)
    lines = _every(named, known, context) if metric == EVERY else _one(named, metric, context)
    cut = f" · the first {len(models)} of {len(every)} models" if len(models) < len(every) else ""
    return {
        "caption": _told(metric, lines, context) + cut,
        "series": _series(lines, models, context),
        "figure": _figure(lines, context),
        "choices": {"metric": [*known, *([EVERY] if several and len(known) > 1 else [])]},
        "merge": "lines",
    }


def metrics(histories: Sequence[Json]) -> list[str]:
    """Return every metric that a model has, once, whether of training or validation."""
    names = dict.fromkeys(name for history in histories for name in history["metrics"])
    found = dict.fromkeys(name.removeprefix(VALIDATION) for name in names)
    if not found:
        raise ToolError("no epoch has ended yet")
    return list(found)


def chosen_metric(known: Sequence[str], wanted: str) -> str:
    """Return the metric asked for, else the first of those that say most."""
    wanted = wanted.removeprefix(VALIDATION)
    return wanted if wanted in known else next((name for name in PREFERRED if name in known), known[0])


def _one(named: Mapping[str, Json], metric: str, context: Context) -> list[Json]:
    """Return a metric's lines in the models' colours."""
    return [
        drawn
        for model, history in named.items()
        for drawn in _lines(model, history, metric, context.colors[model], context)
    ]


def _every(named: Mapping[str, Json], known: Sequence[str], context: Context) -> list[Json]:
    """Return the lines of every metric of the one model, each metric in a colour of its own."""
    return [
        {**drawn, "name": metric_title(metric)}
        for model, history in named.items()
        for place, metric in enumerate(known)
        for drawn in _lines(model, history, metric, class_color(place), context)
    ]


def _lines(model: str, history: Json, metric: str, color: str, context: Context) -> list[Json]:
    """Return the lines of a metric of one model: where it was not validated, those of the training."""
    part = chosen(context.settings["part"], PARTS)
    prefixes = {"both": [VALIDATION, ""], "validation": [VALIDATION], "training": [""]}[part]
    recorded = [prefix for prefix in prefixes if f"{prefix}{metric}" in history["metrics"]]
    recorded = recorded or [
        prefix for prefix in ("", VALIDATION) if f"{prefix}{metric}" in history["metrics"]
    ]
    return [
        drawn for prefix in recorded for drawn in _smoothed(model, history, metric, prefix, color, context)
    ]


def _smoothed(
    model: str, history: Json, metric: str, prefix: str, color: str, context: Context
) -> list[Json]:
    """Return a line, and where it is smoothed also the values as they are, faintly."""
    kept = thinned(len(history["epoch"]))
    values = np.asarray(history["metrics"][f"{prefix}{metric}"], float)
    scale = chosen(context.settings["x"], SCALES)
    x, strength = along(history, scale), context.settings["smoothing"] / 100
    name = metric_title(f"{prefix}{metric}")

    def drawn(heights: np.ndarray[Any, Any], *, faint: bool = False) -> Json:
        return line(
            [x[place] for place in kept], heights[kept], name=context.title(model), color=color, faint=faint,
            dash=DASHES[prefix], template=f"{scale} %{{x:.4~g}}<br>{name} %{{y:.4f}}", uoa=model, part=prefix,
        )  # fmt: skip

    return [drawn(smoothed(values, strength)), drawn(values, faint=True)] if strength else [drawn(values)]


def along(history: Json, scale: str) -> list[float]:
    """Return where each epoch lies: its number, the steps done, or the seconds that training took."""
    if scale == "seconds":
        return [float(second) for second in np.cumsum(np.nan_to_num(np.asarray(history["seconds"], float)))]
    return [float(place) for place in history[scale]]


def smoothed(values: np.ndarray[Any, Any], strength: float) -> np.ndarray[Any, Any]:
    """Return the exponentially weighted mean up to each value: 0 leaves it, near 1 forgets little.

    What is not finite is left out of the means that follow.
    """
    finite = pd.Series(np.where(np.isfinite(values), values, np.nan))
    return finite.ewm(alpha=1 - strength, adjust=True).mean().to_numpy()


def _told(metric: str, lines: list[Json], context: Context) -> str:
    parts = {drawn["meta"]["part"] for drawn in lines}
    smooth = context.settings["smoothing"]
    what = metric if metric == EVERY else metric_title(metric)
    if metric != EVERY and parts == {VALIDATION}:
        what = f"validation {what}"
    told = f"{what} · solid: validation, dashed: training" if len(parts) > 1 else what
    return f"{told} · smoothed by {smooth} %" if smooth else told


def _series(lines: list[Json], models: list[str], context: Context) -> list[Json]:
    """Return a chip per model, or per metric where one model has several colours."""
    shown = {drawn["meta"]["uoa"] for drawn in lines}
    colors = {drawn["line"]["color"] for drawn in lines}
    if len(models) == 1 and len(colors) > 1:
        first = {drawn["name"]: drawn["line"]["color"] for drawn in lines}
        return [{"name": name, "color": color, "uoa": ""} for name, color in first.items()]
    return [
        {"name": context.title(model), "color": context.colors[model], "uoa": model}
        for model in models
        if model in shown
    ]


def _figure(lines: list[Json], context: Context) -> Json:
    log = {"type": "log"} if context.settings["log"] else {}
    scale = chosen(context.settings["x"], SCALES)
    return figure(lines, x={"title": {"text": scale}, "nticks": 8}, y={"nticks": 5, **log})


PERFORMANCE = Tool(
    name="performance",
    title="Performance metrics",
    icon="chart-line",
    description="Loss, accuracy and other metrics over the epochs. On an experiment: one line per model.",
    fits=lambda unit: unit.kind in {"experiment", "model"},
    draw=draw,
    follows=("training",),
    family="training",
    settings=(
        Setting("metric", "Metric", "choice", ""),
        Setting("part", "Of", "choice", usual_part, choices=PARTS),
        Setting("smoothing", "Smoothing in %", "number", 0, least=0, most=99),
        Setting("x", "Along", "choice", SCALES[0], choices=SCALES),
        Setting("log", "Logarithmic", "switch", False),
    ),
)
