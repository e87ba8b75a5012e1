"""How long models train and answer, and how much memory their training took."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Column, Content, Context, Json, Setting, Table, Tool, ToolError
from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.traces import line, plain, thinned
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit

MOST = 60
"""Models of one widget."""


@dataclass(frozen=True)
class Costs:
    """What is known of one model: its epochs, and what its checkpoints tell."""

    model: str
    history: Json
    checkpoints: list[Json]


@dataclass(frozen=True)
class Measure:
    """A cost over training: its unit, the axis along which it is told, and (place, cost) of a model."""

    unit: str
    along: str
    pairs: Callable[[Costs], Iterable[tuple[float, float | None]]]


def _per_step(costs: Costs) -> Iterable[tuple[float, float | None]]:
    return ((each["step"], _times(each["step_seconds"], 1e3)) for each in costs.checkpoints)


def _per_sample(costs: Costs) -> Iterable[tuple[float, float | None]]:
    return (
        (each["step"], _times(each["inference_seconds"], 1e6 / max(1, each["samples"])))
        for each in costs.checkpoints
    )


def _per_epoch(costs: Costs) -> Iterable[tuple[float, float | None]]:
    return zip(costs.history["epoch"], costs.history["seconds"], strict=True)


def _memory(costs: Costs) -> Iterable[tuple[float, float | None]]:
    return ((each["step"], _times(each["peak_memory"], 1e-6)) for each in costs.checkpoints)


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


MEASURES = {
    "time per step": Measure("ms", "step", _per_step),
    "time per epoch": Measure("s", "epoch", _per_epoch),
    "inference per sample": Measure("µs", "step", _per_sample),
    "peak memory": Measure("MB", "step", _memory),
}


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw one cost over training, a line per model, above it each model's medians."""
    models = context.models_of(unit)
    found = await asyncio.gather(*(_asked(client, model) for model in models[:MOST]))
    wanted = chosen(context.settings["measure"], tuple(MEASURES))
    lines = [drawn for costs in found if (drawn := _line(costs, MEASURES[wanted], wanted, context))]
    if not any(_medians(costs, name) is not None for costs in found for name in MEASURES):
        raise ToolError("no epoch has ended yet, and no checkpoint tells what it cost")
    cut = f", the first {MOST} of {len(models)} models" if len(models) > MOST else ""
    content: Content = {
        "caption": f"medians, of memory the most{cut}" + (f" · below: {wanted}" if lines else ""),
        "table": _table(list(found), context),
    }
    if not lines:
        return content
    measure = MEASURES[wanted]
    x: Json = {"title": {"text": measure.along}, "nticks": 8}
    log = {"type": "log"} if context.settings["log"] else {"rangemode": "tozero"}
    drawn = figure(lines, x=x, y={"title": {"text": measure.unit}, "nticks": 5, **log})
    return {**content, "figure": drawn, "merge": "lines"}


async def _asked(client: Client, model: str) -> Costs:
    history, checkpoints = await asyncio.gather(client.history(model), client.checkpoints(model))
    return Costs(model, history, checkpoints)


def _medians(costs: Costs, name: str) -> float | None:
    """Return the median of a cost, of memory the most; None where it is not told."""
    told = [cost for _, cost in MEASURES[name].pairs(costs) if cost is not None]
    if not told:
        return None
    return float(max(told) if name == "peak memory" else np.median(told))


def _line(costs: Costs, measure: Measure, name: str, context: Context) -> Json | None:
    pairs = [(place, cost) for place, cost in measure.pairs(costs) if cost is not None]
    kept = [pairs[position] for position in thinned(len(pairs))]
    if not kept:
        return None
    x, y = zip(*kept, strict=True)
    template = f"{measure.along} %{{x}}<br>{name} %{{y:.4g}} {measure.unit}"
    model = costs.model
    return line(
        plain(x), y, name=context.title(model), color=context.colors[model], template=template, uoa=model
    )


def _table(found: list[Costs], context: Context) -> Table:
    heads = [Column(name=name, title=f"{name} ({MEASURES[name].unit})", kind="bar") for name in MEASURES]
    return {
        "columns": [
            Column(name="model", title="model", kind="text"),
            *heads,
            Column(name="total", title="training (s)", kind="bar"),
        ],
        "rows": [
            [
                context.title(costs.model),
                *(_medians(costs, name) for name in MEASURES),
                context.models[costs.model]["seconds"],
            ]
            for costs in found
        ],
        "uoas": [costs.model for costs in found],
    }


RUNTIME = Tool(
    name="runtime",
    title="Run time and memory",
    icon="clock",
    description="How long a step, an epoch and a prediction took, and how much memory training needed, as "
    "measured while it was logged.",
    fits=lambda unit: unit.kind in {"experiment", "model"},
    draw=draw,
    follows=("training",),
    family="models",
    settings=(
        Setting("measure", "Lines of", "choice", "time per step", choices=tuple(MEASURES)),
        Setting("log", "Logarithmic", "switch", False),
    ),
)
