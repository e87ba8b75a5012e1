"""Which classes a model takes for which."""

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool
from inspectree.dashboard.tools.charts.figures import figure, heatmap
from inspectree.dashboard.tools.questions.choosing import (
    MODEL,
    OUTPUT,
    choices,
    model_of,
    tells_classes,
    where,
)
from inspectree.dashboard.tools.questions.predictions import Scored, class_output, scored_of
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit

NORMALISED = ("counts", "shares of the true class", "shares of the predicted class")
MOST_WRITTEN = 12
"""Classes of a matrix with a number in each cell."""

ROW = 22


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the counts of the selected samples; rows are the true classes, cells link their samples."""
    model = model_of(unit, context, classes=True)
    outputs, output = await class_output(client, model, context)
    scored = await scored_of(client, model, context, output)
    rows = [name for name in scored.names if name not in context.off]
    counts = counted(scored)[[scored.names.index(name) for name in rows]]
    right, total = int(scored.right.sum()), int(scored.known.sum())
    share = right / max(total, 1)
    how = chosen(context.settings["normalise"], NORMALISED)
    of = where(unit, model, context, output)
    return {
        "caption": f"{right:,} of {total:,} samples right ({share:.1%}) · {of}",
        "figure": cells(counts, rows, scored, how),
        "choices": choices(unit, context, outputs, classes=True),
        "space": context.space(model),
    }


def counted(scored: Scored) -> NDArray[np.int64]:
    """Return how many samples there are of each true (rows) and predicted class (columns)."""
    size = len(scored.names)
    counts = np.zeros((size, size), np.int64)
    np.add.at(counts, (scored.true[scored.known], scored.predicted[scored.known]), 1)
    return counts


def cells(counts: NDArray[np.int64], rows: list[str], scored: Scored, how: str) -> Json:
    """Return counts (true, predicted) as cells with the samples in each."""
    shown = normalised(counts, how)
    share = how != NORMALISED[0]
    matrix = heatmap(
        shown,
        rows,
        scored.names,
        template="true %{y}<br>predicted %{x}<br>%{z:" + (".1%" if share else ",") + "}",
        scale="counts",
    )
    matrix["meta"]["samples"] = _samples(rows, scored)
    if len(scored.names) <= MOST_WRITTEN:
        matrix["text"] = [
            [f"{cell:.0%}" if share else f"{cell}" if cell else "" for cell in row] for row in shown
        ]
        matrix["texttemplate"] = "%{text}"
    return figure(
        [matrix],
        height=max(200, ROW * len(rows) + 60),
        x={"type": "category", "title": {"text": "predicted"}},
        y={"type": "category", "autorange": "reversed", "title": {"text": "true"}},
    )


def normalised(counts: NDArray[np.int64], how: str) -> NDArray[np.generic]:
    """Return counts, or their shares of the row's or the column's sum; 0 where that is 0."""
    if how == NORMALISED[0]:
        return counts
    axis = 1 if how == NORMALISED[1] else 0
    return np.asarray(counts / counts.sum(axis=axis, keepdims=True).clip(1))


def _samples(rows: list[str], scored: Scored) -> list[list[list[int]]]:
    """Return the samples of each cell."""
    numbers = np.array(scored.samples)
    return [
        [
            numbers[(scored.true == scored.names.index(name)) & (scored.predicted == column)].tolist()
            for column in range(len(scored.names))
        ]
        for name in rows
    ]


CONFUSION_MATRIX = Tool(
    name="confusion_matrix",
    title="Confusion matrix",
    icon="table",
    description="How many samples of each true class the model takes for which class. Click a cell to select "
    "its samples.",
    fits=tells_classes,
    draw=draw,
    settings=(
        MODEL,
        OUTPUT,
        Setting("normalise", "Numbers are", "choice", NORMALISED[0], choices=NORMALISED),
    ),
    family="samples",
)
