"""Metrics over training, against Keras' own history and pandas' smoothing."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspectree.dashboard.tools.base import ToolError
from inspectree.dashboard.tools.performance import along, chosen_metric, metrics, smoothed


def drawn(page: Any, uoa: str, **settings: Any) -> dict[str, Any]:
    content: dict[str, Any] = page.card("performance", uoa, **settings)["content"]
    return content


@pytest.mark.parametrize("metric", ["loss", "accuracy"])
@pytest.mark.parametrize(("part", "prefix"), [("training", ""), ("validation", "val_")])
def test_a_model_s_line_is_keras_history(
    page: Any, tree: Any, ids: Any, metric: str, part: str, prefix: str
) -> None:
    (line,) = drawn(page, ids["digits_conv"], metric=metric, part=part)["figure"]["data"]
    assert line["x"] == [1, 2]
    assert line["y"] == pytest.approx(tree.histories["digits_conv"][f"{prefix}{metric}"])


def test_training_and_validation_are_told_apart_by_their_dashes(page: Any, tree: Any, ids: Any) -> None:
    content = drawn(page, ids["digits_conv"], metric="loss")
    validation, training = content["figure"]["data"]
    assert (validation["line"]["dash"], training["line"]["dash"]) == ("solid", "dash")
    assert validation["y"] == pytest.approx(tree.histories["digits_conv"]["val_loss"])
    assert training["y"] == pytest.approx(tree.histories["digits_conv"]["loss"])
    assert content["caption"] == "loss · solid: validation, dashed: training"


def test_an_experiment_has_a_line_per_model_in_its_colour(page: Any, tree: Any, ids: Any) -> None:
    (experiment,) = page.index.experiments
    content = drawn(page, experiment["id"])
    assert content["caption"] == "validation accuracy"
    assert content["merge"] == "lines"
    lines = {line["meta"]["uoa"]: line for line in content["figure"]["data"]}
    assert set(lines) == set(ids.values())
    for name, id_ in ids.items():
        assert lines[id_]["y"] == pytest.approx(tree.histories[name]["val_accuracy"])
        assert lines[id_]["line"]["color"] == page.index.colors[id_]
    assert [series["name"] for series in content["series"]] == [
        "Dense, saturated", "Convolutional", "Skip connection",
    ]  # fmt: skip


def test_every_metric_of_a_model_has_a_colour_of_its_own(page: Any, tree: Any, ids: Any) -> None:
    content = drawn(page, ids["digits_conv"], metric="every metric")
    assert len(content["figure"]["data"]) == len(tree.histories["digits_conv"]) == 4
    assert [chip["name"] for chip in content["series"]] == ["accuracy", "loss"]
    assert len({line["line"]["color"] for line in content["figure"]["data"]}) == 2


def test_every_metric_of_the_history_can_be_chosen(page: Any, ids: Any) -> None:
    (setting,) = (
        each for each in page.card("performance", ids["digits_conv"])["settings"] if each["name"] == "metric"
    )
    assert setting["choices"] == ["accuracy", "loss", "every metric"]


def test_lines_may_lie_along_steps_and_seconds(page: Any, store: Any, ids: Any) -> None:
    history = store["digits_conv"].history
    (line,) = drawn(page, ids["digits_conv"], part="training", x="step")["figure"]["data"]
    assert line["x"] == history["step"].tolist()
    (line,) = drawn(page, ids["digits_conv"], part="training", x="seconds")["figure"]["data"]
    assert line["x"] == pytest.approx(history["seconds"].cumsum().tolist())


def test_smoothed_lines_have_the_values_behind_them(page: Any, tree: Any, ids: Any) -> None:
    content = drawn(page, ids["digits_conv"], metric="loss", part="training", smoothing=60)
    smooth, faint = content["figure"]["data"]
    values = tree.histories["digits_conv"]["loss"]
    assert faint["y"] == pytest.approx(values)
    assert faint["opacity"] < smooth["opacity"]
    assert smooth["y"] == pytest.approx([values[0], (0.6 * values[0] + values[1]) / 1.6])
    assert content["caption"].endswith("smoothed by 60 %")


def test_smoothing_forgets_by_shares_and_leaves_gaps_out() -> None:
    """With a half: 1, then (½·1 + 3) / 1½, and what is no number does not count."""
    assert smoothed(np.array([1.0, 3.0]), 0.5) == pytest.approx([1, 7 / 3])
    assert smoothed(np.array([2.0, np.inf, 2.0]), 0.9) == pytest.approx([2, 2, 2])


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=20), st.integers(0, 99))
def test_what_is_smoothed_stays_between_the_extremes(values: list[float], percent: int) -> None:
    found = smoothed(np.array(values), percent / 100)
    assert found[0] == pytest.approx(values[0])
    assert min(values) - 1e-6 <= found.min() <= found.max() <= max(values) + 1e-6
    assert percent or found == pytest.approx(pd.Series(values).to_numpy())


def test_seconds_add_up_what_epochs_took() -> None:
    assert along({"seconds": [1.0, float("nan"), 2.5]}, "seconds") == [1.0, 1.0, 3.5]


def test_the_metric_is_the_one_asked_for_or_the_first_that_says_most() -> None:
    assert chosen_metric(["loss", "accuracy"], "") == "accuracy"
    assert chosen_metric(["loss", "accuracy"], "loss") == "loss"
    assert chosen_metric(["loss", "accuracy"], "val_loss") == "loss"
    assert chosen_metric(["loss", "accuracy"], "f1") == "accuracy"
    assert chosen_metric(["mae"], "loss") == "mae"
    assert metrics([{"metrics": {"val_mae": [], "mae": []}}, {"metrics": {"loss": []}}]) == ["mae", "loss"]
    with pytest.raises(ToolError, match=r"^no epoch has ended yet$"):
        metrics([{"metrics": {}}])
