"""How near predicted numbers are to the true ones."""

import asyncio
from dataclasses import replace

import numpy as np

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.captions import some_of
from inspectree.dashboard.tools.charts.figures import figure, sample_bars
from inspectree.dashboard.tools.charts.traces import (
    MOST_POINTS,
    chips,
    diagonal,
    line,
    plain,
    points,
    thinned,
)
from inspectree.dashboard.tools.questions.choosing import OUTPUT, choices, where
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.tools.questions.targets import (
    Against,
    errors_of,
    explained,
    number_outputs,
    regressed,
)
from inspectree.dashboard.unit import Unit

VIEWS = ("predicted against true", "residuals", "error over checkpoints")
MOST_CHECKPOINTS = 40
RED = "#e64980"


def fits(unit: Unit) -> bool:
    """Tell whether a unit is a model with an output of numbers that are no classes' scores."""
    if unit.kind != "model":
        return False
    if unit.outputs is None:
        return unit.classes == 0
    return (unit.classes == 0 or len(unit.outputs) > 1) and any(len(shape) <= 1 for shape in unit.outputs)


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw one number of an output: against the truth, what is left of it, or its error over training."""
    offered = await number_outputs(client, unit.uoa, context)
    output = chosen(context.settings["output"], offered)
    found = await regressed(client, unit.uoa, context, output)
    count = found.true.shape[1]
    component = int(context.settings["component"])
    if component >= count:
        raise ToolError(f"there is no number {component}: {count} are predicted, from 0 on")
    one = Against(found.samples, found.predicted[:, [component]], found.true[:, [component]])
    view = chosen(context.settings["show"], VIEWS)
    shown = (
        await _over_checkpoints(client, unit.uoa, context, output, component)
        if view == VIEWS[2]
        else (_scatter if view == VIEWS[0] else _residuals)(one, context.colors[unit.uoa], context)
    )
    of = [f"number {component} of {count}"] * (count > 1) + [where(unit, unit.uoa, context, output)]
    return {
        **shown,
        "caption": " · ".join([shown["caption"], *of]),
        "choices": choices(unit, context, offered),
        "space": context.space(unit.uoa),
    }


def _told(one: Against) -> str:
    errors = errors_of(one.residuals)
    share = explained(one.predicted, one.true)
    return f"MAE {errors['MAE']:.4g} · RMSE {errors['RMSE']:.4g} · R² {share:.3f}"


def _scatter(one: Against, color: str, _context: Context) -> Content:
    """Return a point per sample: what is right lies on the dotted line."""
    kept = thinned(len(one.samples), MOST_POINTS)
    true, predicted = one.true[kept, 0], one.predicted[kept, 0]
    samples = [one.samples[place] for place in kept]
    known = np.concatenate([true, predicted])
    known = known[np.isfinite(known)]
    ends = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    drawn = points(
        true,
        predicted,
        name="samples",
        color=color,
        labels=[f"sample {sample}" for sample in samples],
        template="true %{x:.4g}<br>predicted %{y:.4g}",
        samples=samples,
    )
    return {
        "caption": f"{some_of(len(kept), len(one.samples))} samples · {_told(one)}",
        "figure": figure(
            [diagonal(*ends, "right"), drawn],
            height=240,
            x={"title": {"text": "true"}, "nticks": 6},
            y={"title": {"text": "predicted"}, "nticks": 6},
        ),
        "merge": "scatter",
    }


def _residuals(one: Against, color: str, context: Context) -> Content:
    """Return how many samples are predicted how much too high or too low."""
    residuals = one.residuals[:, 0]
    known = np.flatnonzero(np.isfinite(residuals))
    if not known.size:
        raise ToolError("no prediction is a finite number")
    counts, edges = np.histogram(residuals[known], bins=int(context.settings["bins"]))
    places = np.clip(np.searchsorted(edges, residuals[known], side="right") - 1, 0, len(counts) - 1)
    samples = [[one.samples[place] for place in known[places == b]] for b in range(len(counts))]
    bars = sample_bars(edges, samples, color=color, ends=".4g")
    mean = float(residuals[known].mean())
    return {
        "caption": f"predicted − true of {known.size:,} samples, mean {mean:.4g} · {_told(one)}",
        "figure": figure(
            [bars],
            x={"title": {"text": "predicted − true"}},
            y={"title": {"text": "samples"}, "nticks": 4},
            bargap=0,
        ),
        "merge": "histogram",
    }


async def _over_checkpoints(
    client: Client, model: str, context: Context, output: str, component: int
) -> Content:
    known = context.models[model]["checkpoints"]
    numbers = [int(known[place]) for place in thinned(len(known), MOST_CHECKPOINTS)]
    at = [replace(context, checkpoint=number) for number in numbers]
    found = await asyncio.gather(*(regressed(client, model, each, output) for each in at))
    errors = [errors_of(each.residuals[:, component]) for each in found]
    drawn = [
        line(
            numbers,
            np.array(plain([each[name] for each in errors]), np.float64),
            name=name,
            color=color,
            template=f"checkpoint %{{x}}<br>{name} %{{y:.4g}}",
        )
        for name, color in (("MAE", context.colors[model]), ("RMSE", RED))
    ]
    return {
        "caption": f"errors of {len(found[0].samples):,} samples over "
        f"{some_of(len(numbers), len(known))} checkpoints",
        "series": chips(drawn),
        "figure": figure(
            drawn,
            height=200,
            x={"title": {"text": "checkpoint"}, "nticks": 8},
            y={"nticks": 5, "rangemode": "tozero"},
        ),
        "merge": "lines",
    }


REGRESSION = Tool(
    name="regression",
    title="Predicted against true",
    icon="target",
    description="How near predicted numbers are to the true ones: sample by sample, what is left over "
    "(residuals), or the error over the checkpoints.",
    fits=fits,
    draw=draw,
    settings=(
        Setting("show", "Show", "choice", VIEWS[0], choices=VIEWS),
        OUTPUT,
        Setting("component", "Which number", "number", 0, least=0, help="Of an output of several numbers."),
        Setting("bins", "Bins", "number", 24, least=2, most=200),
    ),
    family="samples",
)
