"""What is told of whole models: metrics, sizes, times, settings, against Keras and the store."""

from math import inf, isnan, nan
from typing import Any

import numpy as np
import pytest

from inspectree.dashboard.tools.charts.parallel_axes import axis_of
from inspectree.dashboard.tools.questions.hyperparameters import flattened
from inspectree.dashboard.tools.questions.matched import counterpart
from inspectree.dashboard.tools.questions.model_numbers import metric_names, quantity
from inspectree.dashboard.tools.questions.weights_of import nbytes, weights_of


@pytest.fixture(name="experiment")
def of_the_page(page: Any) -> str:
    return str(page.index.experiments[0]["id"])


def drawn(page: Any, tool: str, uoa: str, **settings: Any) -> dict[str, Any]:
    content: dict[str, Any] = page.card(tool, uoa, **settings)["content"]
    assert "error" not in content, content["error"]
    return content


def column(table: dict[str, Any], title: str) -> list[Any]:
    """Return the cells below a head."""
    place = [each["title"] for each in table["columns"]].index(title)
    return [row[place] for row in table["rows"]]


def test_bars_of_models_are_their_metrics(page: Any, tree: Any, ids: Any, experiment: str) -> None:
    content = drawn(page, "bar_chart", experiment, of="validation loss", order="lowest first")
    (bars,) = content["figure"]["data"]
    losses = {id_: tree.histories[name]["val_loss"][-1] for name, id_ in ids.items()}
    expected = sorted(losses, key=lambda id_: losses[id_])
    assert bars["meta"]["uoas"] == expected
    assert bars["x"] == pytest.approx([losses[id_] for id_ in expected])
    assert bars["marker"]["color"] == [page.index.colors[id_] for id_ in expected]


def test_points_of_models_are_two_of_their_numbers(page: Any, tree: Any, experiment: str) -> None:
    (points,) = drawn(page, "scatter", experiment, y="best accuracy")["figure"]["data"]
    by_id = {model.id: model for model in page.store.models}
    for id_, x, y in zip(points["meta"]["uoas"], points["x"], points["y"], strict=True):
        assert x == tree.models[by_id[id_].header.name].count_params()
        assert y == pytest.approx(by_id[id_].best.metrics["accuracy"])


def test_parameters_are_keras_(page: Any, tree: Any, ids: Any, experiment: str) -> None:
    (bars,) = drawn(page, "parameters", experiment)["figure"]["data"][:1]
    for name, id_ in ids.items():
        trainable = sum(int(np.prod(each.shape)) for each in tree.models[name].trainable_weights)
        assert bars["x"][bars["meta"]["uoas"].index(id_)] == trainable


def test_parameters_of_layers_are_keras_(page: Any, tree: Any, ids: Any) -> None:
    content = drawn(page, "parameters", ids["digits_conv"], largest=True)
    (bars,) = content["figure"]["data"]
    layers = {layer.name: layer.count_params() for layer in tree.models["digits_conv"].layers}
    counts = dict(zip(bars["customdata"], bars["x"], strict=True))
    assert counts == {name: count for name, count in layers.items() if count}
    assert bars["x"] == sorted(bars["x"], reverse=True)
    assert content["caption"].startswith(f"{sum(layers.values()):,} parameters")


def in_bytes(table: dict[str, Any], head: str) -> list[float]:
    """Return the sizes below a head that tells their unit."""
    (title,) = (each["title"] for each in table["columns"] if each["title"].startswith(f"{head} ("))
    factor = {"B": 1, "kB": 1e3, "MB": 1e6}[title.partition("(")[2].rstrip(")")]
    return [cell * factor for cell in column(table, title)]


def test_sizes_are_those_of_weights_and_files(page: Any, tree: Any, ids: Any, experiment: str) -> None:
    table = drawn(page, "save_size", experiment)["table"]
    weights, logs = (in_bytes(table, head) for head in ("weights", "log"))
    for id_, weight, log in zip(table["uoas"], weights, logs, strict=True):
        name = next(name for name, other in ids.items() if other == id_)
        folder = tree.folder / "models" / id_
        files = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        assert weight == pytest.approx(sum(w.numpy().nbytes for w in tree.models[name].weights), rel=5e-3)
        assert log == pytest.approx(files, rel=5e-3)


def test_sizes_of_layers_are_told_by_type(page: Any, tree: Any, ids: Any) -> None:
    content = drawn(page, "save_size", ids["digits_conv"])
    (bars,) = content["figure"]["data"]
    kernel = tree.models["digits_conv"].get_layer("output")
    assert bars["name"] == "float32"
    assert bars["x"][0] == sum(weight.numpy().nbytes for weight in kernel.weights)
    assert bars["meta"]["uoas"][0] == f"{ids['digits_conv']}/output"


@pytest.mark.parametrize("when", ["last", "best"])
def test_the_table_of_metrics_is_the_store_s(page: Any, store: Any, experiment: str, when: str) -> None:
    table = drawn(page, "metrics_table", experiment, when=when)["table"]
    by_id = {model.id: model for model in store.models}
    for place, id_ in enumerate(table["uoas"]):
        model = by_id[id_]
        metrics = model.last_metrics if when == "last" else model.best.metrics
        assert column(table, "val. loss")[place] == pytest.approx(metrics["val_loss"])
        assert column(table, "accuracy")[place] == pytest.approx(metrics["accuracy"])
        assert column(table, "parents")[place] == ", ".join(parent.header.title for parent in model.parents)


