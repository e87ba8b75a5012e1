"""How large weights and gradients are while a model learns."""

import asyncio
from collections.abc import Sequence

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool
from inspectree.dashboard.tools.charts.lines import Line, left_out, lines_figure, series
from inspectree.dashboard.tools.questions.over_training import numbers_of
from inspectree.dashboard.tools.questions.trained import (
    Variable,
    grouped,
    held,
    is_trained,
    norms,
    variables_of,
)
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

WEIGHTS, GRADIENTS, STEPS = "weights", "gradients", "gradients per step"


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a line per layer of a model, or per variable of a layer."""
    model = parse(unit.uoa).model
    numbers = numbers_of(context, model)
    variables = await variables_of(client, unit)
    known = await held(client, model, numbers[-1])
    steps = await client.updates(model, parse(unit.uoa).inside)
    with_gradients = [variable for variable in variables if variable.gradient in known]
    offered = [WEIGHTS] + [GRADIENTS] * bool(with_gradients) + [STEPS] * bool(steps["variables"])
    of = context.settings["of"] if context.settings["of"] in offered else WEIGHTS
    chosen = [v for v in variables if v.path in steps["variables"]] if of == STEPS else variables
    parts = grouped(with_gradients if of == GRADIENTS else chosen, unit)
    if of == STEPS:
        lines = [_steps(name, some, steps, model) for name, some in parts]
    else:
        lines = await _checkpoints(client, model, parts, numbers, gradients=of == GRADIENTS)
    count = len({v.layer for v in chosen}) if unit.kind == "model" else len(chosen)
    return {
        "caption": f"Euclidean norm of {of}{left_out(len(lines), count, _what(unit))}{_missing(offered)}",
        "series": series(lines),
        "figure": lines_figure(
            lines,
            x="step" if of == STEPS else "checkpoint",
            template="norm %{y:.4g}",
            log=context.settings["log"],
        ),
        "choices": {"of": offered},
        "merge": "lines",
    }


async def _checkpoints(
    client: Client,
    model: str,
    parts: Sequence[tuple[str, list[Variable]]],
    numbers: list[int],
    *,
    gradients: bool,
) -> list[Line]:
    paths = [[v.gradient if gradients else v.path for v in some] for _, some in parts]
    found = await asyncio.gather(*(norms(client, model, some, numbers) for some in paths))
    return [
        Line(name, uoa_of(model, some), numbers, y.tolist())
        for (name, some), y in zip(parts, found, strict=True)
    ]


def _steps(name: str, some: list[Variable], steps: Json, model: str) -> Line:
    """Return the norm of the variables' gradients taken together, at each recorded step."""
    rows = [steps["gradient_norm"][steps["variables"].index(variable.path)] for variable in some]
    together = [sum(value * value for value in values) ** 0.5 for values in zip(*rows, strict=True)]
    return Line(name, uoa_of(model, some), steps["steps"], together)


def uoa_of(model: str, some: list[Variable]) -> str:
    """Return what a line stands for: one variable, or the layer of several."""
    return f"{model}/{some[0].path if len(some) == 1 else some[0].layer}"


def _what(unit: Unit) -> str:
    return "layers" if unit.kind == "model" else "variables"


def _missing(offered: Sequence[str]) -> str:
    if len(offered) > 1:
        return ""
    return " · no gradients were recorded (TreeLogger(…, gradients=True), or updates=True for every step)"


NORMS = Tool(
    name="norms",
    title="Norms over training",
    icon="ruler-measure",
    description="How large weights and gradients are at each checkpoint, by layer or variable. "
    "Look here when training explodes or stands still.",
    fits=is_trained,
    draw=draw,
    follows=("training",),
    settings=(
        Setting("of", "Of", "choice", WEIGHTS, help="gradients are offered where they were recorded"),
        Setting("log", "Logarithmic", "switch", True),
    ),
    family="training",
)
