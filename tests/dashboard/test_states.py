"""Stores as they are met: empty, half written, failed, without values, without classes, with numbers lost."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plotly.io.json import to_json_plotly

from inspectree.dashboard import regions
from inspectree.dashboard.callbacks import REGIONS
from inspectree.dashboard.tools import TOOLS, fitting
from inspectree.dashboard.view import View
from inspectree.logger import Header, TreeLogger
from inspectree.logger.store.record import CheckpointRecord, LayerRecord, Samples
from inspectree.logger.store.writer import ModelWriter

ID = "aaaa-broken"


def text(value: Any) -> str:
    """Return components and values as the browser gets them."""
    return json.dumps(json.loads(to_json_plotly(value), parse_constant=pytest.fail), ensure_ascii=False)


def places(page: Any) -> Iterator[View]:
    """Yield the views of every level of every model of a store, with a measure chosen."""
    yield View(measure="variance")
    for id_, model in page.index.models.items():
        layers = [path for path in ("hidden", "hidden_1", "out", "output", "image") if path]
        yield View(focus=id_, level="L2", selected=id_, measure="variance")
        for layer in layers:
            yield View(
                focus=f"{id_}/{layer}", level="L1", selected=f"{id_}/{layer}#0", checkpoint=model["epochs"]
            )


def shows_everything(page: Any) -> None:
    """Look at every region at every place."""
    for view in places(page):
        for region, _, _ in REGIONS:
            text(page.show(region, view))


def told(page: Any, uoas: list[str]) -> dict[tuple[str, str], str]:
    """Return the errors of every tool on units that it fits, after all of them were drawn."""
    errors = {}
    for uoa in uoas:
        unit = page.unit(uoa)
        for tool in (tool for tool in TOOLS if tool.fits(unit)):
            card = page.card(tool.name, uoa)
            text(card)
            errors[uoa.partition("/")[2], tool.name] = card["content"].get("error", "")
    return {key: error for key, error in errors.items() if error}


def write(folder: Path, store: Any, *, checkpoints: int = 0) -> ModelWriter:
    """Begin to log the dense digits model, by hand: with its weights only."""
    model = store["digits_dense"]
    samples = Samples(
        inputs={"x": np.zeros((4, 8, 8, 1), np.float32)},
        ids=np.arange(4),
        classes=np.array([0, 1, 2, 3]),
        class_names=model.class_names,
    )
    writer = ModelWriter(folder, Header(id=ID, name="broken"))
    writer.start(model.architecture, {}, samples)
    for number in range(checkpoints):
        kernel = np.full((64, 64), number, np.float32)
        layers = [LayerRecord("hidden_1", weights={"kernel": kernel})]
        writer.checkpoint(CheckpointRecord(number, number, number, 1.7e9 + number, {}, layers))
    return writer


def test_an_empty_store_says_how_to_log_the_first_model(
    tmp_path: Path, open_page: Callable[..., Any]
) -> None:
    store = tmp_path / "runs"
    store.mkdir()
    page = open_page(store)
    shown = text(page.show(regions.empty))
    assert 'log = TreeLogger(\\"runs\\"' in shown
    assert "inspectree demo" in shown
    assert page.show(regions.scene)["nodes"] == []
    assert page.show(regions.bar)["numbers"] == []
    assert page.show(regions.header)[1][1] == "watching runs · 0 models"
    shows_everything(page)


def test_the_lines_for_the_first_model_are_python(tmp_path: Path, open_page: Callable[..., Any]) -> None:
    from inspectree.dashboard.panels.empty import LINES

    compile(LINES.format(store="runs"), "first.py", "exec")


def test_an_unreadable_model_is_told_where_it_would_be(tmp_path: Path, open_page: Callable[..., Any]) -> None:
    broken = tmp_path / "models" / "damaged"
    broken.mkdir(parents=True)
    broken.joinpath("model.h5").write_bytes(b"not HDF5")
    assert "damaged: " in text(open_page(tmp_path).show(regions.empty))


def test_a_store_with_a_model_says_nothing_of_that(page: Any) -> None:
    assert page.show(regions.empty) == []


def test_a_model_without_checkpoints_is_shown_without_values(
    tmp_path: Path, store: Any, open_page: Callable[..., Any]
) -> None:
    """Its architecture is known; every tool that needs values says that there are none yet."""
    write(tmp_path, store).finish()
    page = open_page(tmp_path)
    shows_everything(page)
    scene = page.show(regions.scene, View(focus=ID, level="L2"))
    assert f"{ID}/hidden_1" in [box["uoa"] for box in scene["nodes"]]
    assert page.show(regions.bar, View(focus=ID, level="L2"))["numbers"] == []
    assert page.show(regions.matrix, View(focus=f"{ID}/hidden_1", level="L1")) is None
    neurons = page.show(regions.scene, View(focus=f"{ID}/hidden_1", level="L1"))
    assert {box["label"].partition(", ")[2] for box in neurons["nodes"]} == {"no activation"}
    errors = told(page, [ID, f"{ID}/hidden_1", f"{ID}/hidden_1/kernel", f"{ID}/hidden_1#1"])
    alone = "there is no other model in this experiment to compare with"
    assert {tool for (_, tool), error in errors.items() if error == alone} == {"layer_over_models"}
    assert errors.pop(("", "performance")) == "no epoch has ended yet"
    assert errors.pop(("", "metrics_table")) == "no epoch has ended yet"
    assert errors.pop(("", "runtime")).startswith("no epoch has ended yet")
    assert errors.pop(("", "comparison")) == "there is no other model to compare with"
    assert {*errors.values()} - {alone} == {
        "broken has no checkpoint yet",
        "broken has no model with a checkpoint yet",
        "broken has no model with classes and a checkpoint yet",
    }
    assert not {tool for _, tool in errors} & {"note", "branch"}


@pytest.mark.parametrize(
    ("state", "error"), [("failed", "ValueError: the loss is NaN"), ("interrupted", None)]
)
def test_how_a_training_ended_is_told(
    tmp_path: Path, store: Any, open_page: Callable[..., Any], state: Any, error: str | None
) -> None:
    writer = write(tmp_path, store, checkpoints=2)
    writer.finish(state, error)
    page = open_page(tmp_path)
    shows_everything(page)
    (box,) = page.show(regions.scene)["nodes"]
    there = page.index.models[ID]["state"]
    assert there == state
    assert box["more"]["state"] == there
    assert box["tip"].startswith(f"broken · {there}")
    assert error is None or error in box["tip"]
    assert there in text(page.show(regions.selection, View(selected=ID)))


def test_a_model_that_is_being_trained_is_counted_as_such(
    tmp_path: Path, store: Any, open_page: Callable[..., Any]
) -> None:
    writer = write(tmp_path, store)
    try:
        page = open_page(tmp_path)
        assert page.show(regions.header)[1][1].endswith("1 model · 1 training")
    finally:
        writer.finish()


def test_without_activations_weights_are_shown_and_the_rest_says_why_not(
    tmp_path: Path, store: Any, open_page: Callable[..., Any]
) -> None:
    write(tmp_path, store, checkpoints=2).finish()
    page = open_page(tmp_path)
    shows_everything(page)
    weights = {tool: error for (_, tool), error in told(page, [f"{ID}/hidden_1/kernel"]).items()}
    assert weights == {
        "density": "these values are all the same, or none is finite: there is no density",
        "gradients": "no gradients of kernel were recorded: log with TreeLogger(…, gradients=True)",
        "layer_over_models": "there is no other model in this experiment to compare with",
    }
    errors = {tool: error for (_, tool), error in told(page, [f"{ID}/hidden_1", f"{ID}/hidden_1#1"]).items()}
    assert errors.keys() >= {
        "histogram",
        "histogram_over_checkpoints",
        "neuron_classes",
        "density",
        "scatter",
    }
    for tool in errors.keys() - weights.keys() | {"density"}:
        assert "activations" in errors[tool] or "has no variable 'bias'" in errors[tool], tool


@pytest.fixture(scope="module")
def regression(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with a regression that kept its activations, and one that had no room for them."""
    import keras

    folder = tmp_path_factory.mktemp("regression")
    random = np.random.default_rng(0)
    x, y = random.random((40, 4), np.float32), random.random((40, 1), np.float32)
    for id_, budget in (("bbbb-kept", "1 MB"), ("cccc-budget", "33 kB")):
        keras.utils.set_random_seed(1)
        layers = [
            keras.Input((4,), name="x"),
            keras.layers.Dense(6, name="hidden"),
            keras.layers.Dense(1, name="out"),
        ]
        model = keras.Sequential(layers)
        model.compile("sgd", "mse")
        logger = TreeLogger(folder, name=id_, id=id_, samples=(x, y), budget=budget, on_error="raise")
        model.fit(x, y, epochs=1, verbose=0, callbacks=[logger])
    return folder


