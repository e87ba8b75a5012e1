"""How much of a variable changes: the size of updates by the size of what is updated."""

import asyncio
from collections.abc import Sequence

import numpy as np

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.captions import left_out
from inspectree.dashboard.tools.charts.lines import Line, lines_figure, series
from inspectree.dashboard.tools.questions.over_training import cut_of, numbers_of
from inspectree.dashboard.tools.questions.trained import (
    Numbers,
    Part,
    Variable,
    count_of,
    grouped,
    is_trained,
    line_of,
    lines_of,
    norms,
    variables_of,
    windows,
)
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import at, parse

USUAL = 1e-3
"""What an update by a step is of a variable that learns well, as a rule of thumb (Karpathy, CS231n)."""

AT_ONCE = 1 << 24
"""Numbers that are asked for in one question."""

STEPS, CHECKPOINTS = "every step", "between checkpoints"


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a line per layer of a model, or per variable of a layer."""
    model = parse(unit.uoa).model
    variables = await variables_of(client, unit)
    recorded = await client.updates(model, parse(unit.uoa).inside)
    offered = [STEPS] * bool(recorded["variables"]) + [CHECKPOINTS]
    over = context.settings["over"] if context.settings["over"] in offered else offered[0]
    if over == STEPS:
        variables = [variable for variable in variables if variable.path in recorded["variables"]]
    parts = grouped(variables, unit)
    if over == STEPS:
        lines, about = [_steps(part, recorded, model) for part in parts], _about(recorded, unit)
    else:
        numbers = numbers_of(context, model)
        lines, failed = await _checkpoints(client, model, parts, numbers)
        about = f"{_BETWEEN}{cut_of(context, model, numbers)}{failed}"
    some = left_out(len(parts), count_of(variables, unit), "lines")
    return {
        "caption": f"{about}{some} · dashed: 10⁻³, usual for one step",
        "series": series(lines),
        "figure": lines_figure(
            lines,
            x="step" if over == STEPS else "checkpoint",
            template="ratio %{y:.3g}",
            log=context.settings["log"],
            shapes=[_guide()],
        ),
        "choices": {"over": offered},
        "merge": "lines",
    }


_BETWEEN = (
    "Change since the checkpoint before by the norm there: many steps at once (for each step: updates=True)"
)


def _about(recorded: Json, unit: Unit) -> str:
    shown, total = len(recorded["steps"]), recorded["total"]
    some = f"{shown:,} of {total:,} steps" if shown < total else f"{total:,} steps"
    median = ", of a layer the median of its variables" if unit.kind == "model" else ""
    return f"Norm of each step's change by the norm before it{median} · {some}"


def _steps(part: Part, recorded: Json, model: str) -> Line:
    """Return the ratio at each step; of a layer the median of its variables."""
    name, some = part
    rows = [recorded["update_ratio"][recorded["variables"].index(variable.path)] for variable in some]
    return line_of(model, name, some, recorded["steps"], np.median(rows, axis=0))


async def _checkpoints(
    client: Client, model: str, parts: Sequence[Part], numbers: list[int]
) -> tuple[list[Line], str]:
    if len(numbers) < 2:
        raise ToolError("there is only one checkpoint yet: a change needs two")

    async def ratio(some: list[Variable]) -> Numbers:
        return await _ratio(client, model, some, numbers)

    return await lines_of(model, parts, numbers[1:], ratio)


async def _ratio(client: Client, model: str, some: list[Variable], numbers: list[int]) -> Numbers:
    """Return the change since the checkpoint before by the norm there; NaN where that is 0."""
    before = await norms(client, model, [variable.path for variable in some], numbers[:-1])
    changes = await asyncio.gather(*(_changes(client, model, variable, numbers) for variable in some))
    change = np.sqrt(np.sum(np.square(changes), axis=0))
    ratio: Numbers = np.divide(change, before, out=np.full_like(change, np.nan), where=before > 0)
    return ratio


async def _changes(client: Client, model: str, variable: Variable, numbers: list[int]) -> Numbers:
    """Return the norm of each difference between neighbours (checkpoint), the first left out."""
    pipeline: list[Json] = [{"op": "diff", "dim": "checkpoint"}, {"op": "norm", "by": ["checkpoint"]}]
    length = max(2, AT_ONCE // max(1, variable.size))
    parts = [
        await client.values([at(f"{model}/{variable.path}", number) for number in some], pipeline)
        for some in windows(numbers, length)
    ]
    return np.concatenate([np.atleast_1d(part.values.astype(float)) for part in parts])


def _guide() -> Json:
    line = {"color": "#8d98ab", "dash": "dash", "width": 1.2}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": USUAL, "y1": USUAL, "line": line}


UPDATE_RATIO = Tool(
    name="update_ratio",
    title="Update-to-weight ratio",
    icon="scale",
    description="How much of each layer changes while it learns. Far above 10⁻³ per step the learning rate "
    "is too high, far below too low.",
    fits=is_trained,
    draw=draw,
    follows=("training",),
    settings=(Setting("over", "Over", "choice", ""), Setting("log", "Logarithmic", "switch", True)),
    family="training",
)
