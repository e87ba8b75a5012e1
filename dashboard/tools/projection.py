"""Samples, or words, in a plane: near ones are alike to the model."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import GREY, class_color
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.tools.charts.traces import MOST_POINTS, chips, plain, points
from inspectree.dashboard.tools.questions.axes import UNITS
from inspectree.dashboard.tools.questions.choosing import OUTPUT
from inspectree.dashboard.tools.questions.predictions import PREDICTION, outputs_of
from inspectree.dashboard.tools.questions.sample_images import embedded_inputs
from inspectree.dashboard.tools.questions.source import class_selection, values_uoa
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import at, parse

METHODS = {"PCA": "pca", "t-SNE": "tsne", "UMAP": "umap"}
COLORS = ("as fits", "true class", "predicted class", "right or wrong", "target value", "one colour")
OF = ("outputs", "inputs")
RIGHT, WRONG = "#12b886", "#e64980"
FEW_WORDS = 60
"""Words that are written beside their points."""

LEAST = 4
"""Samples below which there is nothing to lay out."""


def fits(unit: Unit) -> bool:
    """Tell whether a unit is a model, a layer with several values per sample, or an embedding's words."""
    if unit.kind == "model":
        return True
    if unit.kind == "weights":
        return unit.dims == ("token", "unit")
    several = any(size is None or size > 1 for size in unit.shape[1:])
    return unit.kind == "layer" and unit.dims[:1] == ("sample",) and several


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a point per sample of the classes that are on, or per word of an embedding."""
    if unit.kind == "weights":
        return await _words(client, unit, context)
    model = parse(unit.uoa).model
    uoa, space, offered = await _source(client, unit, context)
    steps: list[Json] = [*class_selection(unit, context)]
    if space and context.settings["averaged"]:
        steps.append({"op": "mean", "over": space})
    placed = await client.values(uoa, [*steps, _step(context, "sample")])
    if placed.sizes["sample"] < LEAST:
        raise ToolError(f"{placed.sizes['sample']} samples are too few to lay out: select {LEAST} at least")
    drawn = await _coloured(client, model, placed, context)
    return {
        "caption": " · ".join([_told(placed, "sample", context), f"checkpoint {context.number(model)}"]),
        "series": chips(drawn) if len(drawn) > 1 else [],
        "figure": _figure(drawn, context),
        "choices": {"output": offered} if len(offered) > 1 else {},
        "space": context.space(model),
        "merge": "scatter",
    }


async def _source(client: Client, unit: Unit, context: Context) -> tuple[str, list[str], list[str]]:
    """Return the path of the values, the axes that can be averaged over, and the outputs to choose from."""
    model = parse(unit.uoa).model
    number = context.number(model)
    if unit.kind == "layer":
        space = [dim for dim in unit.dims[1:] if dim not in UNITS]
        return values_uoa(unit, number), space if len(space) < len(unit.dims) - 1 else [], []
    if chosen(context.settings["of"], OF) == "inputs":
        graph = await client.architecture(model)
        first = next(node["id"] for node in graph["nodes"] if node["kind"] == "input")
        return at(f"{model}/{first}/activations", number), [], []
    outputs = await outputs_of(client, model, context)
    output = chosen(context.settings["output"], outputs)
    return at(f"{model}/{PREDICTION}" + (f"/{output}" if output else ""), number), [], outputs


def _step(context: Context, dim: str) -> Json:
    method = METHODS[chosen(context.settings["method"], tuple(METHODS))]
    most, seed = int(context.settings["points"]), int(context.settings["seed"])
    return {"op": method, "dim": dim, "components": 2, "points": most, "seed": seed}


def _told(placed: xr.DataArray, dim: str, context: Context) -> str:
    """Return how many points there are, and what their distances mean."""
    method = chosen(context.settings["method"], tuple(METHODS))
    some = " at random" if placed.sizes[dim] == context.settings["points"] else ""
    what = f"{method} of {placed.sizes[dim]:,} {'samples' if dim == 'sample' else 'words'}{some}"
    if "explained_variance_ratio" in placed.coords:
        first, second = (float(share) for share in placed["explained_variance_ratio"].values)
        return f"{what}: {first:.1%} and {second:.1%} of the variance"
    return f"{what}: near ones are alike, distances between groups say little"


def _figure(drawn: list[Json], context: Context) -> Json:
    method = chosen(context.settings["method"], tuple(METHODS))
    axes: list[Json] = [
        {"title": {"text": f"{method} {number}"}, "nticks": 5, "zeroline": False} for number in (1, 2)
    ]
    return figure(drawn, height=300, x=axes[0], y=axes[1])


async def _coloured(client: Client, model: str, placed: xr.DataArray, context: Context) -> list[Json]:
    """Return the points in the colours that are asked for: classes as traces, numbers as a scale."""
    wanted = chosen(context.settings["color"], COLORS)
    known = {"true class": "class", "predicted class": "predicted", "right or wrong": "correct"}
    if wanted == COLORS[0]:
        wanted = "true class" if context.all_classes(model) else "target value"
    if wanted in known:
        if known[wanted] not in placed.coords:
            raise ToolError(f"{context.title(model)} tells no {wanted} of its samples")
        return _apart(placed, placed[known[wanted]].values, wanted, context.all_classes(model))
    values = await _targets(client, model, placed) if wanted == "target value" else None
    if values is None and context.settings["color"] == "target value":
        raise ToolError(f"{context.title(model)} was logged without labels that are one number per sample")
    one = _points(placed, np.arange(placed.sizes["sample"]), "samples", context.colors[model])
    if values is not None:
        one["marker"] |= {"color": plain(values), "colorscale": "Viridis", "showscale": True}
        one["text"] = [
            f"{text}<br>target {value:.4g}" for text, value in zip(one["text"], values, strict=True)
        ]
    return [one]


async def _targets(client: Client, model: str, placed: xr.DataArray) -> NDArray[Any] | None:
    """Return the labels of the placed samples, where they are one number each."""
    labels = (await client.samples(model, inputs=False))["y_label"]
    single = next((each for each in labels.values() if each.size == each.shape[0]), None)
    if single is None or single.dtype.kind not in "biuf":
        return None
    return np.asarray(single.values.reshape(-1)[placed["sample"].values], np.float64)


def _apart(placed: xr.DataArray, labels: NDArray[Any], what: str, classes: Sequence[str]) -> list[Json]:
    """Return a trace per label."""
    if what == "right or wrong":
        named: dict[str, tuple[str, Any]] = {"right": (RIGHT, True), "wrong": (WRONG, False)}
    else:
        named = {name: (class_color(index), name) for index, name in enumerate(classes)}
    drawn, left = [], np.ones(len(labels), bool)
    for name, (color, label) in named.items():
        own = np.array([each == label for each in labels.tolist()], bool)
        left &= ~own
        if own.any():
            drawn.append(_points(placed, np.flatnonzero(own), name, color))
    return [*drawn, *([_points(placed, np.flatnonzero(left), "no class", GREY)] if left.any() else [])]


def _points(placed: xr.DataArray, places: NDArray[np.intp], name: str, color: str) -> Json:
    own = placed.transpose("sample", "component").values[places]
    samples = [int(sample) for sample in placed["sample"].values[places]]
    labels = [_about(placed, place) for place in places]
    template = "%{x:.3g}, %{y:.3g}"
    return points(
        own[:, 0], own[:, 1], name=name, color=color, labels=labels, template=template, samples=samples
    )


def _about(placed: xr.DataArray, place: int) -> str:
    told = [f"sample {int(placed['sample'].values[place])}"]
    for title, coordinate in (("true", "class"), ("predicted", "predicted")):
        if coordinate in placed.coords and (name := str(placed[coordinate].values[place])):
            told.append(f"{title} {name}")
    return "<br>".join(told)


async def _words(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a point per row of an embedding, with its word where a vocabulary was logged."""
    path = parse(unit.uoa)
    words = await _vocabulary(client, path.model, path.inside.rpartition("/")[0])
    numbered = {"op": "select", "slice": {"token": [0, unit.shape[0]]}}
    steps = [numbered, _step(context, "token")]
    placed = await client.values(at(unit.uoa, context.number(path.model)), steps)
    numbers = [int(number) for number in placed["token"].values]
    labels = [(words[n] if n < len(words) else "") or f"token {n}" for n in numbers]
    values = placed.transpose("token", "component").values
    color = context.colors[path.model]
    drawn = points(
        values[:, 0], values[:, 1], name="words", color=color, labels=labels, template="%{x:.3g}, %{y:.3g}"
    )
    if len(labels) <= FEW_WORDS:
        drawn |= {"mode": "markers+text", "textposition": "top center", "textfont": {"size": 10}}
    unknown = "" if words else " · log a vocabulary to see words"
    return {
        "caption": f"{_told(placed, 'token', context)} · checkpoint {context.number(path.model)}{unknown}",
        "figure": _figure([drawn], context),
        "merge": "scatter",
    }