def test_a_regression_is_shown_without_classes(regression: Path, open_page: Callable[..., Any]) -> None:
    page = open_page(regression)
    shows_everything(page)
    view = View(focus="bbbb-kept", level="L2")
    assert "logged without classes" in text(page.show(regions.classes, view))
    assert page.show(regions.matrix, View(focus="bbbb-kept/hidden", level="L1")) is None
    errors = told(page, ["bbbb-kept", "bbbb-kept/hidden", "bbbb-kept/hidden#2", "bbbb-kept/out/kernel"])
    assert {tool for _, tool in errors} == {"dead_units", "gradients", "layer_over_models"}
    of_classes = {
        "confusion_matrix",
        "misclassified",
        "class_metrics",
        "class_probabilities",
        "neuron_classes",
    }
    for uoa in ("bbbb-kept", "bbbb-kept/hidden", "bbbb-kept/hidden#2"):
        assert of_classes.isdisjoint(fitting(page.unit(uoa)))


def test_what_had_no_room_is_told(regression: Path, open_page: Callable[..., Any]) -> None:
    page = open_page(regression)
    errors = told(page, ["cccc-budget/hidden", "cccc-budget/hidden/kernel"])
    assert ("hidden", "histogram") in errors
    assert ("hidden/kernel", "histogram") not in errors
    scene = page.show(regions.scene, View(focus="cccc-budget/hidden", level="L1"))
    assert len(scene["nodes"]) >= 6


