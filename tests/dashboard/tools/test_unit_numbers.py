"""Bars, points, lines, tables and raw numbers of units and variables, against NumPy and SciPy."""

import re
from typing import Any

import numpy as np
import pytest
from scipy.stats import kurtosis, skew

from inspectree.dashboard.tools.questions.axes import paths
from inspectree.dashboard.tools.raw_values import positions, text
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.view import View


def stored(store: Any, name: str, path: str, checkpoint: Any = "last") -> Any:
    return store[name].checkpoint(checkpoint)[path].values.astype(np.float64)


def drawn(page: Any, tool: str, uoa: str, view: Any = None, **settings: Any) -> dict[str, Any]:
    content: dict[str, Any] = page.card(tool, uoa, view, **settings)["content"]
    assert "error" not in content, content["error"]
    return content


def entropy(values: Any) -> float:
    counts, _ = np.histogram(values, bins=64)
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log2(shares)).sum())


ORACLES = {
    "mean": np.mean, "standard deviation": np.std, "minimum": np.min, "maximum": np.max, "median": np.median,
    "norm": lambda values: np.sqrt((values**2).sum()), "share of zeros": lambda values: (values == 0).mean(),
    "skewness": lambda values: skew(values, axis=None),
    "kurtosis": lambda values: kurtosis(values, axis=None), "entropy": entropy,
}  # fmt: skip


@pytest.mark.parametrize("statistic", ORACLES)
def test_an_evolution_is_the_statistic_of_each_checkpoint(
    page: Any, store: Any, ids: Any, statistic: str
) -> None:
    content = drawn(page, "evolution", f"{ids['digits_conv']}/conv_2/kernel", statistic=statistic)
    (line,) = content["figure"]["data"]
    kernels = [stored(store, "digits_conv", "conv_2/kernel", number) for number in range(3)]
    assert line["x"] == [0, 1, 2]
    assert line["y"] == pytest.approx([float(ORACLES[statistic](kernel)) for kernel in kernels], rel=1e-5)
    assert content["merge"] == "lines"


def test_an_evolution_of_classes_lies_along_steps(page: Any, store: Any, tree: Any, ids: Any) -> None:
    uoa = f"{ids['digits_dense']}/hidden_2#5"
    content = drawn(page, "evolution", uoa, View(off=("zero",)), split=True, x="step")
    steps = [moment.step for moment in store["digits_dense"].moments]
    assert len(content["figure"]["data"]) == 9
    for digit, line in enumerate(content["figure"]["data"], start=1):
        assert line["x"] == steps
        assert line["y"] == pytest.approx(
            [
                stored(store, "digits_dense", "hidden_2/activations", number)[tree.y == digit, 5].mean()
                for number in range(3)
            ]
        )


def test_what_statistics_suffice_for_is_asked_in_a_form_that_they_answer(page: Any, ids: Any) -> None:
    """No value of a layer's activations is read for its evolution."""
    import asyncio

    from inspectree.dashboard.tools.questions.statistics import OPERATIONS, step

    uoas = [f"{ids['digits_conv']}@{number}/conv_2/activations" for number in range(3)]
    for statistic in OPERATIONS.keys() - {"median"}:
        question = {"uoa": uoas, "pipeline": [step(statistic, by=["checkpoint"])]}
        answer = asyncio.run(page.client._post("/values", question))
        assert answer["provenance"]["source"] == "statistics", statistic


@pytest.mark.parametrize("order", ["as they come", "highest first", "lowest first"])
def test_bars_are_the_units_in_order(page: Any, store: Any, ids: Any, order: str) -> None:
    uoa = f"{ids['digits_conv']}/conv_2"
    content = drawn(page, "bar_chart", uoa, order=order, most=5, of="maximum")
    highest = stored(store, "digits_conv", "conv_2/activations").max(axis=(0, 1, 2))
    keys = {"as they come": np.arange(16), "highest first": -highest, "lowest first": highest}[order]
    expected = np.argsort(keys, kind="stable")[:5]
    (bars,) = content["figure"]["data"]
    assert bars["y"] == pytest.approx(highest[expected])
    assert bars["meta"]["uoas"] == [f"{uoa}#{unit}" for unit in expected]
    assert bars["x"] == [f"c{unit:03d}" for unit in expected]
    assert content["merge"] == "bars"


def test_bars_of_a_vector_are_its_values(page: Any, store: Any, ids: Any) -> None:
    (bars,) = drawn(page, "bar_chart", f"{ids['digits_conv']}/conv_1/bias")["figure"]["data"]
    assert bars["y"] == pytest.approx(stored(store, "digits_conv", "conv_1/bias"))


