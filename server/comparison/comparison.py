"""Two models side by side."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

import numpy as np

from inspectree.logger.errors import StoreError
from inspectree.logger.frozen import Frozen
from inspectree.server.comparison.change import Change, changes
from inspectree.server.comparison.layers import LayerChanges, layer_changes
from inspectree.server.comparison.sentences import sentences
from inspectree.server.model import Model
from inspectree.server.summary import summarise

CIRCUMSTANCES = frozenset(
    {
        "backend", "backend_version", "date", "devices", "git_commit", "git_dirty", "host", "keras",
        "python", "script",
    }
)  # fmt: skip
"""What is recorded beside the hyperparameters: where and when a model was trained."""

COUNTED = frozenset({"parameters", "trainable_parameters"})
"""Recorded hyperparameters that follow from the layers."""

DESCRIBING = ("class", "id", "y_label")
"""What is compared of the samples: not the inputs themselves, which may be large."""


When = Literal["best", "last"]


class ModelName(Frozen):
    """Which model it is, and what people call it."""

    id: str
    label: str


class Metric(Frozen):
    """A metric of the best checkpoint or of the last epoch; None where it was not recorded."""

    name: str
    when: When
    before: float | None
    after: float | None
    difference: float | None


class Comparison(Frozen):
    """What changed from one model to another; ``summary`` tells the most of it in short sentences.

    ``sizes`` are told whether they changed or not. ``same_classes`` and ``same_samples`` tell whether both
    were logged with the same; None where that is not known.
    """

    before: ModelName
    after: ModelName
    layers: LayerChanges
    hyperparameters: tuple[Change, ...]
    circumstances: tuple[Change, ...]
    metrics: tuple[Metric, ...]
    sizes: tuple[Change, ...]
    same_classes: bool
    same_samples: bool | None
    summary: tuple[str, ...]


def compare(a: Model, b: Model) -> Comparison:
    """Return what changed from ``a`` to ``b``."""
    layers, hyperparameters = changed_layers(a, b), changed_hyperparameters(a, b)
    return Comparison(
        before=ModelName(id=a.id, label=a.header.title),
        after=ModelName(id=b.id, label=b.header.title),
        layers=layers,
        hyperparameters=hyperparameters,
        circumstances=changes(_only(a, CIRCUMSTANCES), _only(b, CIRCUMSTANCES)),
        metrics=tuple(_metrics(a, b)),
        sizes=_sizes(a, b),
        same_classes=a.class_names == b.class_names,
        same_samples=_same_samples(a, b),
        summary=sentences(layers, hyperparameters),
    )


def changed_layers(a: Model, b: Model) -> LayerChanges:
    """Return what changed between the architectures, found once for each state of both models."""
    key = "layers since", a.id
    known = b.kept.get(key)
    if known is None or known[0] is not a.kept:
        known = b.kept[key] = a.kept, layer_changes(a.architecture, b.architecture)
    found: LayerChanges = known[1]
    return found


def changed_hyperparameters(a: Model, b: Model) -> tuple[Change, ...]:
    """Return how the training was set up differently."""
    left_out = CIRCUMSTANCES | COUNTED
    return changes(
        _only(a, a.hyperparameters.keys() - left_out), _only(b, b.hyperparameters.keys() - left_out)
    )


def _only(model: Model, names: Collection[str]) -> Mapping[str, Any]:
    return {name: value for name, value in model.hyperparameters.items() if name in names}


def _metrics(a: Model, b: Model) -> Iterator[Metric]:
    before, after = summarise(a), summarise(b)
    best, better = ({} if model.best is None else model.best.metrics for model in (before, after))
    told: dict[When, tuple[dict[str, float], dict[str, float]]] = {
        "best": (best, better),
        "last": (before.metrics, after.metrics),
    }
    for when, (old, new) in told.items():
        for name in dict.fromkeys([*old, *new]):
            x, y = old.get(name), new.get(name)
            difference = None if x is None or y is None else y - x
            yield Metric(name=name, when=when, before=x, after=y, difference=difference)


def _sizes(a: Model, b: Model) -> tuple[Change, ...]:
    """Return the models' sizes, FLOPs per sample, bytes on disk and seconds of training."""
    before, after = (_size(model) for model in (a, b))
    return tuple(Change(key=key, before=before[key], after=after[key]) for key in before)


def _size(model: Model) -> dict[str, Any]:
    about = summarise(model)
    return {
        "layers": about.layers,
        "parameters": about.parameters,
        "trainable parameters": about.trainable_parameters,
        "FLOPs": model.architecture.flops,
        "epochs": about.epochs,
        "seconds": about.seconds,
        "bytes": about.bytes,
    }


def _same_samples(a: Model, b: Model) -> bool | None:
    """Tell whether both were logged with the same samples, by their number, ids, labels and classes."""
    try:
        if _shapes(a) != _shapes(b):
            return False
        names = [name for name in DESCRIBING if name in a.samples]
        return all(np.array_equal(a.read_samples(name), b.read_samples(name)) for name in names)
    except StoreError:
        return None


def _shapes(model: Model) -> dict[str, Any]:
    return {name: (entry.dims, entry.shape) for name, entry in model.samples.items()}
