"""How sure a model is of its classes, and whether it may be."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import class_color
from inspectree.dashboard.tools.base import Content, Context, Json, Picture, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.captions import some_of
from inspectree.dashboard.tools.charts.figures import figure, heatmap, sample_bars
from inspectree.dashboard.tools.charts.traces import QUANTILES, box, diagonal, plain
from inspectree.dashboard.tools.questions.choosing import (
    MODEL,
    OUTPUT,
    choices,
    model_of,
    tells_classes,
    where,
)
from inspectree.dashboard.tools.questions.following import one_of
from inspectree.dashboard.tools.questions.predictions import Scored, class_output, scored_of
from inspectree.dashboard.tools.questions.sample_images import pictured, seen_samples
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit

VIEWS = ("true class, by class", "true class, histogram", "one sample", "samples × classes", "reliability")
MOST_ROWS = 40
SHARES = {"range": [-0.02, 1.02], "tickformat": ".0%"}


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the probabilities of the selected samples in one of the views."""
    model = model_of(unit, context, classes=True)
    outputs, output = await class_output(client, model, context)
    scored = await scored_of(client, model, context, output)
    view = chosen(context.settings["show"], VIEWS)
    shown = (
        await _one_sample(client, model, scored, context)
        if view == VIEWS[2]
        else _DRAWN[view](scored, context)
    )
    parts = [shown["caption"], where(unit, model, context, output), scored.how]
    return {
        **shown,
        "caption": " · ".join(filter(None, parts)),
        "choices": choices(unit, context, outputs, classes=True),
        "space": context.space(model),
    }


def _by_class(scored: Scored, _context: Context) -> Content:
    """Return a box per class: the probability that its samples are given for it."""
    drawn = []
    for index, name in enumerate(scored.names):
        own = scored.of_true[scored.true == index]
        known = own[np.isfinite(own)]
        if known.size:
            drawn.append(box(np.quantile(known, QUANTILES), name=name, color=class_color(index)))
    if not drawn:
        raise ToolError("no selected sample has a class")
    return {
        "caption": "probability of the true class: half of the samples in the box, 90 % between the whiskers",
        "figure": figure(drawn, height=210, x={"type": "category"}, y=SHARES),
        "merge": "boxes",
    }


def _histogram(scored: Scored, context: Context) -> Content:
    """Return how many samples are given which probability of their true class."""
    known = np.flatnonzero(np.isfinite(scored.of_true))
    edges = np.linspace(0, 1, int(context.settings["bins"]) + 1)
    bins = in_bins(scored.of_true[known], edges)
    samples = [[scored.samples[place] for place in known[bins == b]] for b in range(len(edges) - 1)]
    bars = sample_bars(edges, samples, color=class_color(0), ends=".0%")
    mean = float(scored.of_true[known].mean()) if known.size else float("nan")
    return {
        "caption": f"probability of the true class of {len(known):,} samples, mean {mean:.1%}",
        "figure": figure(
            [bars],
            x={"title": {"text": "probability of the true class"}, "tickformat": ".0%", "range": [0, 1]},
            y={"title": {"text": "samples"}, "nticks": 4},
            bargap=0,
        ),
        "merge": "histogram",
    }


async def _one_sample(client: Client, model: str, scored: Scored, context: Context) -> Content:
    """Return the probabilities of one sample as bars, beside the sample itself."""
    sample = one_of(scored.samples, model, context)
    place = scored.samples.index(sample)
    (seen,) = await seen_samples(client, model, [sample])
    bars: Json = {
        "type": "bar",
        "x": list(scored.names),
        "y": plain(scored.probabilities[place]),
        "marker": {"color": [class_color(index) for index in range(len(scored.names))]},
        "hovertemplate": "%{x}<br>%{y:.2%}<extra></extra>",
    }
    true, predicted = (scored.title(classes[place]) for classes in (scored.true, scored.predicted))
    return {
        "caption": f"sample {sample} · true {true}, predicted {predicted}",
        "pictures": [pictured(seen, Picture(label=true, sample=sample))],
        "figure": figure([bars], x={"type": "category"}, y=SHARES, bargap=0.3),
        "merge": "bars",
    }