def test_bars_follow_the_classes(page: Any, store: Any, tree: Any, ids: Any) -> None:
    view = View(off=("zero", "one", "two"))
    (bars,) = drawn(page, "bar_chart", f"{ids['digits_dense']}/hidden_2", view)["figure"]["data"]
    values = stored(store, "digits_dense", "hidden_2/activations")
    assert bars["y"] == pytest.approx(values[tree.y > 2].mean(axis=0))


def test_two_neurons_are_points_of_samples_by_class(page: Any, store: Any, tree: Any, ids: Any) -> None:
    content = drawn(page, "scatter", f"{ids['digits_conv']}/conv_1#2", y="c007")
    means = stored(store, "digits_conv", "conv_1/activations").mean(axis=(1, 2))
    assert content["space"] == page.index.models[ids["digits_conv"]]["samples"]
    for digit, points in enumerate(content["figure"]["data"]):
        samples = np.flatnonzero(tree.y == digit)
        assert points["meta"]["samples"] == samples.tolist()
        assert points["x"] == pytest.approx(means[samples, 2], rel=1e-5)
        assert points["y"] == pytest.approx(means[samples, 7], rel=1e-5)


def test_a_neuron_against_itself_is_a_diagonal(page: Any, ids: Any) -> None:
    for points in drawn(page, "scatter", f"{ids['digits_dense']}/hidden_2#0", y="u000")["figure"]["data"]:
        assert points["x"] == points["y"]


def test_two_statistics_are_points_of_units(page: Any, store: Any, ids: Any) -> None:
    uoa = f"{ids['digits_conv']}/conv_2/kernel"
    (points,) = drawn(page, "scatter", uoa, x="norm", y="minimum")["figure"]["data"]
    kernel = stored(store, "digits_conv", "conv_2/kernel")
    assert points["x"] == pytest.approx(np.sqrt((kernel**2).sum(axis=(0, 1, 2))))
    assert points["y"] == pytest.approx(kernel.min(axis=(0, 1, 2)))
    assert points["meta"]["uoas"] == [f"{ids['digits_conv']}/conv_2#{unit}" for unit in range(16)]


COLUMNS = {
    "mean": "mean", "std": "standard deviation", "min": "minimum", "max": "maximum",
    "zeros": "share of zeros",
    "norm": "norm", "skew": "skewness", "kurtosis": "kurtosis", "entropy": "entropy",
}  # fmt: skip


def test_a_table_describes_every_variable_of_a_model(page: Any, store: Any, ids: Any) -> None:
    table = drawn(page, "value_table", ids["digits_conv"], all=True, kind="weights")["table"]
    heads = [column["title"] for column in table["columns"]]
    assert heads == ["variable", "shape", *COLUMNS]
    assert {row[0] for row in table["rows"]} == {
        f"{layer}/{name}" for layer in ("conv_1", "conv_2", "output") for name in ("kernel", "bias")
    }
    assert table["uoas"] == [f"{ids['digits_conv']}/{row[0]}" for row in table["rows"]]
    for name, shape, *numbers in table["rows"]:
        values = stored(store, "digits_conv", name)
        assert shape == "×".join(map(str, values.shape))
        expected = [float(ORACLES[COLUMNS[head]](values)) for head in heads[2:]]
        assert numbers == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_a_table_of_a_layer_holds_its_activations(page: Any, ids: Any) -> None:
    table = drawn(page, "value_table", f"{ids['digits_conv']}/conv_1")["table"]
    assert [row[0] for row in table["rows"]] == ["bias", "kernel", "activations"]
    assert table["uoas"][2] == f"{ids['digits_conv']}/conv_1"


def test_a_table_of_a_unit_has_a_row_per_class(page: Any, store: Any, tree: Any, ids: Any) -> None:
    view = View(off=("nine",))
    table = drawn(page, "value_table", f"{ids['digits_dense']}/hidden_2#5", view)["table"]
    values = stored(store, "digits_dense", "hidden_2/activations")[:, 5]
    assert [row[0] for row in table["rows"]][:2] == ["all", "zero"]
    assert len(table["rows"]) == 10
    assert table["rows"][0][1] == pytest.approx(values[tree.y < 9].mean())
    assert table["rows"][4][2] == pytest.approx(values[tree.y == 3].std())


def test_raw_values_are_the_numbers_of_a_slice(page: Any, store: Any, ids: Any) -> None:
    uoa, kernel = f"{ids['digits_conv']}/conv_2/kernel", stored(store, "digits_conv", "conv_2/kernel")
    (cells,) = drawn(page, "raw_values", uoa, at="in=3, out=5")["figure"]["data"]
    assert np.array(cells["z"]) == pytest.approx(kernel[:, :, 3, 5])
    settings = {"rows": "in", "columns": "out", "at": "y=1,x=2", "row": 2, "column": 10, "size": 4}
    (cells,) = drawn(page, "raw_values", uoa, **settings)["figure"]["data"]
    assert np.array(cells["z"]) == pytest.approx(kernel[1, 2, 2:6, 10:14])
    assert (cells["y"], cells["x"]) == (["2", "3", "4", "5"], ["10", "11", "12", "13"])
    assert cells["zmid"] == 0


