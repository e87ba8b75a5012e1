"""What goes in, what comes out, and what differs: of auto-encoders and image-to-image models."""

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.client import Client
from inspectree.dashboard.images import SIGNED, symmetric, uri
from inspectree.dashboard.samples import drawings
from inspectree.dashboard.samples.kinds import as_image, common_limits, flattened, kind_of, see
from inspectree.dashboard.tools.base import Column, Content, Context, Setting, Table, Tool, ToolError
from inspectree.dashboard.tools.charts.traces import thinned
from inspectree.dashboard.tools.questions.choosing import OUTPUT, choices, where
from inspectree.dashboard.tools.questions.predictions import outputs_of, predicted_of
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit

Values = NDArray[Any]

ORDERS = ("worst first", "best first", "as followed")
MEASURES = ("mean squared error", "mean absolute error")
MOST_VALUES = 1_000_000
"""Values that are compared: of large images with many samples some of these."""


@dataclass(frozen=True)
class Rebuilt:
    """What goes in, what should come out and what does (sample, …): the last two are of one shape."""

    samples: tuple[int, ...]
    given: Values
    wanted: Values
    found: Values
    by_labels: bool
    left_out: int

    @property
    def shows_input(self) -> bool:
        """Tell whether inputs are numbers, which can be drawn."""
        return self.given.dtype.kind in "biuf"

    def errors(self, measure: str) -> NDArray[np.float64]:
        """Return each sample's error (sample)."""
        differences = (self.found.astype(np.float64) - self.wanted).reshape(len(self.samples), -1)
        return np.asarray((differences**2 if measure == MEASURES[0] else np.abs(differences)).mean(axis=1))


