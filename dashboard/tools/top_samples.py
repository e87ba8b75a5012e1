"""The samples that a neuron answers to most, or least."""

from typing import Any

import numpy as np
import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.images import ACTIVATION, extremes, uri
from inspectree.dashboard.tools.base import Column, Content, Context, Json, Setting, Table, Tool, ToolError
from inspectree.dashboard.tools.questions.axes import unit_dim
from inspectree.dashboard.tools.questions.sample_images import inputs_of
from inspectree.dashboard.tools.questions.source import class_selection, values_uoa
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

WHICH = ("most", "least")
OVER = {"maximum": "max", "mean": "mean"}


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a row per sample: the sample, where the unit answers, and how strongly."""
    model = parse(unit.uoa).model
    uoa, selection = values_uoa(unit, context.number(model)), class_selection(unit, context)
    space = [dim for dim in unit.dims if dim not in ("sample", unit_dim(unit))]
    over = chosen(context.settings["over"], tuple(OVER))
    reduced: list[Json] = [{"op": OVER[over], "over": space}] if space else []
    scores = await client.values(uoa, [*selection, *reduced])
    if scores.dims != ("sample",):
        raise ToolError(
            f"{unit.name} has no value per sample: it lies along {', '.join(map(str, scores.dims))}"
        )
    which = chosen(context.settings["which"], WHICH)
    kept = strongest(scores.values, int(context.settings["most"]), lowest=which == "least")
    if not kept.size:
        raise ToolError("no selected sample has a finite activation")
    samples = [int(sample) for sample in scores["sample"].values[kept]]
    only = {"op": "select", "label": {"sample": samples}}
    maps = await client.values(uoa, [*selection, only]) if space else None
    reading = f", {over} over {' and '.join(space)}" if space else ""
    low, high = extremes(maps.values) if maps is not None else (0.0, 1.0)
    scale = f" · answers: {low:.3g} dark … {high:.3g} bright" if space else ""
    return {
        "caption": f"the {len(kept)} samples that activate {unit.name} {which}, of {scores.size:,}{reading}"
        f"{scale} · checkpoint {context.number(model)}",
        "table": await _table(client, model, scores.isel(sample=kept), maps),
        "space": context.space(model),
        "merge": "table",
    }


def strongest(values: np.ndarray[Any, Any], most: int, *, lowest: bool) -> np.ndarray[Any, Any]:
    """Return the places of the highest finite values, the highest first, or of the lowest."""
    known = np.flatnonzero(np.isfinite(values))
    order = np.argsort(values[known] if lowest else -values[known], kind="stable")
    return np.asarray(known[order][:most])


async def _table(client: Client, model: str, scores: xr.DataArray, maps: xr.DataArray | None) -> Table:
    samples = [int(sample) for sample in scores["sample"].values]
    inputs = await inputs_of(client, model, samples)
    seen = inputs.seen()
    words, classes = "text" in seen[0], "class" in scores.coords
    columns = [
        Column(name="sample", title="Sample", kind="number"),
        Column(name="seen", title="Input", kind="text" if words else "image"),
        *([Column(name="map", title="Answer", kind="image")] if maps is not None else []),
        *([Column(name="where", title="Highest at", kind="text")] if maps is not None else []),
        *([Column(name="class", title="Class", kind="text")] if classes else []),
        Column(name="activation", title="Activation", kind="bar"),
    ]
    limits = extremes(maps.values) if maps is not None else (0.0, 1.0)
    rows = []
    for place, (sample, each) in enumerate(zip(samples, seen, strict=True)):
        row: list[Any] = [sample, each.get("text", each.get("src"))]
        if maps is not None:
            own = maps.sel(sample=sample)
            row += [uri(_upright(own), ACTIVATION, limits), located(own)]
        row += [str(scores["class"].values[place])] if classes else []
        rows.append([*row, float(scores.values[place])])
    return Table(columns=columns, rows=rows, samples=samples)


def _upright(values: xr.DataArray) -> np.ndarray[Any, Any]:
    """Return a map (y, x) as it is, and values along one axis as one line."""
    if values.dims == ("x", "y"):
        values = values.transpose("y", "x")
    return np.atleast_2d(values.values) if values.ndim < 3 else values.values.reshape(len(values), -1)


def located(values: xr.DataArray) -> str:
    """Return where the highest value lies, in words."""
    if not np.isfinite(values.values).any():
        return "–"
    place = np.unravel_index(np.nanargmax(values.values), values.shape)
    return ", ".join(f"{dim} {int(index)}" for dim, index in zip(values.dims, place, strict=True))


TOP_SAMPLES = Tool(
    name="top_samples",
    title="Samples it answers to",
    icon="star",
    description="The samples that activate a neuron most or least, with its answer and where it is highest.",
    fits=lambda unit: unit.kind == "unit",
    draw=draw,
    settings=(
        Setting("which", "Activate it", "choice", WHICH[0], choices=WHICH),
        Setting("over", "Of a map", "choice", "maximum", choices=tuple(OVER)),
        Setting("most", "Most samples", "number", 12, least=1, most=200),
    ),
    family="samples",
)