def test_raw_values_as_a_table_link_samples(page: Any, store: Any, tree: Any, ids: Any) -> None:
    view = View(off=("two", "zero"))
    content = drawn(page, "raw_values", f"{ids['digits_dense']}/hidden_2", view, style="table", size=5)
    kept = np.flatnonzero((tree.y != 2) & (tree.y != 0))[:5]
    values = stored(store, "digits_dense", "hidden_2/activations")[kept, :5]
    assert content["table"]["samples"] == kept.tolist()
    assert np.array([row[1:] for row in content["table"]["rows"]]) == pytest.approx(values)


def test_a_part_of_the_numbers_says_of_how_many(page: Any, ids: Any) -> None:
    view, layer = View(off=("two", "zero")), f"{ids['digits_dense']}/hidden_2"
    kept = len(page.card("samples", ids["digits_dense"], view, most=400)["content"]["pictures"])
    caption = drawn(page, "raw_values", layer, view, size=5)["caption"]
    assert re.match(rf"sample \d+ … \d+ of {kept}, unit 0 … 4 of 32 · ", caption)
    whole = drawn(page, "raw_values", f"{ids['digits_conv']}/conv_2/kernel")["caption"]
    assert whole.startswith("y 0 … 2, x 0 … 2, in 0, out 0 · ")


def test_colours_have_numbers_beside_them(page: Any, store: Any, ids: Any) -> None:
    uoa, kernel = f"{ids['digits_conv']}/conv_2/kernel", stored(store, "digits_conv", "conv_2/kernel")
    (cells,) = drawn(page, "raw_values", uoa, at="in=3, out=5")["figure"]["data"]
    low, high = kernel[:, :, 3, 5].min(), kernel[:, :, 3, 5].max()
    assert cells["showscale"]
    marks = cells["colorbar"]["tickvals"]
    assert (marks[0], marks[-1]) == pytest.approx((low, high))
    assert cells["colorbar"]["ticktext"][-1] == f"{high:.3g}"


def test_what_is_wrong_with_a_position_is_told_without_steps(page: Any, ids: Any) -> None:
    """Nobody who looks at widgets has written a pipeline."""
    content = page.card("raw_values", f"{ids['digits_conv']}/conv_2/kernel", at="in=99")["content"]
    assert content["error"] == "no position 99 along 'in', which has 8"


def test_columns_of_recurrent_kernels_lead_to_their_units() -> None:
    """A kernel holds the four gates of an LSTM side by side, each with all of its units."""
    kernel = Unit("m/lstm/kernel", "weights", "kernel", "LSTM", ("in", "out"), (3, 8))
    assert paths(kernel, "out", [0, 1, 2, 7]) == ["m/lstm#0", "m/lstm#1", "m/lstm#0", "m/lstm#1"]
    gru = Unit("m/gru/bias", "weights", "bias", "GRU", ("row", "out"), (2, 6))
    assert paths(gru, "out", [1, 5]) == ["m/gru#1", "m/gru#1"]
    dense = Unit("m/d/kernel", "weights", "kernel", "Dense", ("in", "out"), (3, 8))
    assert paths(dense, "out", [7]) == ["m/d#7"]
    assert paths(dense, "in", [2]) == [""]


def test_raw_values_of_a_vector_are_one_row(page: Any, store: Any, ids: Any) -> None:
    (cells,) = drawn(page, "raw_values", f"{ids['digits_conv']}/conv_1/bias")["figure"]["data"]
    assert cells["z"] == [pytest.approx(stored(store, "digits_conv", "conv_1/bias"))]


@pytest.mark.parametrize(("at", "told"), [("foo", "'foo' is not understood"), ("out=x", "'out=x' is not")])
def test_a_position_that_makes_no_sense_is_told(page: Any, ids: Any, at: str, told: str) -> None:
    content = page.card("raw_values", f"{ids['digits_conv']}/conv_1/kernel", at=at)["content"]
    assert told in content["error"]


def test_beyond_the_end_lies_nothing(page: Any, ids: Any) -> None:
    content = page.card("raw_values", f"{ids['digits_conv']}/conv_1/kernel", row=99)["content"]
    assert content["error"].startswith("nothing lies there")


def test_positions_are_0_where_none_is_given() -> None:
    assert positions("", ["y", "x"]) == {"y": 0, "x": 0}
    assert positions(" x = 4 ,", ["y", "x"]) == {"y": 0, "x": 4}


def test_what_is_not_finite_is_written_in_words() -> None:
    assert [text(value, 3) for value in (np.nan, np.inf, -np.inf, 0.12345)] == ["NaN", "∞", "−∞", "0.123"]
