"""What a model says of the samples that it followed, beside what is true."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Context, ToolError
from inspectree.dashboard.tools.questions.following import NO_CLASS, NO_SAMPLE
from inspectree.dashboard.tools.questions.source import class_selection
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import at

PREDICTION = "y_prediction"
ROUNDING = 1e-2
"""How far shares that were rounded to half precision may be from adding up to 1."""

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Predicted:
    """One output of a model for the samples that are selected, and their labels: both (sample, …).

    ``labels`` is None where there are none; ``names`` are the outputs', of which this one is ``name``.
    """

    name: str
    names: tuple[str, ...]
    samples: tuple[int, ...]
    values: xr.DataArray
    labels: xr.DataArray | None


@dataclass(frozen=True)
class Scored:
    """Probabilities (sample, class), true and predicted classes (sample) by index; −1: none."""

    samples: tuple[int, ...]
    names: tuple[str, ...]
    probabilities: Floats
    true: Integers
    predicted: Integers
    how: str = ""

    @property
    def known(self) -> NDArray[np.bool_]:
        """Return which samples have a class and are predicted one (sample)."""
        return np.asarray((self.true != NO_CLASS) & (self.predicted != NO_CLASS))

    @property
    def right(self) -> NDArray[np.bool_]:
        """Return which samples are predicted their own class (sample)."""
        return np.asarray(self.known & (self.true == self.predicted))

    @property
    def wrong(self) -> NDArray[np.bool_]:
        """Return which samples are predicted another class than theirs (sample)."""
        return np.asarray(self.known & (self.true != self.predicted))

    @property
    def confidence(self) -> Floats:
        """Return the probability of the predicted class (sample)."""
        return _picked(self.probabilities, self.predicted)

    @property
    def of_true(self) -> Floats:
        """Return the probability of the true class (sample); NaN without one."""
        return _picked(self.probabilities, self.true)

    def title(self, index: int) -> str:
        """Return the name of a class, or what stands for none."""
        return self.names[index] if index != NO_CLASS else "none"


async def outputs_of(client: Client, model: str, context: Context) -> list[str]:
    """Return the names of a model's outputs; a single one has an empty one.

    Raises
    ------
    ToolError
        When the checkpoint holds no predictions.
    """
    told = context.models[model]["outputs"]
    if told is not None and len(told) == 1:
        return [""]
    catalogue = await client.catalogue(model, context.number(model))
    paths = [path for path, about in catalogue["variables"].items() if about["kind"] == "prediction"]
    if not paths:
        raise ToolError(f"{context.title(model)} has no predictions at checkpoint {context.number(model)}")
    return [path.removeprefix(PREDICTION).removeprefix("/") for path in paths]


async def predicted_of(
    client: Client, model: str, context: Context, output: str = "", *, labels: bool = True
) -> Predicted:
    """Return what a model's output says of the selected samples; the first output where it has no such."""
    names = await outputs_of(client, model, context)
    name = chosen(output, names)
    unit = Unit(model, "model", context.title(model))
    uoa = at(f"{model}/{PREDICTION}" + (f"/{name}" if name else ""), context.number(model))
    values = await client.values(uoa, class_selection(unit, context))
    if not values.sizes["sample"]:
        raise ToolError(NO_SAMPLE)
    samples = tuple(int(sample) for sample in values["sample"].values)
    known = (await client.samples(model, inputs=False))["y_label"] if labels else {}
    label = label_of(known, name, names)
    if label is not None and max(samples) >= label.sizes["sample"]:
        most = label.sizes["sample"]
        raise ToolError(f"labels of the first {most:,} samples are known at most: filter by some of these")
    kept = None if label is None else label.isel(sample=list(samples))
    return Predicted(name, tuple(names), samples, values, kept)


def label_of(labels: Mapping[str, xr.DataArray], output: str, outputs: Sequence[str]) -> xr.DataArray | None:
    """Return the labels of an output: those of its name, else those in its place."""
    if output in labels:
        return labels[output]
    given = list(labels.values())
    return given[outputs.index(output)] if len(given) == len(outputs) else None


