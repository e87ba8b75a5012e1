"""Hyperparameters and metrics of an experiment's models: a line per model across one axis for each."""

import asyncio

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.captions import first_of
from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.parallel_axes import Axis, axis_of
from inspectree.dashboard.tools.questions.hyperparameters import Value, flattened
from inspectree.dashboard.tools.questions.model_numbers import WHEN, metric_names, metric_title, metrics
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit

MOST_MODELS, MOST_AXES, MOST_NAMED = 200, 12, 12

RULE = "rgba(128,138,160,0.55)"
"""The colour of an axis: it is seen on light and on dark ground."""

TITLE, MARK = 10, 9
"""Sizes of the letters: there is little room between axes."""


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the axes of what differs, the metrics at the right."""
    models = context.models_of(unit)
    shown = models[:MOST_MODELS]
    details = await asyncio.gather(*(client.model(model) for model in shown))
    rows = [_settings(detail) for detail in details]
    names = _named(rows, context, differing=context.settings["differing"])
    when = chosen(context.settings["when"], WHEN)
    scores = [{metric_title(name): value for name, value in metrics(each, when).items()} for each in details]
    left_out = _left_out(context)
    measured = [title for name in metric_names(details) if (title := metric_title(name)) not in left_out]
    kept = names[: max(1, MOST_AXES - len(measured))]
    axes = [axis_of(name, [row.get(name) for row in rows]) for name in kept]
    axes += [axis_of(name, [score.get(name) for score in scores]) for name in measured]
    if len(axes) < 2:
        raise ToolError("there is nothing to compare: these models differ in no setting and have no metrics")
    return {
        "caption": _told(len(shown), len(models), len(names), len(kept), when),
        "series": [
            {"name": context.title(model), "color": context.colors[model], "uoa": model}
            for model in shown[:MOST_NAMED]
        ],
        "figure": _figure(axes, shown, context),
    }


def _settings(detail: Json) -> dict[str, Value]:
    """Return how a model was made and trained."""
    sizes = {"layers": detail["layers"], "parameters": detail["parameters"]}
    return {**flattened(detail["hyperparameters"]), **sizes}


def _named(rows: list[dict[str, Value]], context: Context, *, differing: bool) -> list[str]:
    """Return the settings that have an axis: by default those that are not the same everywhere."""
    names = dict.fromkeys(name for row in rows for name in row)
    left_out = _left_out(context)
    return [
        name
        for name in names
        if name not in left_out and (not differing or len({row.get(name) for row in rows}) > 1)
    ]


def _left_out(context: Context) -> set[str]:
    return {part.strip() for part in context.settings["without"].split(",")}


def _told(shown: int, models: int, names: int, kept: int, when: str) -> str:
    count = f"the first {shown} of {models} models" if shown < models else f"{shown} models"
    cut = f" · the first {kept} of {names} settings" if kept < names else ""
    named = first_of(min(shown, MOST_NAMED), shown, "models are named")
    return f"{count}; settings at the left, {when} metrics at the right{cut}{named}"


def _figure(axes: list[Axis], models: list[str], context: Context) -> Json:
    lines = [_line(axes, place, model, context) for place, model in enumerate(models)]
    return figure(
        lines, height=270, x={"visible": False, "range": [-0.35, len(axes) - 0.35]},
        y={"visible": False, "range": [-0.08, 1.45]},
        shapes=[_rule(place) for place in range(len(axes))],
        annotations=[note for place, axis in enumerate(axes) for note in _notes(place, axis)],
        margin={"l": 8, "r": 8, "t": 4, "b": 4},
    )  # fmt: skip


def _line(axes: list[Axis], place: int, model: str, context: Context) -> Json:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": list(range(len(axes))),
        "y": [axis.places[place] for axis in axes],
        "customdata": [f"{axis.name}: {axis.texts[place]}" for axis in axes],
        "name": context.title(model),
        "line": {"color": context.colors[model], "width": 2},
        "marker": {"size": 5},
        "hovertemplate": "%{customdata}<extra>%{fullData.name}</extra>",
        "meta": {"uoa": model},
    }


def _rule(place: int) -> Json:
    return {
        "type": "line", "layer": "below", "x0": place, "x1": place, "y0": 0, "y1": 1,
        "line": {"color": RULE, "width": 1},
    }  # fmt: skip


def _notes(place: int, axis: Axis) -> list[Json]:
    """Return the axis' title, slanted, and its marks, each at its place."""
    title = {
        "x": place, "y": 1.1, "text": _escaped(axis.name), "textangle": -32, "xanchor": "left",
        "yanchor": "bottom", "showarrow": False, "font": {"size": TITLE}, "xshift": -4,
    }  # fmt: skip
    return [title, *(_mark(place, at, text) for at, text in axis.marks)]


def _mark(place: int, at: float, text: str) -> Json:
    return {
        "x": place, "y": at, "text": _escaped(text), "xanchor": "left", "xshift": 4, "showarrow": False,
        "font": {"size": MARK}, "yshift": 7 if at > 0.95 else -7 if at < 0.05 else 0,
    }  # fmt: skip


def _escaped(text: str) -> str:
    """Return text as Plotly shows it: it takes some of HTML for markup, and names come from anybody."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


PARALLEL_COORDINATES = Tool(
    name="parallel_coordinates",
    title="Parallel coordinates",
    icon="route",
    description="Every model as a line across its settings and metrics: which settings led to which results? "
    "Hover one to light its model.",
    fits=lambda unit: unit.kind == "experiment",
    draw=draw,
    follows=("training",),
    family="models",
    settings=(
        Setting("differing", "Only what differs", "switch", True),
        Setting(
            "when", "Metrics of the", "choice", WHEN[0], choices=WHEN, help="Last epoch or best checkpoint."
        ),
        Setting("without", "Without", "text", "", help="Axes to leave out, such as: seed, epochs."),
    ),
)
