"""What holds for every measure with every baseline and divergence that fit it, found through the tables."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspectree.logger.header import Header
from inspectree.server import Store, open_store
from inspectree.server.checkpoint import Checkpoint
from inspectree.server.errors import RequestError
from inspectree.server.interestingness import BASELINES, DIVERGENCES, MEASURES, Baseline, Divergence, Measure
from inspectree.server.interestingness.answer import Answer, Listing
from inspectree.server.interestingness.asking import Question, interestingness
from inspectree.server.interestingness.listing import kind_of, listing
from inspectree.server.jsontext import dumps

ALL = [
    (measure, baseline, divergence)
    for measure in MEASURES
    for baseline in BASELINES
    for divergence in DIVERGENCES
]
FITTING = [(m, b, d) for m, b, d in ALL if b.fits(m) and d.fits(m)]

each_measure = pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)

RANDOM = np.random.default_rng(0).normal(size=(30, 3)).astype(np.float32)

ODD = {
    "well": {"kernel": RANDOM[:4], "activations": RANDOM},
    "nan": {
        "kernel": np.full((3, 2), np.nan, np.float32),
        "activations": np.full((30, 2), np.nan, np.float32),
    },
    "inf": {
        "kernel": np.array([[1, np.inf]], np.float32),
        "activations": np.full((30, 2), np.inf, np.float32),
    },
    "empty": {"kernel": np.zeros((0, 2), np.float32), "activations": np.zeros((30, 0), np.float32)},
    "huge": {"kernel": np.array([[3e38, -3e38]], np.float32), "bias": np.zeros(1, np.float32)},
}

LEVELS = ["variable", "layer", "model", "experiment"]


def asked(
    store: Store, measure: Measure, baseline: type[Baseline], divergence: Divergence, **more: Any
) -> dict[str, Any]:
    question = {
        "measure": measure.name,
        "baseline": dict(baseline.example),
        "divergence": divergence.name,
        **more,
    }
    return interestingness(store.catalog, Question.model_validate(question))


@each_measure
def test_every_score_says_how_it_came_about(store: Store, measure: Measure) -> None:
    for baseline, divergence in fitting(measure):
        answer = asked(store, measure, baseline, divergence)
        assert answer["baseline"]["kind"] == baseline.example["kind"]
        assert (answer["divergence"], answer["source"]) == (divergence.name, measure.source)
        for score in answer["scores"]:
            assert 0 <= score["score"] <= 1
            assert score["against"], (baseline, divergence)
            expected = abs(score["raw"] - score["baseline"])
            assert score["deviation"] == pytest.approx(expected, rel=1e-6, abs=1e-9), (baseline, divergence)


@each_measure
def test_scores_propagate_by_the_maximum(store: Store, measure: Measure) -> None:
    for baseline, divergence in fitting(measure):
        scores = {score["uoa"]: score for score in asked(store, measure, baseline, divergence)["scores"]}
        for score in scores.values():
            inside = [part["score"] for part in scores.values() if is_inside(part["uoa"], score, scores)]
            assert score["score"] == max(inside, default=score["score"]), (baseline, divergence)


def fitting(measure: Measure) -> list[tuple[type[Baseline], Divergence]]:
    return [(baseline, divergence) for m, baseline, divergence in FITTING if m is measure]


def is_inside(uoa: str, whole: dict[str, Any], scores: dict[str, Any]) -> bool:
    level, of = scores[uoa]["level"], whole["uoa"]
    if whole["level"] == "experiment":
        return bool(level == "model")
    place, _, rest = uoa.partition("/")
    plain = f"{place.partition('@')[0]}/{rest}"
    return LEVELS.index(level) < LEVELS.index(whole["level"]) and plain.startswith(f"{of}/")


@each_measure
def test_the_order_in_which_models_are_named_changes_nothing(store: Store, measure: Measure) -> None:
    for baseline, divergence in fitting(measure):
        there = asked(store, measure, baseline, divergence, models=["root", "child"])
        assert there == asked(store, measure, baseline, divergence, models=["child", "root"])


@each_measure
def test_what_is_scored_and_what_is_not_is_everything(store: Store, measure: Measure) -> None:
    counts = {"weights": 8, "activations": 6, "layers": 6}
    lowest = "layer" if measure.kinds == {"layers"} else "variable"
    for baseline, divergence in fitting(measure):
        answer = asked(store, measure, baseline, divergence)
        scored = sum(score["level"] == lowest for score in answer["scores"])
        unscored = sum(each["number"] for each in answer["unscored"])
        assert scored + unscored == sum(counts[kind] for kind in measure.kinds), (baseline, divergence)
        assert all(each["why"] and each["first"] for each in answer["unscored"])


@each_measure
def test_only_what_says_so_reads_values(
    store: Store, measure: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole experiments answer from stored statistics."""
    read = []
    lookup = Checkpoint.__getitem__
    monkeypatch.setattr(Checkpoint, "__getitem__", lambda self, path: read.append(path) or lookup(self, path))
    for baseline, divergence in fitting(measure):
        asked(store, measure, baseline, divergence)
    expected = {"values": {"kernel", "bias"}, "class means": {"mean_class_activations"}}
    assert {path.rpartition("/")[2] for path in read} <= expected.get(measure.source, set())
    assert len(read) == len(set(read)) or measure.source == "values"


