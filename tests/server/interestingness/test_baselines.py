"""What each baseline stands for, in stores where it is known by hand."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inspectree.server import open_store
from inspectree.server.interestingness.asking import Question, interestingness


def pair(spread: float) -> Any:
    """Return a kernel of variance ``spread``²."""
    return np.array([[-spread, spread], [spread, -spread]], np.float32)


def scores(folder: Path, measure: str, baseline: Any = None, **more: Any) -> dict[str, dict[str, Any]]:
    question = Question(measure=measure, baseline=baseline, **more)
    return {each["uoa"]: each for each in interestingness(open_store(folder).catalog, question)["scores"]}


def expected(found: dict[str, dict[str, Any]]) -> dict[str, tuple[float, float]]:
    """Return value and baseline of each variable, by its layer."""
    return {
        uoa.split("/")[1]: (each["raw"], each["baseline"])
        for uoa, each in found.items()
        if each["level"] == "variable"
    }


@pytest.fixture
def family(tmp_path: Path, plant: Any) -> Path:
    """Return a store: two parents, their child, and a model apart whose layers have other names."""
    plant("father", {"a": {"kernel": pair(1)}, "b": {"kernel": pair(2)}}, {"a": {"kernel": pair(3)}})
    plant("mother", {"a": {"kernel": pair(5)}, "c": {"kernel": pair(4)}})
    plant(
        "child",
        {"a": {"kernel": pair(1)}, "d": {"kernel": pair(7)}},
        {"a": {"kernel": pair(2)}, "d": {"kernel": pair(6)}},
        parents=["father-0000", "mother-0000"],
    )
    plant("apart", {"z": {"kernel": pair(10)}})
    return tmp_path


def test_the_other_layers_are_those_of_all_models_asked_for_or_of_the_same(family: Path) -> None:
    """The last kernels' variances: 9 (father), 25 and 16 (mother), 4 and 36 (child), 100 (apart)."""
    everywhere = scores(family, "variance")
    assert everywhere["father-0000@1/a/kernel"]["baseline"] == 25
    assert everywhere["apart-0000@0/z/kernel"]["baseline"] == 16
    assert everywhere["apart-0000@0/z/kernel"]["against"] == "the typical of 5 others of kernel"
    inside = scores(family, "variance", {"kind": "layers", "within": "model"})
    assert inside["child-0000@1/a/kernel"]["baseline"] == 36
    assert "apart-0000@0/z/kernel" not in inside, "it has no other kernel"


def test_the_parents_are_compared_by_path_or_else_by_type(family: Path) -> None:
    """``a``: median of 9 and 25; ``d``: median of what is typical of either, 9 and 20.5."""
    found = scores(family, "variance", {"kind": "parent"}, models=("child",))
    assert expected(found) == {"a": (4, 17), "d": (36, 14.75)}
    assert found["child-0000@1/a/kernel"]["against"] == "a/kernel of father, a/kernel of mother"
    assert found["child-0000@1/d/kernel"]["against"] == "any kernel of father, any kernel of mother"
    at_first = scores(family, "variance", {"kind": "parent", "checkpoint": "first"}, models=("child",))
    assert expected(at_first)["a"] == (4, 13)


def test_a_parent_without_that_checkpoint_has_no_say(family: Path) -> None:
    found = scores(family, "variance", {"kind": "parent"}, models=("child",), checkpoint=1)
    assert expected(found)["a"] == (4, 9)
    assert scores(family, "variance", {"kind": "parent"}, models=("apart",)) == {}


def test_the_store_is_compared_by_path_or_else_by_type(family: Path) -> None:
    """``a`` is in three models; ``d`` only here: of the others' 9, 25, 16, 100 the median is 20.5."""
    found = scores(family, "variance", {"kind": "store"}, models=("child",))
    assert expected(found) == {"a": (4, 17), "d": (36, 20.5)}
    assert found["child-0000@1/a/kernel"]["against"] == "a/kernel of 2 other models"
    assert found["child-0000@1/d/kernel"]["against"] == "the typical of 4 of kernel in other models"


def test_a_variable_is_compared_with_itself_before_training(family: Path) -> None:
    found = scores(family, "variance", {"kind": "initial"}, models=("child",))
    assert expected(found) == {"a": (4, 1), "d": (36, 49)}


