"""Metrics over the epochs, against Keras' own history."""

from typing import Any

import pytest

from inspectree.dashboard.tools.base import ToolError
from inspectree.dashboard.tools.performance import chosen_metric


@pytest.mark.parametrize("metric", ["loss", "accuracy", "val_loss", "val_accuracy"])
def test_a_model_s_line_is_keras_history(page: Any, tree: Any, ids: Any, metric: str) -> None:
    content = page.card("performance", ids["digits_conv"], metric=metric)["content"]
    (line,) = content["figure"]["data"]
    assert line["x"] == [1, 2]
    assert line["y"] == pytest.approx(tree.histories["digits_conv"][metric])


def test_an_experiment_has_a_line_per_model_in_its_colour(page: Any, tree: Any, ids: Any) -> None:
    (experiment,) = page.index.experiments
    content = page.card("performance", experiment["id"])["content"]
    assert content["caption"] == "validation accuracy"
    lines = {line["meta"]["uoa"]: line for line in content["figure"]["data"]}
    assert set(lines) == set(ids.values())
    for name, id_ in ids.items():
        assert lines[id_]["y"] == pytest.approx(tree.histories[name]["val_accuracy"])
        assert lines[id_]["line"]["color"] == page.index.colors[id_]
    assert [series["name"] for series in content["series"]] == [
        "Dense, saturated", "Convolutional", "Skip connection",
    ]  # fmt: skip


def test_every_metric_of_the_history_can_be_chosen(page: Any, tree: Any, ids: Any) -> None:
    (setting,) = page.card("performance", ids["digits_conv"])["settings"]
    assert set(setting["choices"]) == set(tree.histories["digits_conv"])


def test_the_metric_is_the_one_asked_for_or_the_first_that_says_most() -> None:
    both, other = {"metrics": {"loss": [], "accuracy": []}}, {"metrics": {"mae": []}}
    assert chosen_metric([both], "") == "accuracy"
    assert chosen_metric([both], "loss") == "loss"
    assert chosen_metric([both], "f1") == "accuracy"
    assert chosen_metric([other], "loss") == "mae"
    with pytest.raises(ToolError, match=r"^no epoch has ended yet$"):
        chosen_metric([{"metrics": {}}], "loss")