async def _vocabulary(client: Client, model: str, layer: str) -> Sequence[str]:
    """Return the words that an embedding's rows stand for; none where they were not logged."""
    logged = await client.vocabulary(model)
    if not logged:
        return ()
    inputs = [
        name for name, embedding in (await embedded_inputs(client, model)).items() if embedding == layer
    ]
    return next((logged[name] for name in inputs if name in logged), ())


PROJECTION = Tool(
    name="projection",
    title="Projection",
    icon="chart-scatter",
    description="Samples in a plane, as a layer or a model sees them: near ones are alike to it. By "
    "principal components (PCA), t-SNE or UMAP; of an embedding its words. Draw a lasso to select samples.",
    fits=fits,
    draw=draw,
    settings=(
        Setting("method", "Method", "choice", "PCA", choices=tuple(METHODS)),
        Setting("color", "Colours", "choice", COLORS[0], choices=COLORS, of=("model", "layer")),
        Setting("points", "Most points", "number", 1000, least=10, most=MOST_POINTS),
        Setting("averaged", "Maps averaged over space", "switch", False, of=("layer",)),
        Setting("of", "Of", "choice", OF[0], choices=OF, of=("model",)),
        OUTPUT,
        Setting("seed", "Seed", "number", 0, least=0, help="Which points, and where t-SNE and UMAP begin."),
    ),
    family="samples",
)