def _cells(scored: Scored, _context: Context) -> Content:
    """Return the probabilities of some samples as cells, those of a class together."""
    order = np.argsort(scored.true, kind="stable")
    places = order[np.linspace(0, len(order) - 1, min(MOST_ROWS, len(order))).round().astype(int)]
    rows = [f"{scored.samples[place]} · {scored.title(scored.true[place])}" for place in places]
    drawn = heatmap(
        scored.probabilities[places],
        rows,
        scored.names,
        template="%{y}<br>%{x} %{z:.1%}",
        scale="counts",
        numbers=".0%",
    )
    drawn["meta"]["samples"] = [[[scored.samples[place]]] * len(scored.names) for place in places]
    evenly = ", evenly chosen" if len(places) < len(order) else ""
    return {
        "caption": f"{some_of(len(places), len(order))} samples{evenly}, by true class",
        "figure": figure(
            [drawn],
            height=max(170, 13 * len(places) + 60),
            x={"type": "category", "side": "top"},
            y={"type": "category", "autorange": "reversed", "nticks": 20},
        ),
    }


def _reliability(scored: Scored, context: Context) -> Content:
    """Return how often the model is right among samples of which it is equally sure."""
    known = np.flatnonzero(scored.known & np.isfinite(scored.confidence))
    if not known.size:
        raise ToolError("no selected sample has a class, true and predicted")
    edges = np.linspace(0, 1, int(context.settings["bins"]) + 1)
    bins = in_bins(scored.confidence[known], edges)
    filled = np.unique(bins)
    groups = [known[bins == b] for b in filled]
    sure = [float(scored.confidence[group].mean()) for group in groups]
    right = [float(scored.right[group].mean()) for group in groups]
    error = expected_error(sure, right, [len(group) for group in groups])
    samples = [[scored.samples[place] for place in group] for group in groups]
    return {
        "caption": f"expected calibration error {error:.1%} of {known.size:,} samples: above the line the "
        "model is right more often than it is sure, below it is too sure",
        "figure": figure(
            [diagonal(0, 1, "as sure as right"), _curve(sure, right, samples)],
            height=230,
            x={"title": {"text": "mean confidence"}, **SHARES},
            y={"title": {"text": "share right"}, **SHARES},
        ),
        "merge": "scatter",
    }


def in_bins(values: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the number of each value's bin; a bin holds its right edge."""
    return np.asarray(np.searchsorted(edges[1:-1], values))


def expected_error(sure: Sequence[float], right: Sequence[float], counts: Sequence[int]) -> float:
    """Return the mean distance of confidence and share right over the bins, weighted by their samples.

    Guo, Pleiss, Sun, Weinberger: On Calibration of Modern Neural Networks, ICML 2017, eq. 3.
    """
    return float(np.average(np.abs(np.subtract(sure, right)), weights=counts))


def _curve(sure: list[float], right: list[float], samples: list[list[int]]) -> Json:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": sure,
        "y": right,
        "text": [f"{len(each)} samples" for each in samples],
        "name": "model",
        "line": {"color": class_color(0), "width": 2},
        "marker": {"size": 8},
        "hovertemplate": "%{x:.1%} sure, %{y:.1%} right<br>%{text}<extra></extra>",
        "meta": {"samples": samples},
    }


_DRAWN = dict(zip((*VIEWS[:2], *VIEWS[3:]), (_by_class, _histogram, _cells, _reliability), strict=True))

CLASS_PROBABILITIES = Tool(
    name="class_probabilities",
    title="Class probabilities",
    icon="chart-donut",
    description="How sure the model is: the probability that samples are given for their own class, all "
    "probabilities of one sample, and whether the model is right as often as it is sure (reliability).",
    fits=tells_classes,
    draw=draw,
    settings=(
        MODEL,
        OUTPUT,
        Setting("show", "Show", "choice", VIEWS[0], choices=VIEWS),
        Setting("sample", "Sample", "number", 0, least=0, help="In the view of one sample: its number."),
        Setting("bins", "Bins", "number", 10, least=2, most=100),
    ),
    family="samples",
)
