"""From raw values of variables to comparable scores of everything above them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import isnan
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from inspectree.logger.errors import StoreError
from inspectree.server.catalog import Experiment
from inspectree.server.errors import UnknownUnitError
from inspectree.server.interestingness.base import Measure, Variable
from inspectree.server.model import Model

Level = Literal["variable", "layer", "model", "experiment"]

ROBUST = (0.05, 0.95)
"""The quantiles of the deviations that become the scores 0 and 1: one outlier must not hide the rest."""


@dataclass(frozen=True)
class Score:
    """How interesting a unit of analysis is, from 0 to 1.

    ``type``, ``raw`` and ``baseline`` are the variable's own; above, those of the variable that the score
    comes from.
    """

    uoa: str
    level: Level
    type: str
    raw: float
    baseline: float
    score: float


def scores(
    experiments: Sequence[Experiment],
    measure: Measure,
    checkpoint: int | str = "last",
    models: Collection[str] | None = None,
) -> list[Score]:
    """Score every variable of the experiments' models, and everything above them by its highest one.

    ``models`` are the ids of those that are compared; None stands for all. Scores are comparable within
    a variable type only: there the deviations from the baseline are scaled to 0…1. Where nothing deviates
    from the rest all are 0; what is infinite is 1; what has no raw value has no score.
    """
    raw = [
        (Place(experiment, model, variable), _raw(measure, variable))
        for experiment in experiments
        for model in experiment.models
        if models is None or model.id in models
        for variable in _variables(model, measure, checkpoint)
    ]
    known = sorted((item for item in raw if not isnan(item[1])), key=lambda item: item[0].variable.type)
    found: dict[str, Score] = {}
    for _, group in groupby(known, key=lambda item: item[0].variable.type):
        for place, score in _normalised(list(group), measure):
            for name, level in place.upwards():
                if name not in found or score.score > found[name].score:
                    found[name] = replace(score, uoa=name, level=level)
    return list(found.values())


@dataclass(frozen=True)
class Place:
    """Where a variable is."""

    experiment: Experiment
    model: Model
    variable: Variable

    def upwards(self) -> Iterator[tuple[str, Level]]:
        """Yield the variable's address and those of everything that contains it."""
        entry, number = self.variable.entry, self.variable.checkpoint.number
        yield f"{self.model.id}@{number}/{entry.path}", "variable"
        names = entry.layer.split("/")
        for depth in range(len(names), 0, -1):
            yield "/".join([self.model.id, *names[:depth]]), "layer"
        yield self.model.id, "model"
        yield self.experiment.id, "experiment"


def _variables(model: Model, measure: Measure, wanted: int | str) -> Iterator[Variable]:
    """Yield what the measure speaks of; of a model without such a readable checkpoint, nothing."""
    try:
        checkpoint, initial = model.checkpoint(wanted), model.checkpoint("first")
    except (UnknownUnitError, StoreError):
        return
    nodes = model.architecture.by_id
    for path, entry in checkpoint.entries.items():
        node = nodes.get(entry.layer)
        if node is None or node.kind == "input" or entry.kind not in measure.kinds:
            continue
        if path in checkpoint.statistics:
            yield Variable(node, entry, checkpoint, initial)


def _raw(measure: Measure, variable: Variable) -> float:
    """Return a measure's value, which is computed once: neither checkpoint will change."""
    measured, key = variable.checkpoint.measured, (measure.name, variable.entry.path)
    if key not in measured:
        measured[key] = measure.raw(variable)
    return measured[key]


def _normalised(known: list[tuple[Place, float]], measure: Measure) -> Iterable[tuple[Place, Score]]:
    raw = np.array([value for _, value in known])
    baseline = _median(raw) if measure.baseline is None else measure.baseline
    for (place, value), score in zip(known, scaled(np.abs(raw - baseline)), strict=True):
        yield place, Score("", "variable", place.variable.type, value, baseline, float(score))


def _median(raw: NDArray[np.float64]) -> float:
    """Return the median of the finite values, 0 where there are none: a diverged model is no baseline."""
    finite = raw[np.isfinite(raw)]
    return float(np.median(finite)) if finite.size else 0.0


def scaled(deviations: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return deviations between 0 and 1 by the robust range of the finite ones; infinite ones are 1.

    The finite ones are 0 where they are all the same.
    """
    finite = np.isfinite(deviations)
    between = np.ones_like(deviations)
    if finite.any():
        low, high = np.quantile(deviations[finite], ROBUST)
        span = high - low
        between[finite] = ((deviations[finite] - low) / span).clip(0, 1) if span > 0 else 0
    return between
