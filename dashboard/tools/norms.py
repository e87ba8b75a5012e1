"""How large weights and gradients are while a model learns."""

from collections.abc import Sequence

import numpy as np

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool
from inspectree.dashboard.tools.charts.captions import left_out
from inspectree.dashboard.tools.charts.lines import Line, lines_figure, series
from inspectree.dashboard.tools.questions.over_training import cut_of, numbers_of
from inspectree.dashboard.tools.questions.trained import (
    Numbers,
    Part,
    Variable,
    count_of,
    grouped,
    held,
    is_trained,
    line_of,
    lines_of,
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
    has = {
        WEIGHTS: variables,
        GRADIENTS: [variable for variable in variables if variable.gradient in known],
        STEPS: [variable for variable in variables if variable.path in steps["variables"]],
    }
    offered = [name for name, some in has.items() if some]
    of = context.settings["of"] if context.settings["of"] in offered else WEIGHTS
    parts = grouped(has[of], unit)
    if of == STEPS:
        lines, about = [_steps(part, steps, model) for part in parts], ""
    else:
        lines, about = await _checkpoints(client, model, parts, numbers, gradients=of == GRADIENTS)
        about += cut_of(context, model, numbers)
    some = left_out(len(parts), count_of(has[of], unit), _what(unit))
    return {
        "caption": f"Euclidean norm of {of}{some}{about}{_missing(offered)}",
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
    client: Client, model: str, parts: Sequence[Part], numbers: list[int], *, gradients: bool
) -> tuple[list[Line], str]:
    async def norm(some: list[Variable]) -> Numbers:
        return await norms(client, model, [v.gradient if gradients else v.path for v in some], numbers)

    return await lines_of(model, parts, numbers, norm)


def _steps(part: Part, steps: Json, model: str) -> Line:
    """Return the norm of the variables' gradients taken together, at each recorded step."""
    name, some = part
    rows = [steps["gradient_norm"][steps["variables"].index(variable.path)] for variable in some]
    return line_of(model, name, some, steps["steps"], np.sqrt(np.sum(np.square(rows), axis=0)))


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