async def scored_of(client: Client, model: str, context: Context, output: str = "") -> Scored:
    """Return the class probabilities that a model's output gives the selected samples.

    Raises
    ------
    ToolError
        When the output tells no classes apart.
    """
    classes = context.all_classes(model)
    if not classes:
        raise ToolError(f"{context.title(model)} was logged without classes")
    several = len(await outputs_of(client, model, context)) > 1
    found = await predicted_of(client, model, context, output, labels=several)
    if "predicted" in found.values.coords:
        return _of_classifier(found, classes)
    return _of_output(found, classes, context.title(model))


async def class_outputs(client: Client, model: str, context: Context) -> list[str]:
    """Return the outputs among which the classes' can be chosen: none where there is only one."""
    names = await outputs_of(client, model, context)
    return names if len(names) > 1 else []


async def class_output(client: Client, model: str, context: Context) -> tuple[list[str], str]:
    """Return `class_outputs`, and the one that a widget is of; empty where there is no choice."""
    outputs = await class_outputs(client, model, context)
    return outputs, chosen(context.settings["output"], outputs) if outputs else ""


def _of_classifier(found: Predicted, classes: Sequence[str]) -> Scored:
    """Return what the server tells: true and predicted classes by their names."""
    index = {name: number for number, name in enumerate(classes)}
    true, predicted = (
        np.array([index.get(str(name), NO_CLASS) for name in found.values[coordinate].values], np.int64)
        for coordinate in ("class", "predicted")
    )
    probabilities, how = as_probabilities(found.values.values)
    return Scored(found.samples, tuple(classes), probabilities, true, predicted, how)


def _of_output(found: Predicted, classes: Sequence[str], title: str) -> Scored:
    """Return the classes of one of several outputs, as its labels tell them."""
    scores, labels = found.values.values, None if found.labels is None else found.labels.values
    count = 2 if scores.size == len(scores) else scores.shape[1] if scores.ndim == 2 else 0
    true = None if labels is None else _indices(labels, count)
    if true is None:
        other = f"; choose another of {', '.join(found.names)}" if len(found.names) > 1 else ""
        name = f"the output {found.name} of {title}" if found.name else title
        raise ToolError(f"{name} tells no classes apart{other}")
    names = tuple(classes) if len(classes) == count else tuple(map(str, range(count)))
    probabilities, how = as_probabilities(scores)
    predicted = np.where(np.isnan(probabilities).any(axis=1), NO_CLASS, probabilities.argmax(axis=1))
    return Scored(found.samples, names, probabilities, true, predicted.astype(np.int64), how)


def _indices(labels: NDArray[Any], count: int) -> Integers | None:
    """Return the classes that labels tell, of so many: numbers or one-hot rows; None where they tell none."""
    if labels.dtype.kind not in "biuf" or count < 2:
        return None
    if labels.ndim == 2 and labels.shape[1] == count > 1 and (labels.sum(axis=1) == 1).all():
        return np.asarray(labels.argmax(axis=1), np.int64)
    flat = labels.reshape(len(labels), -1)
    if flat.shape[1] != 1 or not np.isin(flat, np.arange(NO_CLASS, count)).all():
        return None
    return flat[:, 0].astype(np.int64)


def as_probabilities(scores: NDArray[Any]) -> tuple[Floats, str]:
    """Return scores (sample, class), or (sample[, 1]) of two classes, as shares; and what was done."""
    rows = scores.reshape(len(scores), -1).astype(np.float64)
    finite = rows[np.isfinite(rows).all(axis=1)]
    shares = bool(((finite >= 0) & (finite <= 1 + ROUNDING)).all())
    if rows.shape[1] == 1:
        second = rows[:, 0] if shares else 1 / (1 + np.exp(-rows[:, 0]))
        return np.stack([1 - second, second], axis=1), "" if shares else "by sigmoid of the scores"
    if shares and np.allclose(finite.sum(axis=1), 1, atol=ROUNDING):
        return rows, ""
    grown = np.exp(rows - rows.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True), "by softmax of the scores"


def _picked(probabilities: Floats, classes: Integers) -> Floats:
    """Return each row's value of its class; NaN without one."""
    picked = probabilities[np.arange(len(classes)), classes]
    return np.asarray(np.where(classes == NO_CLASS, np.nan, picked))
