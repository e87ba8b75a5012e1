"""Questions: what fits, what is refused in which words, and what they may cost."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from inspectree.logger.header import Header
from inspectree.server import Store, open_store
from inspectree.server.errors import LimitError, RequestError, UnitError, UnknownUnitError
from inspectree.server.interestingness.asking import Question, interestingness
from inspectree.server.limits import Limits


def ask(store: Store, **question: Any) -> dict[str, Any]:
    return interestingness(store.catalog, Question.model_validate(question))


@pytest.mark.parametrize(
    ("question", "error", "said"),
    [
        (
            {"measure": "sparsit"},
            RequestError,
            "there is no measure 'sparsit'; the nearest are sparsity, separability",
        ),
        (
            {"measure": "distribution", "divergence": "wasserstien"},
            RequestError,
            "there is no divergence 'wasserstien'; the nearest is wasserstein",
        ),
        (
            {"measure": "variance", "divergence": "wasserstein"},
            RequestError,
            "the divergence 'wasserstein' does not fit the measure 'variance'; it takes absolute",
        ),
        (
            {"measure": "succession", "baseline": {"kind": "parent"}},
            RequestError,
            "the baseline 'parent' does not fit the measure 'succession'; it takes sequences, value, range",
        ),
        (
            {"measure": "dead_units", "kinds": ["weights"]},
            RequestError,
            "the kind 'weights' does not fit the measure 'dead_units'; it takes activations",
        ),
        ({"measure": "variance", "checkpoint": "lats"}, UnitError, "'lats' is no checkpoint"),
        ({"measure": "variance", "models": ["nobody"]}, UnknownUnitError, "there is no model 'nobody'"),
        (
            {"measure": "variance", "baseline": {"kind": "uoa", "uoa": "root/convv"}},
            UnknownUnitError,
            "has no layer 'convv'; the nearest is conv",
        ),
        (
            {"measure": "variance", "baseline": {"kind": "uoa", "uoa": "root/conv#1"}},
            RequestError,
            "'root/conv#1' is no baseline: name a model, a layer or a variable",
        ),
    ],
)
def test_what_does_not_exist_is_told_with_what_does(
    store: Store, question: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error) as raised:
        ask(store, **question)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("baseline", "said"),
    [
        ({"kind": "paren"}, "there is no kind 'paren'; the nearest is parent"),
        ({}, "'kind' is missing; there are initializer, initial, normal, layers, parent, store, …"),
        ({"kind": "range"}, "a range has a bound: give low, high or both"),
        ({"kind": "range", "low": 2, "high": 1}, "low (2.0) is above high (1.0)"),
        ({"kind": "value", "value": "NaN"}, "finite number"),
        ({"kind": "uoa"}, "Field required"),
        ({"kind": "layers", "among": "model"}, "Extra inputs are not permitted"),
    ],
)
def test_a_baseline_that_is_not_written_correctly_is_refused(baseline: Any, said: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Question.model_validate({"measure": "variance", "baseline": baseline})
    assert said in raised.value.errors()[0]["msg"]


def test_a_question_is_told_in_the_interface_with_all_its_baselines() -> None:
    schema = str(Question.model_json_schema())
    assert all(f"'{kind}'" in schema for kind in ("initializer", "sequences", "uoa", "parent"))


@pytest.mark.parametrize(
    ("levels", "within"),
    [
        (["model"], []),
        (["layer", "variable"], ["child"]),
        ([], ["root", "child"]),
        (["experiment"], ["root"]),
    ],
)
def test_of_the_scores_those_are_told_that_are_wanted(
    store: Store, levels: list[str], within: list[str]
) -> None:
    """They are the same as among all others; an experiment lies in no model."""
    ids = {store[name].id for name in within}
    expected = [
        score
        for score in ask(store, measure="variance")["scores"]
        if (not levels or score["level"] in levels)
        and (not ids or score["uoa"].partition("/")[0].partition("@")[0] in ids)
    ]
    assert ask(store, measure="variance", levels=levels, within=within)["scores"] == expected
    assert bool(expected) == (levels != ["experiment"])


def test_reading_more_values_than_allowed_is_refused_before_any_is_read(store: Store) -> None:
    question = Question(measure="effective_rank")
    cost = sum(
        entry.nbytes
        for model in store.models
        for entry in model.checkpoint("last").entries.values()
        if entry.kind == "weights"
    )
    interestingness(store.catalog, question, Limits(read=cost))
    with pytest.raises(LimitError, match=r"limit 'read'"):
        interestingness(store.catalog, question, Limits(read=cost - 1))
    interestingness(store.catalog, Question(measure="variance"), Limits(read=1))


def test_what_was_read_once_is_not_read_again(store: Store) -> None:
    ask(store, measure="effective_rank")
    first = store["root"].checkpoint("last").measured["effective_rank", "conv/kernel"]
    store["root"].checkpoint("last").measured["effective_rank", "conv/kernel"] = 77.0
    again = {score["uoa"]: score["raw"] for score in ask(store, measure="effective_rank")["scores"]}
    assert again["aaaa0000-root@3/conv/kernel"] == 77.0 != first


def test_damaged_models_are_named_and_the_others_scored(tmp_path: Path, write_model: Any) -> None:
    for name in ("good", "fine", "broken"):
        write_model(tmp_path, Header(id=f"{name}-0000", name=name), (0, 1))
    (file,) = (tmp_path / "models/broken-0000/checkpoints").glob("000001.h5")
    file.write_bytes(file.read_bytes()[:3000])
    answer = ask(open_store(tmp_path), measure="variance")
    assert {score["uoa"] for score in answer["scores"] if score["level"] == "model"} == {
        "good-0000",
        "fine-0000",
    }
    (why,) = (each for each in answer["unscored"] if each["first"] == "broken-0000")
    assert why["number"] == 1
    assert why["why"]


def test_of_a_store_without_models_nothing_is_scored(tmp_path: Path) -> None:
    answer = ask(open_store(tmp_path), measure="distribution")
    assert (answer["scores"], answer["unscored"]) == ([], [])


def test_the_baseline_of_a_single_variable_of_its_type_is_missing_and_told(
    tmp_path: Path, plant: Any
) -> None:
    plant("lone", {"a": {"kernel": np.eye(3, dtype=np.float32)}})
    answer = ask(open_store(tmp_path), measure="variance")
    assert answer["scores"] == []
    assert answer["unscored"] == [
        {
            "why": "there is no other variable of this type to compare it with",
            "number": 1,
            "first": "lone-0000@0/a/kernel",
        }
    ]
