"""Whatever a store or a question holds: an answer, or an error that says what was wrong."""

from contextlib import suppress
from itertools import product
from math import inf, isnan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node
from inspectree.logger.errors import InspectreeError
from inspectree.server import Store, open_store
from inspectree.server.interestingness import BASELINES, DIVERGENCES, MEASURES
from inspectree.server.interestingness.asking import Question, interestingness
from inspectree.server.interestingness.initializers import initial
from inspectree.server.interestingness.listing import kind_of
from inspectree.server.interestingness.sequences.words import paths

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)

CLASSES = [
    "GlorotUniform",
    "VarianceScaling",
    "random_normal",
    "RandomUniform",
    "Constant",
    "Orthogonal",
    "Zeros",
]
SETTINGS = ["mean", "stddev", "minval", "maxval", "scale", "mode", "distribution", "value", "gain"]


@given(
    st.sampled_from(CLASSES),
    st.dictionaries(st.sampled_from([*SETTINGS, "input_axes", "output_axes"]), ANYTHING, max_size=4),
    st.lists(st.integers(0, 5), max_size=4),
)
def test_an_initializer_that_is_not_as_keras_writes_it_is_not_known(
    class_: str, settings: dict[str, Any], shape: list[int]
) -> None:
    config = {"kernel_initializer": {"class": class_, **settings}}
    found = initial(Node(id="a", kind="layer", type="Dense", name="a", config=config), "kernel", tuple(shape))
    assert found is None or found[0].variance >= 0 or isnan(found[0].variance)


@given(st.dictionaries(st.sampled_from(["kernel_initializer", "unit_forget_bias"]), ANYTHING))
def test_a_configuration_may_hold_anything(config: dict[str, Any]) -> None:
    initial(Node(id="a", kind="layer", type="Dense", name="a", config=config), "kernel", (3, 3))


NAMES = st.sampled_from(["a", "b", "c", "d", "d/e", "nowhere"])


@given(st.lists(st.tuples(NAMES, NAMES), max_size=12))
def test_edges_may_lead_anywhere(edges: list[tuple[str, str]]) -> None:
    """In circles, to themselves, out of groups, to nodes that there are not."""
    nodes = [Node(id=each, kind="layer", type="Dense", name=each) for each in "abcd"]
    nodes.append(Node(id="d/e", kind="layer", type="ReLU", name="e", parent="d"))
    joined = tuple(Edge(source=a, target=b) for a, b in edges)
    graph = ModelGraph(name="m", type="Model", framework="keras", nodes=tuple(nodes), edges=joined)
    for leading in paths(graph).values():
        assert len(set(leading)) == len(leading) > 0


def test_the_largest_numbers_that_there_are(tmp_path: Path, plant: Any) -> None:
    """Sums, squares and differences of them overflow: what deviates infinitely scores 1."""
    most = np.finfo(np.float64).max
    layers = {
        "usual": {"kernel": np.eye(4), "activations": np.eye(30)[:, :4]},
        "huge": {"kernel": np.array([[most, -most], [most / 2, 0]]), "activations": np.full((30, 2), most)},
        "more": {"kernel": np.full((2, 2), most / 3), "activations": np.eye(30)[:, :2] * -most},
        "tiny": {"kernel": np.full((2, 2), 5e-324), "activations": np.eye(30)[:, :2] * 5e-324},
    }
    plant("m", layers, layers, classes=np.arange(30) % 3)
    store = open_store(tmp_path)
    for measure, baseline, divergence in product(MEASURES, BASELINES, DIVERGENCES):
        if baseline.fits(measure) and divergence.fits(measure):
            example = {**baseline.example, **({"uoa": "m"} if kind_of(baseline) == "uoa" else {})}
            question = {"measure": measure.name, "baseline": example, "divergence": divergence.name}
            answer = interestingness(store.catalog, Question.model_validate(question))
            for score in answer["scores"]:
                assert 0 <= score["score"] <= 1, question
                assert 0 <= score["deviation"] <= inf, question


JSON_QUESTIONS = st.fixed_dictionaries(
    {"measure": st.sampled_from([each.name for each in MEASURES]) | ANYTHING},
    optional={
        "models": ANYTHING | st.just(["root"]),
        "checkpoint": st.sampled_from(["best", "first", 0, 2]) | ANYTHING,
        "baseline": ANYTHING
        | st.fixed_dictionaries(
            {"kind": st.sampled_from([kind_of(each) for each in BASELINES]) | ANYTHING},
            optional=dict.fromkeys(("value", "low", "high", "within", "checkpoint", "uoa", "more"), ANYTHING),
        ),
        "divergence": st.sampled_from([each.name for each in DIVERGENCES]) | ANYTHING,
    },
)


def test_any_question_is_answered_or_refused(folder: Path) -> None:
    store = open_store(folder)

    @given(JSON_QUESTIONS)
    def asked(question: dict[str, Any]) -> None:
        with suppress(ValidationError, InspectreeError):
            ask(store, question)

    asked()


def ask(store: Store, question: dict[str, Any]) -> None:
    answer = interestingness(store.catalog, Question.model_validate(question))
    assert answer["measure"]["name"] == question["measure"]


@pytest.mark.parametrize("missing", ["finite", "minimum"])
def test_unit_statistics_of_another_kind_are_none(
    store: Store, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    checkpoint = store["root"].checkpoint("last")
    told = type(checkpoint).unit_statistics
    monkeypatch.setattr(
        type(checkpoint), "unit_statistics", lambda self, path: told(self, path).drop(columns=missing)
    )
    answer = interestingness(store.catalog, Question(measure="dead_units"))
    assert answer["scores"] == []
    assert answer["unscored"][0]["number"] == 6