def test_run_times_are_medians_of_what_was_measured(page: Any, store: Any, experiment: str) -> None:
    content = drawn(page, "runtime", experiment)
    table = content["table"]
    by_id = {model.id: model for model in store.models}
    for place, id_ in enumerate(table["uoas"]):
        model = by_id[id_]
        steps = [each.step_seconds for each in model.moments if each.step_seconds is not None]
        passes = [c.inference_seconds for c in model.checkpoints if c.inference_seconds is not None]
        assert column(table, "time per step (ms)")[place] == pytest.approx(np.median(steps) * 1e3)
        assert column(table, "time per epoch (s)")[place] == pytest.approx(model.history["seconds"].median())
        assert column(table, "inference per sample (µs)")[place] == pytest.approx(
            np.median(passes) / 300 * 1e6
        )
        peak = max(each.peak_memory for each in model.moments)
        assert column(table, "peak memory (MB)")[place] == pytest.approx(peak / 1e6)
        (line,) = (line for line in content["figure"]["data"] if line["meta"]["uoa"] == id_)
        assert line["y"] == pytest.approx([step * 1e3 for step in steps])


def test_parallel_coordinates_are_what_differs(page: Any, store: Any, experiment: str) -> None:
    content = drawn(page, "parallel_coordinates", experiment)
    names = [text.partition(":")[0] for text in content["figure"]["data"][0]["customdata"]]
    assert names[-4:] == ["validation accuracy", "accuracy", "validation loss", "loss"]
    assert {"layers", "parameters"} <= set(names)
    assert "seed" not in names, "it is the same everywhere"
    by_id = {model.id: model for model in store.models}
    losses = {id_: model.last_metrics["loss"] for id_, model in by_id.items()}
    low, high = min(losses.values()), max(losses.values())
    for line in content["figure"]["data"]:
        assert line["y"][-1] == pytest.approx((losses[line["meta"]["uoa"]] - low) / (high - low))
    everything = drawn(page, "parallel_coordinates", experiment, differing=False, without="loss")
    shown = [text.partition(":")[0] for text in everything["figure"]["data"][0]["customdata"]]
    assert len(shown) > len(names)
    assert "validation loss" in shown
    assert "loss" not in shown[-3:]


def test_hyperparameters_are_named_by_where_they_lie() -> None:
    assert flattened(
        {
            "optimizer": {"class": "Adam", "learning_rate": 0.1, "use_ema": False},
            "metrics": ["accuracy", "auc"], "loss_weights": None, "batch_size": 64, "host": "here",
            "callbacks": [],
        }
    ) == {
        "optimizer": "Adam", "optimizer learning rate": 0.1, "optimizer use ema": "no",
        "metrics": "accuracy, auc", "loss weights": None, "batch size": 64, "callbacks": "none",
    }  # fmt: skip


def test_an_axis_of_numbers_goes_from_the_smallest_to_the_largest() -> None:
    axis = axis_of("a", [2, 6, None, 3, nan])
    assert axis.places == (0, 1, None, 0.25, None)
    assert axis.texts == ("2", "6", "–", "3", "–")
    assert axis.marks == ((0, "2"), (1, "6"))


def test_an_axis_over_many_sizes_is_logarithmic() -> None:
    assert axis_of("rate", [0.001, 0.1, 0.01]).places == pytest.approx((0, 1, 0.5))


def test_an_axis_of_words_has_a_place_for_each() -> None:
    axis = axis_of("optimizer", ["Adam", "SGD", None, "Adam", "A very long optimizer"])
    assert axis.places == (0, 0.5, None, 0, 1)
    assert [mark for _, mark in axis.marks] == ["Adam", "SGD", "A very long…"]
    assert axis_of("mixed", [1, "auto"]).texts == ("1", "auto")
    assert axis_of("one", ["a", "a"]).places == (0.5, 0.5)


def test_a_layer_s_counterpart_follows_names_on_every_level() -> None:
    layers = {
        "removed": [{"id": "gone"}, {"id": "block/inner"}],
        "renamed": [{"before": "old", "after": "new"}, {"before": "old/a", "after": "new/b"}],
    }
    assert counterpart(layers, "same") == "same"
    assert counterpart(layers, "gone") is None
    assert counterpart(layers, "gone/inside") is None
    assert counterpart(layers, "block/inner/x") is None
    assert counterpart(layers, "block/other") == "block/other"
    assert [counterpart(layers, name) for name in ("old", "old/a", "old/c")] == ["new", "new/b", "new/c"]


def test_bytes_are_told_by_the_name_of_a_type() -> None:
    kinds = {"float32": 400, "bfloat16": 200, "float8_e4m3fn": 100, "int4": 50, "bool": 100, "string": 0}
    assert {dtype: nbytes(dtype, 100) for dtype in kinds} == kinds


def test_weights_are_counted_by_whether_they_are_trained() -> None:
    variables = [
        {"name": "gamma", "shape": [4], "dtype": "float32", "trainable": True},
        {"name": "moving_mean", "shape": [4, 2], "dtype": "float16", "trainable": False},
    ]
    graph = {"nodes": [{"id": "norm", "variables": variables}, {"id": "relu", "variables": []}]}
    (found,) = weights_of(graph)
    assert (found.layer, found.trainable, found.fixed, found.count) == ("norm", 4, 8, 12)
    assert found.bytes == {"float32": 16, "float16": 16}


def test_metrics_that_are_not_finite_are_numbers_still() -> None:
    model = {"metrics": {"mae": 1.0, "val_loss": "NaN", "loss": "Infinity"}, "best": None, "seconds": None}
    assert metric_names([model]) == ["val_loss", "loss", "mae"]
    assert isnan(quantity(model, "validation loss"))
    assert quantity(model, "loss") == inf
    assert isnan(quantity(model, "best loss"))
    assert isnan(quantity(model, "training time in s"))
