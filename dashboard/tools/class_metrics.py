"""How well each class is told from the others."""

import asyncio
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import GREY, class_color
from inspectree.dashboard.tools.base import Column, Content, Context, Json, Setting, Table, Tool
from inspectree.dashboard.tools.charts.captions import some_of
from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.traces import chips, line, thinned
from inspectree.dashboard.tools.confusion_matrix import counted
from inspectree.dashboard.tools.questions.choosing import (
    MODEL,
    OUTPUT,
    choices,
    model_of,
    tells_classes,
    where,
)
from inspectree.dashboard.tools.questions.predictions import Scored, class_output, scored_of
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit

METRICS = ("f1", "precision", "recall")
TITLES = {"precision": "Precision", "recall": "Recall", "f1": "F1"}
VIEWS = ("now", "over checkpoints")
MOST_CHECKPOINTS = 40
MOST_CLASSES = 20
"""Classes that are told apart as lines."""

AVERAGE = "average"

Measured = dict[str, NDArray[np.float64]]


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw precision, recall, F1 and the number of samples of each class: a table, or lines."""
    model = model_of(unit, context, classes=True)
    outputs, output = await class_output(client, model, context)
    over = context.settings["show"] == VIEWS[1]
    draws = _over_checkpoints if over else _now
    shown = await draws(client, model, context, output)
    of = (
        where(unit, model, context, output).rpartition(" · ")[0]
        if over
        else where(unit, model, context, output)
    )
    return {
        **shown,
        "caption": " · ".join(filter(None, [shown["caption"], of])),
        "choices": choices(unit, context, outputs, classes=True),
    }


def measured(scored: Scored) -> Measured:
    """Return precision, recall, F1 and support per class (class); what would divide by nothing is NaN."""
    counts = counted(scored)
    right, true, predicted = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "precision": right / predicted,
            "recall": right / true,
            "f1": 2 * right / (true + predicted),
            "count": true.astype(np.float64),
        }


def average(values: NDArray[np.float64]) -> float:
    """Return the mean over the classes that have a value (the macro average)."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")


async def _now(client: Client, model: str, context: Context, output: str) -> Content:
    scored = await scored_of(client, model, context, output)
    found = measured(scored)
    on = [index for index, name in enumerate(scored.names) if name not in context.off]
    names = ("precision", "recall", "f1", "count")
    rows = [[scored.names[index], *(_number(found[name][index]) for name in names)] for index in on]
    averages = [_number(average(found[name][on])) for name in names[:-1]]
    rows.append([AVERAGE, *averages, float(found["count"][on].sum())])
    columns = [Column(name="class", title="Class", kind="text")]
    columns += [Column(name=name, title=TITLES[name], kind="bar") for name in names[:-1]]
    columns.append(Column(name="count", title="Samples", kind="number"))
    return {
        "caption": f"{int(scored.known.sum()):,} samples",
        "table": Table(columns=columns, rows=rows),
        "merge": "table",
    }


async def _over_checkpoints(client: Client, model: str, context: Context, output: str) -> Content:
    """Draw a line per class that is on, and their average, dashed."""
    metric = chosen(context.settings["metric"], METRICS)
    known = context.models[model]["checkpoints"]
    numbers = [int(known[place]) for place in thinned(len(known), MOST_CHECKPOINTS)]
    at = [replace(context, checkpoint=number) for number in numbers]
    scored = await asyncio.gather(*(scored_of(client, model, each, output) for each in at))
    values = np.stack([measured(each)[metric] for each in scored])
    names = scored[0].names
    on = [index for index, name in enumerate(names) if name not in context.off]
    drawn = [
        _line(numbers, values[:, index], names[index], class_color(index), metric)
        for index in on[:MOST_CLASSES]
    ]
    drawn.append({**_line(numbers, [average(row[on]) for row in values], AVERAGE, GREY, metric, dash="dash")})
    cut = f", the first {MOST_CLASSES} of {len(on)} classes" if len(on) > MOST_CLASSES else ""
    return {
        "caption": f"{TITLES[metric]} over {some_of(len(numbers), len(known))} checkpoints{cut}",
        "series": chips(drawn),
        "figure": figure(
            drawn, height=210, x={"title": {"text": "checkpoint"}, "nticks": 8}, y={"range": [-0.02, 1.02]}
        ),
        "merge": "lines",
    }


def _line(
    numbers: list[int], values: object, name: str, color: str, metric: str, dash: str = "solid"
) -> Json:
    template = f"checkpoint %{{x}}<br>{TITLES[metric]} %{{y:.1%}}"
    heights = np.asarray(values, np.float64)
    return line(numbers, heights, name=name, color=color, template=template, dash=dash)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


CLASS_METRICS = Tool(
    name="class_metrics",
    title="Metrics per class",
    icon="report-analytics",
    description="Precision (how many of those taken for a class are of it), recall (how many of a class are "
    "found), F1 (both in one number) and the number of samples, class by class; or over the checkpoints.",
    fits=tells_classes,
    draw=draw,
    settings=(
        MODEL,
        OUTPUT,
        Setting("show", "Show", "choice", VIEWS[0], choices=VIEWS),
        Setting("metric", "Metric over checkpoints", "choice", METRICS[0], choices=METRICS),
    ),
    family="samples",
)