def test_metrics_that_are_not_finite_are_drawn_as_gaps(
    tmp_path: Path, store: Any, open_page: Callable[..., Any]
) -> None:
    """And not as words on the axis."""
    writer = write(tmp_path, store)
    for epoch, loss in enumerate((0.5, float("nan"), float("inf")), start=1):
        writer.scalars(epoch=epoch, step=epoch, seconds=1.0, metrics={"loss": loss})
    writer.finish()
    page = open_page(tmp_path)
    shows_everything(page)
    (line,) = json.loads(text(page.card("performance", ID)))["content"]["figure"]["data"]
    assert line["y"] == [0.5, None, None]


def test_models_whose_ids_begin_alike_are_told_apart(
    tmp_path: Path, store: Any, open_page: Callable[..., Any]
) -> None:
    """The scores inside of one are not mixed with those of the other."""
    write(tmp_path, store, checkpoints=2).finish()
    child = ModelWriter(tmp_path, Header(id=f"{ID}-2", name="other", parents=(ID,)))
    samples = Samples(inputs={"x": np.zeros((1, 8, 8, 1), np.float32)}, ids=np.arange(1))
    child.start(store["digits_dense"].architecture, {}, samples)
    kernel = np.arange(64 * 64, dtype=np.float32).reshape(64, 64)
    child.checkpoint(
        CheckpointRecord(0, 0, 0, 1.8e9, {}, [LayerRecord("hidden_1", weights={"kernel": kernel})])
    )
    child.finish()
    page = open_page(tmp_path)
    scores = page.show(regions.scores, View(focus=ID, level="L2", measure="variance"))
    assert scores
    assert {uoa.partition("/")[0] for uoa in scores} == {ID}


def test_an_address_of_a_model_that_is_not_there_shows_the_tree(page: Any) -> None:
    view = View(focus="gone/conv", level="L1", selected="gone/conv#1")
    assert page.show(regions.scene, view)["level"] == "L3"
    assert len(page.show(regions.scene, view)["nodes"]) == len(page.index.models)
    crumbs, _, _ = page.show(regions.header, view)
    assert len(crumbs) == 1
    assert page.card("histogram", "gone/conv")["content"] == {
        "error": "gone/conv is not in this store any more"
    }


def test_without_classes_units_are_coloured_by_their_mean_over_all_samples(
    tmp_path: Path, open_page: Callable[..., Any]
) -> None:
    import keras

    keras.utils.set_random_seed(5)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, name="hidden"), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).random((20, 3), np.float32)
    logger = TreeLogger(tmp_path, name="regression", samples=(x, x.sum(axis=1)), on_error="raise")
    model.fit(x, x.sum(axis=1), epochs=1, verbose=0, callbacks=[logger])
    page = open_page(tmp_path)
    (id_,) = page.index.models
    drawn = page.show(regions.scene, View(focus=f"{id_}/hidden", level="L1"))["nodes"]
    shown = {box["name"]: box["more"]["text"].split(" · ")[0] for box in drawn if "/hidden#" in box["uoa"]}
    means = (
        page.store.models[0].checkpoint("last")["hidden/activations"].values.astype(np.float32).mean(axis=0)
    )
    assert {name: float(text) for name, text in shown.items()} == pytest.approx(
        {f"u{unit:03d}": mean for unit, mean in enumerate(means)}, rel=0.01
    )
