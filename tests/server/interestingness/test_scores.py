"""From deviations to scores."""

from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from inspectree.logger.header import Header
from inspectree.logger.statistics import Statistics
from inspectree.logger.store.writer import ModelWriter
from inspectree.server import Store, open_store
from inspectree.server.interestingness import MEASURES
from inspectree.server.interestingness.baselines.layers import Layers
from inspectree.server.interestingness.divergences.absolute import Absolute
from inspectree.server.interestingness.measure import StatisticsMeasure
from inspectree.server.interestingness.scores import Score, scaled, scored
from inspectree.server.interestingness.subjects import Variable
from inspectree.server.interestingness.survey import Survey

VARIANCE = MEASURES[0]


def scores(store: Store, measure: Any = VARIANCE, models: Any = None) -> list[Score]:
    chosen = tuple(store.models) if models is None else tuple(store[name] for name in models)
    return scored(Survey(measure, store.catalog, "last", chosen, measure.kinds), Layers(), Absolute()).scores


def test_only_the_models_asked_for_are_compared(store: Store) -> None:
    assert {
        score.uoa for score in scores(store, models=["child"]) if score.level in {"model", "experiment"}
    } == {
        "bbbb0000-child",
        "experiment:aaaa0000-root",
    }


@pytest.mark.parametrize(
    ("deviations", "expected"),
    [
        ([3, 3, 3], [0, 0, 0]),
        ([7], [0]),
        ([0, 10], [0, 1]),
        ([0, 5, 10], [0, 0.5, 1]),
        ([0, np.inf, 10], [0, 1, 1]),
        ([3, np.inf, 3], [0, 1, 0]),
        ([np.inf], [1]),
        ([], []),
    ],
)
def test_deviations_are_scaled_by_their_own_range(deviations: list[float], expected: list[float]) -> None:
    np.testing.assert_allclose(scaled(np.array(deviations, float)), expected, atol=0.06)


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_scaling_keeps_the_order(deviations: list[float]) -> None:
    order = np.argsort(deviations)
    assert (np.diff(scaled(np.array(deviations))[order]) >= 0).all()


def test_one_outlier_does_not_hide_the_rest() -> None:
    assert scaled(np.array([*range(40), 1e9]))[20] > 0.3


def test_a_score_comes_from_the_part_that_deviates_most_also_among_those_that_score_1(
    tmp_path: Path, plant: Any
) -> None:
    """The highest twentieth scores 1: of three of sixty the model's is the farthest one's."""
    spread = {"a30": 30.0, "a31": 200.0, "a32": 90.0}
    layers = {
        f"a{index}": {"kernel": np.array([[-1, 1]], np.float32) * spread.get(f"a{index}", 1 + index / 100)}
        for index in range(60)
    }
    plant("wide", layers)
    found = {score.uoa: score for score in scores(open_store(tmp_path))}
    assert [found[f"wide-0000@0/a{index}/kernel"].score for index in (30, 31, 32)] == [1, 1, 1]
    assert found["wide-0000"].raw == pytest.approx(200.0**2)


@pytest.mark.parametrize("diverged", [1, 3])
def test_a_diverged_model_does_not_take_the_scores_of_the_others(
    tmp_path: Path, write_model: Callable[..., ModelWriter], diverged: int
) -> None:
    """Its infinite values score 1, also where most models have diverged; the others keep their order."""
    for number in range(4):
        write_model(tmp_path, Header(id=f"good{number}", name=f"good{number}"), (0, 1), seed=number)
    alone = model_scores(open_store(tmp_path), Growth())
    for number in range(diverged):
        write_model(tmp_path, Header(id=f"bad{number:05}", name=f"bad{number}"), (0,), seed=9)
    store = open_store(tmp_path)
    found = model_scores(store, Growth())
    assert {found[model.id] for model in store.models if model.header.name.startswith("bad")} == {1}
    assert {name: found[name] for name in alone} == pytest.approx(alone)
    assert max(alone.values()) == 1


class Growth(StatisticsMeasure):
    """The variance, infinite in a model that did not get beyond its first checkpoint."""

    name = "growth"
    title = "Growth"
    description = "The variance."

    @override
    def of(self, statistics: Statistics, variable: Variable) -> float:
        return statistics.variance if variable.moment.checkpoint.number else inf


def model_scores(store: Store, measure: StatisticsMeasure) -> dict[str, float]:
    return {score.uoa: score.score for score in scores(store, measure) if score.level == "model"}
