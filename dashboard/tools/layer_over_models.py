"""The distribution of one layer in every model of an experiment."""

import asyncio
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from inspectree.dashboard.client import Client, ServerError
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.captions import first_of
from inspectree.dashboard.tools.charts.figures import densities
from inspectree.dashboard.tools.charts.named_bars import short
from inspectree.dashboard.tools.charts.ridges import Ridge, ridges
from inspectree.dashboard.tools.charts.traces import curve, faded
from inspectree.dashboard.tools.density import ALL_THE_SAME
from inspectree.dashboard.tools.questions.limits import HIGH, LOW, limits_of, ranged
from inspectree.dashboard.tools.questions.matched import counterpart
from inspectree.dashboard.tools.questions.source import class_selection, has_values, values_uoa
from inspectree.dashboard.tools.questions.statistics import chosen, stacked
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

STYLES = ("densities", "ridges")
MOST = 24
"""Models of one widget."""


@dataclass(frozen=True)
class Place:
    """The same layer, or its variable, in one of the models."""

    model: str
    unit: Unit


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a distribution per model in its colour, all over the same range of values."""
    every = _relatives(unit, context)
    models = _nearest(every, unit)
    places = [place for place in await _places(client, unit, models) if place is not None]
    extremes = await _answers(client, places, context, stacked(["minimum", "maximum"]))
    held = {place: found.values for place, found in extremes.items() if np.isfinite(found.values).all()}
    if not held:
        raise ToolError("no model of this experiment holds finite values of this layer")
    low, high = limits_of(context.settings)
    outer = min(float(ends[0]) for ends in held.values()), max(float(ends[1]) for ends in held.values())
    low, high = (outer[0] if low is None else low), (outer[1] if high is None else high)
    if low == high:
        low, high = low - 0.5, high + 0.5  # as NumPy does around one value
    found = await _answers(client, list(held), context, [ranged(_step(context), low, high, outer)])
    if not any(np.isfinite(values.values).any() for values in found.values()):
        raise ToolError(ALL_THE_SAME)
    style = chosen(context.settings["style"], STYLES)
    drawn = _ridges(found, context) if style == "ridges" else _curves(found, context)
    return {
        "caption": _told(len(found), len(models), unit)
        + first_of(len(models), len(every), "models", "nearest"),
        "series": [
            {"name": context.title(place.model), "color": context.colors[place.model], "uoa": place.unit.uoa}
            for place in found
        ],
        "figure": drawn,
        **({"merge": "densities"} if style == "densities" else {}),
    }  # fmt: skip


def _relatives(unit: Unit, context: Context) -> list[str]:
    """Return the models of the experiment that have a checkpoint."""
    own = parse(unit.uoa).model
    models = next((models for models in context.experiments.values() if own in models), [own])
    models = [model for model in models if context.models[model]["checkpoints"]]
    if len(models) < 2:
        raise ToolError("there is no other model in this experiment to compare with")
    return models


def _nearest(models: list[str], unit: Unit) -> list[str]:
    """Return those around the unit's own model, of very many not all."""
    own = parse(unit.uoa).model
    first = max(0, min(models.index(own) - MOST // 2, len(models) - MOST)) if own in models else 0
    return models[first : first + MOST]


async def _places(client: Client, unit: Unit, models: list[str]) -> list[Place | None]:
    """Return the unit in each model: the layer that its own became there, by the server's matching."""
    return list(await asyncio.gather(*(_place(client, unit, model) for model in models)))


async def _place(client: Client, unit: Unit, model: str) -> Place | None:
    path = parse(unit.uoa)
    if model == path.model:
        return Place(model, unit)
    layer, _, variable = path.inside.rpartition("/") if unit.kind == "weights" else (path.inside, "", "")
    compared = await client.comparison(path.model, model)
    there = counterpart(compared["layers"], layer)
    if there is None:
        return None
    return Place(model, replace(unit, uoa=f"{model}/{there}{f'/{variable}' if variable else ''}"))


async def _answers(
    client: Client, places: list[Place], context: Context, steps: list[Json]
) -> dict[Place, xr.DataArray]:
    """Return what steps make of the selected samples of each model, of those that hold such values."""

    async def answer(place: Place) -> xr.DataArray | None:
        uoa = values_uoa(place.unit, context.number(place.model))
        try:
            return await client.values(uoa, [*class_selection(place.unit, context), *steps])
        except ServerError:
            return None

    found = await asyncio.gather(*map(answer, places))
    return {place: values for place, values in zip(places, found, strict=True) if values is not None}


def _step(context: Context) -> Json:
    if chosen(context.settings["style"], STYLES) == "ridges":
        return {"op": "histogram", "bins": context.settings["bins"]}
    return {"op": "density", "points": context.settings["bins"] * 2}


def _curves(found: dict[Place, xr.DataArray], context: Context) -> Json:
    drawn = [
        curve(
            values["at"].values, values.values, name=context.title(place.model), filled=False,
            color=context.colors[place.model], uoa=place.unit.uoa,
        )
        for place, values in found.items()
    ]  # fmt: skip
    return densities(drawn, height=210)


def _ridges(found: dict[Place, xr.DataArray], context: Context) -> Json:
    """Return each model's shares of the same bins as an outline."""
    first = next(iter(found.values()))
    centres = (first["left"].values + first["right"].values) / 2
    rows = [
        Ridge(
            values.values / max(1, values.values.sum()), context.title(place.model),
            faded(context.colors[place.model], 0.85), place.unit.uoa,
        )
        for place, values in found.items()
    ]  # fmt: skip
    labels = {row: short(context.title(place.model)) for row, place in enumerate(found)}
    return ridges(centres, rows, labels, height=max(140, 24 * len(rows) + 64))


def _told(shown: int, models: int, unit: Unit) -> str:
    what = unit.name if unit.kind == "weights" else "activations"
    lacking = f" · {models - shown} hold no such layer" if shown < models else ""
    return f"{what} of the matched layer in {shown} models{lacking}"


LAYER_OVER_MODELS = Tool(
    name="layer_over_models",
    title="Layer over models",
    icon="layers-difference",
    description="One layer's distribution in every model of the experiment, found also where names differ.",
    fits=lambda unit: unit.kind != "unit" and has_values(unit),
    draw=draw,
    family="models",
    settings=(
        Setting("style", "Drawn as", "choice", STYLES[0], choices=STYLES),
        Setting("bins", "Bins", "number", 64, least=5, most=256),
        LOW,
        HIGH,
    ),
)