@pytest.mark.parametrize(
    ("uoa", "a", "d"),
    [
        ("mother/c/kernel", 16, 16),
        ("mother/c", 16, 16),
        ("mother", 25, 20.5),
        ("child@0", 1, 49),
        ("child@first/d", 49, 49),
    ],
)
def test_a_reference_is_a_variable_a_layer_or_a_model(family: Path, uoa: str, a: float, d: float) -> None:
    found = scores(family, "variance", {"kind": "uoa", "uoa": uoa}, models=("child",))
    assert expected(found) == {"a": (4, a), "d": (36, d)}


def test_within_a_range_nothing_deviates(family: Path) -> None:
    found = scores(family, "variance", {"kind": "range", "low": 10, "high": 30}, models=("child", "mother"))
    deviations = {uoa: each["deviation"] for uoa, each in found.items() if each["level"] == "variable"}
    assert deviations == {
        "child-0000@1/a/kernel": 6,
        "child-0000@1/d/kernel": 6,
        "mother-0000@0/a/kernel": 0,
        "mother-0000@0/c/kernel": 0,
    }
    assert found["child-0000@1/a/kernel"]["against"] == "at least 10"
    assert expected(scores(family, "variance", {"kind": "range", "high": 30}, models=("child",)))["a"] == (
        4,
        4,
    )


def test_a_value_is_the_same_for_all(family: Path) -> None:
    found = scores(family, "variance", {"kind": "value", "value": 9}, models=("father",))
    assert found["father-0000@1/a/kernel"]["deviation"] == 0


@pytest.fixture
def drawn(tmp_path: Path, plant: Any) -> Path:
    """Return a model whose kernels are as Glorot draws them; one has other tails, one another scale."""
    rng = np.random.default_rng(3)
    limit = np.sqrt(6 / 100)
    usual = {f"ok{n}": {"kernel": rng.uniform(-limit, limit, (50, 50)).astype(np.float32)} for n in range(4)}
    odd = {
        "tails": {"kernel": (rng.standard_t(2, (50, 50)) * limit / 3).astype(np.float32)},
        "wide": {"kernel": (rng.uniform(-limit, limit, (50, 50)) * 3).astype(np.float32)},
        "unknown": {"kernel": rng.uniform(-limit, limit, (50, 50)).astype(np.float32)},
    }
    configs: dict[str, Any] = {
        name: {"kernel_initializer": {"class": "GlorotUniform"}} for name in [*usual, "tails", "wide"]
    }
    plant("drawn", usual | odd, configs=configs)
    return tmp_path


def test_what_was_drawn_otherwise_than_configured_deviates(drawn: Path) -> None:
    for measure in ("variance", "norm", "range", "distribution"):
        found = scores(drawn, measure, {"kind": "initializer"})
        rank = sorted(
            (each for each in found.values() if each["level"] == "variable"),
            key=lambda each: each["deviation"],
        )
        assert {each["uoa"].split("/")[1] for each in rank[-2:]} == {"tails", "wide"}, measure
        assert found["drawn-0000@0/ok1/kernel"]["score"] < 0.2
    assert "uniform from -0.2449 to 0.2449" in found["drawn-0000@0/wide/kernel"]["against"]
    assert found["drawn-0000@0/unknown/kernel"]["against"] == "itself at the first checkpoint"
    assert found["drawn-0000@0/unknown/kernel"]["deviation"] == 0


def test_another_shape_than_normal_deviates(drawn: Path) -> None:
    for measure in ("kurtosis", "distribution"):
        found = scores(drawn, measure, {"kind": "normal"})
        layers = {uoa: each for uoa, each in found.items() if each["level"] == "layer"}
        assert max(layers, key=lambda uoa: layers[uoa]["deviation"]) == "drawn-0000/tails"
    assert found["drawn-0000@0/ok1/kernel"]["against"].startswith("normal of mean")


@pytest.mark.parametrize("divergence", ["jensen_shannon", "wasserstein", "kolmogorov_smirnov"])
def test_the_distribution_that_is_unlike_the_others_deviates_most(drawn: Path, divergence: str) -> None:
    found = scores(drawn, "distribution", {"kind": "layers"}, divergence=divergence)
    variables = {uoa: each for uoa, each in found.items() if each["level"] == "variable"}
    assert max(variables, key=lambda uoa: variables[uoa]["deviation"]) == "drawn-0000@0/wide/kernel"
