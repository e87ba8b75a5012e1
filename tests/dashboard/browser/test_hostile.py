"""A store that somebody else has written: its words are shown, and nothing in them runs."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import orjson
from playwright.sync_api import Page, expect

from inspectree.logger import TreeLogger
from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Tensor
from inspectree.logger.header import Header
from inspectree.logger.store.record import Samples
from inspectree.logger.store.writer import ModelWriter

Opened = Callable[..., Page]

IMAGE = '<img src="x" onerror="window.ran = 1">'
SCRIPT = "<script>window.ran = 1</script>"


def log(folder: Path) -> str:
    """Log a model whose words are markup; return its id."""
    import keras

    model = keras.Sequential(
        [
            keras.Input((4,), name="image"),
            keras.layers.Dense(5, activation="relu", name="hidden"),
            keras.layers.Dense(2, activation="softmax", name="output"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy")
    x, y = np.random.default_rng(0).random((20, 4), np.float32), np.arange(20) % 2
    logger = TreeLogger(
        folder, name=SCRIPT, label=IMAGE, notes=f"{IMAGE}\n\n[link](javascript:window.ran=1) ![](http://192.0.2.1/)",
        tags=[SCRIPT], samples=(x, y), class_names=[IMAGE, SCRIPT], on_error="raise",
    )  # fmt: skip
    model.fit(x, y, epochs=1, verbose=0, callbacks=[logger])
    return logger.header.id


def test_names_notes_and_classes_are_text(
    opened: Opened, serve: Callable[[Path], str], tmp_path: Path
) -> None:
    """On every level, in the tooltips, the matrix and the widgets."""
    model = log(tmp_path)
    address = serve(tmp_path)
    tools = {"note": model, "performance": model, "confusion_matrix": model, "histogram": f"{model}/hidden"}
    widgets = orjson.dumps(
        [
            {"id": f"w{number}", "tool": tool, "uoa": uoa, "settings": {}}
            for number, (tool, uoa) in enumerate(tools.items(), start=1)
        ]
    ).decode()
    for place in (
        {"selected": model},
        {"at": model, "level": "L2", "selected": f"{model}/hidden"},
        {"at": f"{model}/hidden", "level": "L1"},
    ):
        page = opened(f"{address}#{urlencode({**place, 'widgets': widgets})}")
        expect(page.locator(".card .js-plotly-plot")).to_have_count(3)
        page.locator(".graph-view .node").first.hover()
        assert page.evaluate("window.ran") is None
        assert page.locator(".node img, .node script, .sidebar script, .card script").count() == 0


def write(folder: Path) -> None:
    """Write a model by hand: TensorFlow takes no markup for a layer's name, but a file can hold it."""
    outputs = (Tensor(shape=(None, 4), dtype="float32", dims=("sample", "unit")),)
    kinds = {"image": "input", IMAGE: "layer", f"{IMAGE}/{IMAGE}": "operation"}
    nodes = tuple(
        Node(
            id=id_, kind=kind, type=IMAGE, name=IMAGE, outputs=outputs, parent=id_.rpartition("/")[0] or None
        )
        for id_, kind in kinds.items()
    )
    edges = (Edge(source="image", target=IMAGE),)
    graph = ModelGraph(name=IMAGE, type=IMAGE, framework="keras", nodes=nodes, edges=edges, outputs=(IMAGE,))
    writer = ModelWriter(folder, Header(id="hostile", name="hostile"))
    rows = np.zeros((2, 4), np.float32)
    writer.start(graph, {IMAGE: IMAGE}, Samples({"image": rows}, ids=np.arange(2), labels={}))
    writer.finish()


def test_layers_and_operations_are_text(opened: Opened, serve: Callable[[Path], str], tmp_path: Path) -> None:
    write(tmp_path)
    address = serve(tmp_path)
    for place in ({"at": "hostile", "level": "L2"}, {"at": "hostile", "selected": "hostile"}):
        page = opened(f"{address}#{urlencode(place)}")
        expect(page.locator(".graph-view .node").last).to_be_visible()
        page.locator(".graph-view .node").last.hover()
        assert page.evaluate("window.ran") is None
        assert page.locator("img[src=x], .app script").count() == 0