def fits(unit: Unit) -> bool:
    """Tell whether a unit is a model of which something comes out as it went in, or an image."""
    if unit.kind != "model":
        return False
    if unit.outputs is None or unit.inputs is None:
        return unit.classes == 0
    return any(len(shape) > 1 or shape in unit.inputs for shape in unit.outputs)


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a row per sample: input, output, what differs, and how large the error is."""
    outputs = await outputs_of(client, unit.uoa, context)
    output = chosen(context.settings["output"], outputs)
    rebuilt = await _rebuilt(client, unit.uoa, context, output)
    measure = chosen(context.settings["measure"], MEASURES)
    errors = rebuilt.errors(measure)
    order = chosen(context.settings["order"], ORDERS)
    keys = dict(zip(ORDERS, (-errors, errors, np.arange(len(errors))), strict=True))
    shown = np.argsort(keys[order], kind="stable")[: int(context.settings["most"])]
    cut = f"{len(shown)} of {len(errors):,} samples, {order}" if len(shown) < len(errors) else order
    some = f" · {rebuilt.left_out:,} more are not looked at: they are large" if rebuilt.left_out else ""
    of = where(unit, unit.uoa, context, output)
    return {
        "caption": f"{measure}: mean {errors.mean():.4g}, median {np.median(errors):.4g} · "
        f"{cut}{some} · {of}",
        "table": _table(rebuilt, errors, shown, measure),
        "choices": choices(unit, context, outputs),
        "space": context.space(unit.uoa),
        "merge": "table",
    }


async def _rebuilt(client: Client, model: str, context: Context, output: str) -> Rebuilt:
    """Return what is predicted beside the labels of the same shape, or else an input of it.

    Raises
    ------
    ToolError
        When neither is of the same shape.
    """
    found = await predicted_of(client, model, context, output)
    kept = thinned(len(found.samples), max(1, MOST_VALUES // max(1, prod(found.values.shape[1:]))))
    samples = tuple(found.samples[place] for place in kept)
    values, labels = found.values.values[kept], found.labels
    given = (await client.samples(model, samples))["x"]
    same = [array for array in given.values() if array.size == values.size and array.dtype.kind in "biuf"]
    by_labels = labels is not None and labels.dtype.kind in "biuf" and labels[0].size == values[0].size
    if not by_labels and not same:
        shape = list(values.shape[1:])
        raise ToolError(f"{context.title(model)} gives out {shape}: neither inputs nor labels are such")
    own = same[0] if same else next(iter(given.values()))
    wanted = labels.values[kept] if by_labels and labels is not None else own.values
    left_out = len(found.samples) - len(samples)
    return Rebuilt(
        samples, own.values, wanted.reshape(values.shape), values, _differs(wanted, own.values), left_out
    )


def _differs(wanted: Values, given: Values) -> bool:
    """Tell whether what should come out is something else than what goes in."""
    return wanted.size != given.size or not np.array_equal(wanted.reshape(-1), given.reshape(-1))


def _table(rebuilt: Rebuilt, errors: NDArray[np.float64], shown: NDArray[np.intp], measure: str) -> Table:
    """Return the rows; what is beside each other is drawn on one scale."""
    columns = [Column(name="sample", title="Sample", kind="number")]
    columns += [Column(name="given", title="Input", kind="image")] * rebuilt.shows_input
    if rebuilt.by_labels:
        columns.append(Column(name="wanted", title="Wanted", kind="image"))
    columns += [
        Column(name="found", title="Output", kind="image"),
        Column(name="difference", title="Difference", kind="image"),
        Column(name="error", title=measure.capitalize(), kind="bar"),
    ]
    beside = [rebuilt.wanted, rebuilt.found]
    limits = common_limits(np.stack([values[shown] for values in beside])) if len(shown) else (0.0, 1.0)
    differences = rebuilt.found.astype(np.float64) - rebuilt.wanted
    widest = symmetric(differences[shown]) if len(shown) else (-1.0, 1.0)
    rows = []
    for place in shown:
        cells: list[Any] = [rebuilt.samples[place]]
        if rebuilt.shows_input:
            cells.append(seen(rebuilt.given[place], common_limits(rebuilt.given)))
        cells += [seen(rebuilt.wanted[place], limits)] * rebuilt.by_labels
        cells += [seen(rebuilt.found[place], limits), differing(differences[place], widest)]
        rows.append([*cells, float(errors[place])])
    return Table(columns=columns, rows=rows, samples=[rebuilt.samples[place] for place in shown])


def seen(values: Values, limits: tuple[float, float]) -> str:
    """Return one sample as an image between limits."""
    kind = kind_of(values.shape, values.dtype)
    if kind in {"series", "vector"}:
        return see(values, kind, limits)["src"]
    pixels = as_image(values) if kind == "image" else None
    return uri(_rows(values) if pixels is None else pixels, limits=limits)


def differing(values: Values, limits: tuple[float, float]) -> str:
    """Return what differs: images blue where too dark, red where too bright; others as they are."""
    kind = kind_of(values.shape, values.dtype)
    if kind == "vector":
        return drawings.bars(values.reshape(-1), limits)
    if kind == "series":
        return drawings.series(values, limits)
    pixels = as_image(values) if kind == "image" else None
    flat = _rows(values) if pixels is None else pixels.mean(axis=-1) if pixels.ndim == 3 else pixels
    return uri(flat, SIGNED, limits)


def _rows(values: Values) -> Values:
    return flattened(np.atleast_1d(values))


RECONSTRUCTION = Tool(
    name="reconstruction",
    title="Input, output, difference",
    icon="contrast",
    description="What an auto-encoder or an image-to-image model makes of samples: what goes in, what comes "
    "out, and where they differ, the largest error first.",
    fits=fits,
    draw=draw,
    settings=(
        OUTPUT,
        Setting("order", "Order", "choice", ORDERS[0], choices=ORDERS),
        Setting("measure", "Error", "choice", MEASURES[0], choices=MEASURES),
        Setting("most", "Most samples", "number", 24, least=1, most=200),
    ),
    family="samples",
)