@each_measure
def test_whatever_a_model_holds_there_is_an_answer(tmp_path: Path, plant: Any, measure: Measure) -> None:
    """NaN, infinity, nothing at all, a single value, one model alone, no parent, no first checkpoint."""
    for models in (1, 2):
        plant(
            f"model{models}",
            *[ODD] * models,
            classes=np.arange(30) % 3,
            configs={"inf": {"activation": "tanh"}},
        )
        for baseline, divergence in fitting(measure):
            example = {**baseline.example, **({"uoa": "model1"} if kind_of(baseline) == "uoa" else {})}
            question = {"measure": measure.name, "baseline": example, "divergence": divergence.name}
            answer = interestingness(open_store(tmp_path).catalog, Question.model_validate(question))
            assert all(0 <= score["score"] <= 1 for score in answer["scores"]), (baseline, divergence)
            assert sum(each["number"] for each in answer["unscored"]) or not measure.kinds & {"weights"}


@each_measure
def test_an_identical_child_does_not_deviate_from_its_parent(
    tmp_path: Path, write_model: Any, measure: Measure
) -> None:
    write_model(tmp_path, Header(id="root-0000", name="root"), seed=3)
    write_model(tmp_path, Header(id="child-0000", name="child", parents=("root-0000",)), seed=3)
    parent = next(each for each in BASELINES if kind_of(each) == "parent")
    if not parent.fits(measure):
        pytest.skip("layers are not compared with the parent's")
    for divergence in [each for each in DIVERGENCES if each.fits(measure)]:
        scores = asked(open_store(tmp_path), measure, parent, divergence, models=["child"])["scores"]
        assert {score["deviation"] for score in scores} <= {0}
        assert {score["score"] for score in scores} <= {0}


@each_measure
def test_a_measure_fits_its_own_baseline_and_divergence(store: Store, measure: Measure) -> None:
    answer = interestingness(store.catalog, Question(measure=measure.name))
    assert answer["baseline"]["kind"] in answer["measure"]["baselines"]
    assert answer["divergence"] in answer["measure"]["divergences"]


@each_measure
def test_what_does_not_fit_is_refused_with_what_would(store: Store, measure: Measure) -> None:
    for _, baseline, divergence in [each for each in ALL if each[0] is measure and each not in FITTING]:
        with pytest.raises(RequestError, match=f"does not fit the measure '{measure.name}'; it takes "):
            asked(store, measure, baseline, divergence)


@each_measure
def test_a_checkpoint_that_is_not_there_is_told(store: Store, measure: Measure) -> None:
    answer = interestingness(store.catalog, Question(measure=measure.name, checkpoint=77))
    if measure.kinds == {"layers"}:
        assert answer["scores"]
    else:
        assert answer["scores"] == []
        assert [each["first"] for each in answer["unscored"]] == ["aaaa0000-root", "bbbb0000-child"]
        assert "has no checkpoint 77" in answer["unscored"][0]["why"]


@each_measure
def test_answers_are_as_they_are_described(store: Store, measure: Measure) -> None:
    """Over HTTP, too, where infinite numbers are written out."""
    for baseline, divergence in fitting(measure):
        answer = dumps(asked(store, measure, baseline, divergence))
        assert json.loads(Answer.model_validate_json(answer).model_dump_json()) == json.loads(answer)


def test_everything_is_documented_and_named_once() -> None:
    about = listing()
    described = Listing.model_validate_json(dumps(about))
    assert json.loads(described.model_dump_json(by_alias=True)) == json.loads(dumps(about))
    for kind, name in (("measures", "name"), ("baselines", "kind"), ("divergences", "name")):
        assert len({each[name] for each in about[kind]}) == len(about[kind])
        for each in about[kind]:
            assert each["title"]
            assert each["doc"]
            assert each["description"].endswith(".")


@pytest.mark.parametrize("baseline", BASELINES, ids=kind_of)
def test_every_field_of_a_baseline_says_what_it_does(baseline: type[Baseline]) -> None:
    fields: dict[str, Any] = baseline.model_json_schema()["properties"]
    assert all("description" in field for name, field in fields.items() if name != "kind")
    assert json.loads(baseline.model_validate(baseline.example).model_dump_json())["kind"] == kind_of(
        baseline
    )
    assert any(baseline.fits(measure) for measure in MEASURES)
