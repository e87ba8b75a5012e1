"""From what a measure sees to comparable scores of everything above it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf, isnan
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from inspectree.server.interestingness.baseline import Baseline
from inspectree.server.interestingness.distribution import Distribution
from inspectree.server.interestingness.divergence import Divergence
from inspectree.server.interestingness.observed import known
from inspectree.server.interestingness.subjects import Subject, Variable
from inspectree.server.interestingness.survey import Expected, Observation, Survey

Level = Literal["variable", "layer", "model", "experiment"]

ROBUST = (0.05, 0.95)
"""The quantiles of the deviations that become the scores 0 and 1: one outlier must not hide the rest."""


class Score(NamedTuple):
    """How interesting a unit of analysis is, from 0 to 1.

    ``type``, ``raw``, ``baseline`` with what it is ``against``, and ``deviation`` are those of the variable
    or layer; above, those of the one that the score comes from.
    """

    uoa: str
    level: Level
    type: str
    raw: float
    baseline: float
    against: str
    deviation: float
    score: float


class Unscored(NamedTuple):
    """Why some have no score: how many, and the first of them."""

    why: str
    number: int
    first: str


class Deviation(NamedTuple):
    """How far a subject is from what was expected of it."""

    subject: Subject
    raw: float
    expected: float
    against: str
    distance: float


@dataclass(frozen=True)
class Scores:
    """The scores of an answer, and what has none."""

    scores: list[Score]
    unscored: list[Unscored]


@np.errstate(all="ignore")  # of the largest numbers that there are, sums and differences are infinite
def scored(survey: Survey, baseline: Baseline, divergence: Divergence) -> Scores:
    """Score everything that a survey has seen, and what is above it by its highest part.

    Scores are comparable within a type only: there the deviations from the baseline are scaled to 0…1.
    Where nothing deviates from the rest all are 0; what is infinite is 1; what has no value or baseline has
    no score.
    """
    observations = survey.observations()
    expected = baseline.expected(survey)
    found, unscored = [], Missing()
    for observation, each in zip(observations, expected, strict=True):
        if not known(observation.value):
            unscored.add(survey.measure.without, observation.subject.address)
        elif not known(each.value):
            unscored.add(baseline.without, observation.subject.address)
        else:
            found.append(_deviation(observation, each, divergence))
    unseen = survey.unseen
    for model in survey.models:
        if model.id in unseen:
            unscored.add(unseen[model.id], model.id)
    experiments = {m.id: e.id for e in survey.catalog.experiments for m in e.models}
    return Scores(propagated(_normalised(found), experiments), unscored.told())


def _deviation(observation: Observation, expected: Expected, divergence: Divergence) -> Deviation:
    """Return how far is what was seen; of distributions this is the value, too, and 0 is expected."""
    subject, value = observation
    distance = divergence.between(value, expected.value)
    distance = inf if isnan(distance) else distance
    if isinstance(value, Distribution) or isinstance(expected.value, Distribution):
        return Deviation(subject, distance, 0.0, expected.about, distance)
    return Deviation(subject, value, expected.value, expected.about, distance)


class Missing:
    """What has no score, by the reason."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def add(self, why: str, address: str) -> None:
        """Note one more."""
        self._counts[why] += 1
        self._first.setdefault(why, address)

    def told(self) -> list[Unscored]:
        """Return the reasons."""
        return [Unscored(why, count, self._first[why]) for why, count in self._counts.items()]


def _normalised(deviations: list[Deviation]) -> Iterator[tuple[Subject, Score]]:
    """Yield a score for each, scaled among those of its type."""
    types = np.array([each.subject.type for each in deviations], dtype=object)
    distances = np.array([each.distance for each in deviations], np.float64)
    between = np.zeros(len(deviations))
    for type_ in dict.fromkeys(types.tolist()):
        alike = types == type_
        between[alike] = scaled(distances[alike])
    for each, score in zip(deviations, between.tolist(), strict=True):
        level: Level = "variable" if isinstance(each.subject, Variable) else "layer"
        subject, raw, expected, against, distance = each
        yield subject, Score(subject.address, level, subject.type, raw, expected, against, distance, score)


def propagated(scores: Iterable[tuple[Subject, Score]], experiments: dict[str, str]) -> list[Score]:
    """Return the scores, and those of everything that contains them: the highest of its parts'."""
    lowest, highest = [], Highest()
    layers: dict[tuple[str, str], Score] = {}
    for subject, score in scores:
        lowest.append(score)
        place = subject.model.id, subject.node.id
        if place not in layers or _rank(score) > _rank(layers[place]):
            layers[place] = score
    for (model, layer), score in layers.items():
        for address, level in _upwards(model, layer, experiments[model]):
            highest.add(address, level, score)
    return [*(score for score in lowest if score.level == "variable"), *highest.scores()]


class Highest:
    """The highest score of the parts of each unit."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[Level, Score]] = {}

    def add(self, address: str, level: Level, score: Score) -> None:
        """Take a part's score where it is the highest so far."""
        if address not in self._found or _rank(score) > _rank(self._found[address][1]):
            self._found[address] = level, score

    def scores(self) -> Iterator[Score]:
        """Yield the score of each unit."""
        for address, (level, score) in self._found.items():
            yield score._replace(uoa=address, level=level)


def _rank(score: Score) -> tuple[float, float]:
    return score.score, score.deviation


def _upwards(model: str, layer: str, experiment: str) -> Iterator[tuple[str, Level]]:
    """Yield the address of a layer and those of everything that contains it."""
    names = [model, *layer.split("/")]
    for depth in range(len(names), 1, -1):
        yield "/".join(names[:depth]), "layer"
    yield model, "model"
    yield experiment, "experiment"


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
