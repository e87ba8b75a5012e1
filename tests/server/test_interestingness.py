"""Measures, and the scores made of them."""

from collections.abc import Callable
from math import inf, isnan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from typing_extensions import override

from inspectree.logger.architecture.model_graph import Node
from inspectree.logger.header import Header
from inspectree.logger.statistics import describe
from inspectree.logger.store.writer import ModelWriter
from inspectree.server import Store, open_store
from inspectree.server.interestingness import MEASURES, Measure
from inspectree.server.interestingness.base import Variable
from inspectree.server.interestingness.saturation import activation, saturated_share
from inspectree.server.interestingness.scores import scaled, scores

BY_NAME = {measure.name: measure for measure in MEASURES}

each_measure = pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)


def variable(store: Store, path: str, checkpoint: int = 3) -> Variable:
    model = store["root"]
    at = model.checkpoint(checkpoint)
    entry = at.entry(path)
    return Variable(model.architecture.by_id[entry.layer], entry, at, model.checkpoint("first"))


@each_measure
def test_it_is_described(measure: Measure) -> None:
    assert measure.title
    assert measure.description.endswith(".")
    assert measure.kinds <= {"weights", "activations"}


@each_measure
def test_scores_lie_between_0_and_1_and_propagate_by_the_maximum(store: Store, measure: Measure) -> None:
    found = {score.uoa: score for score in scores(store.experiments, measure)}
    assert len({score.uoa for score in found.values()}) == len(found)
    assert all(0 <= score.score <= 1 for score in found.values())
    variables = [score for score in found.values() if score.level == "variable"]
    for model in store.models:
        own = [score for score in variables if score.uoa.startswith(f"{model.id}@3/")]
        assert found[model.id].score == max(score.score for score in own)
        for score in own:
            layer = score.uoa.rpartition("/")[0].replace("@3", "")
            assert found[layer].score >= score.score
    assert found["experiment:aaaa0000-root"].score == max(score.score for score in variables)


@pytest.mark.parametrize(
    ("name", "oracle"),
    [
        ("variance", np.var),
        ("skew", lambda values: stats.skew(values, axis=None)),
        ("kurtosis", lambda values: stats.kurtosis(values, axis=None)),
        ("minimum", np.min),
        ("maximum", np.max),
        ("sparsity", lambda values: np.mean(values == 0)),
    ],
)
def test_raw_values_are_scipys(store: Store, name: str, oracle: Any) -> None:
    kernel = variable(store, "conv/kernel")
    values = kernel.checkpoint["conv/kernel"].values.astype(np.float64)
    np.testing.assert_allclose(BY_NAME[name].raw(kernel), oracle(values), rtol=1e-6)


def test_saturation_by_hand() -> None:
    """Of a tanh, values beyond ±0.9 count: the outer 5 % of a range of 2."""
    values = np.concatenate([np.linspace(-1, -0.95, 30), np.linspace(-0.5, 0.5, 40), np.full(30, 0.99)])
    assert saturated_share(describe(values), -1, 1) == pytest.approx(0.6, abs=0.01)


@given(st.lists(st.floats(0, 1, width=16), min_size=1))
def test_saturation_is_a_share(values: list[float]) -> None:
    share = saturated_share(describe(values), 0, 1)
    assert -1e-9 <= share <= 1 + 1e-9


def test_only_bounded_activations_saturate(store: Store) -> None:
    assert BY_NAME["saturation"].raw(variable(store, "conv/activations")) > 0.3
    assert isnan(BY_NAME["saturation"].raw(variable(store, "dense/activations")))


@pytest.mark.parametrize(
    ("config", "type_", "name"),
    [
        ({"activation": "tanh"}, "Dense", "tanh"),
        ({"activation": {"class_name": "function", "config": "sigmoid"}}, "Dense", "sigmoid"),
        ({}, "Tanh", "tanh"),
        ({}, "Flatten", "flatten"),
    ],
)
def test_the_activation_is_found_in_the_configuration_or_the_type(config: Any, type_: str, name: str) -> None:
    assert activation(Node(id="a", kind="layer", type=type_, name="a", config=config)) == name


def test_change_is_relative_to_the_beginning(store: Store) -> None:
    checkpoints = store["root"].checkpoints
    first, last = (checkpoints[number]["dense/kernel"].values.astype(float) for number in (0, 3))
    expected = np.linalg.norm(last - first) / np.linalg.norm(first)
    assert BY_NAME["change"].raw(variable(store, "dense/kernel")) == pytest.approx(expected)
    assert BY_NAME["change"].raw(variable(store, "dense/kernel", 0)) == 0
    assert isnan(BY_NAME["change"].raw(variable(store, "dense/bias"))), "it began as zeros"


def test_only_the_models_asked_for_are_compared(store: Store) -> None:
    found = scores(store.experiments, BY_NAME["variance"], models={"bbbb0000-child"})
    assert {score.uoa for score in found if score.level in {"model", "experiment"}} == {
        "bbbb0000-child",
        "experiment:aaaa0000-root",
    }


def test_a_model_without_that_checkpoint_has_no_scores(store: Store) -> None:
    assert scores(store.experiments, BY_NAME["variance"], 77) == []


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
    ],
)
def test_deviations_are_scaled_by_their_own_range(deviations: list[float], expected: list[float]) -> None:
    np.testing.assert_allclose(scaled(np.array(deviations, float)), expected, atol=0.06)


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_scaling_keeps_the_order(deviations: list[float]) -> None:
    order = np.argsort(deviations)
    assert (np.diff(scaled(np.array(deviations))[order]) >= 0).all()


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


class Growth(Measure):
    """The variance, infinite in a model that did not get beyond its first checkpoint."""

    name = "growth"
    title = "Growth"
    description = "The variance."

    @override
    def raw(self, variable: Variable) -> float:
        return variable.statistics.variance if variable.checkpoint.number else inf


def model_scores(store: Store, measure: Measure) -> dict[str, float]:
    found = scores(store.experiments, measure)
    return {score.uoa: score.score for score in found if score.level == "model"}


def test_one_outlier_does_not_hide_the_rest() -> None:
    result = scaled(np.array([*range(40), 1e9]))
    assert result[20] > 0.3
