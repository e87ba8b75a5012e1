"""Summary, small graph and export of a unit, against Keras and against files as they are read again."""

import io
import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from inspectree.dashboard.tools.export import SHELL_STORE, STORE, code
from inspectree.server.api.app import create_app
from inspectree.server.cli import main as inspectree

MODEL = "digits_conv_skip"


def test_the_summary_is_keras_own(page: Any, tree: Any, ids: Any) -> None:
    """Names, output shapes and parameters in Keras' order; the totals, too."""
    content = page.card("model_summary", ids[MODEL])["content"]
    model = tree.models[MODEL]
    expected = [
        [layer.name, type(layer).__name__, layer.count_params(), tuple(layer.output.shape[1:])]
        for layer in model.layers
    ]
    rows = content["table"]["rows"]
    shapes = [tuple(int(size) for size in row[2].strip("()").split("×")) for row in rows]
    assert [[row[0], row[1], row[3], shape] for row, shape in zip(rows, shapes, strict=True)] == expected
    trainable = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    total = model.count_params()
    parameters, _, _ = content["caption"].partition(" · ")
    assert parameters == f"{total:,} parameters: {trainable:,} trainable, {total - trainable:,} not"
    assert content["table"]["uoas"] == [f"{ids[MODEL]}/{layer.name}" for layer in model.layers]


def test_the_summary_tells_what_feeds_a_layer(page: Any, tree: Any, ids: Any) -> None:
    rows = {row[0]: row[5] for row in page.card("model_summary", ids[MODEL])["content"]["table"]["rows"]}
    for layer in tree.models[MODEL].layers:
        nodes = layer._inbound_nodes[0].parent_nodes if layer._inbound_nodes else ()
        assert rows[layer.name] == ", ".join(node.operation.name for node in nodes)


def test_the_summary_tells_the_operations_of_a_sample(page: Any, tree: Any, ids: Any) -> None:
    """A convolution does two for each weight at each place, adds a bias, and its ReLU compares each once."""
    content = page.card("model_summary", ids[MODEL])["content"]
    flops = {row[0]: row[4] for row in content["table"]["rows"]}
    for layer in (each for each in tree.models[MODEL].layers if each.name.startswith("conv")):
        kernel, bias = layer.weights
        places = int(np.prod(layer.output.shape[1:-1]))
        weights, units = int(np.prod(kernel.shape)), int(np.prod(bias.shape))
        assert flops[layer.name] == places * (2 * weights + units + units)
    assert content["caption"].endswith(f" · {sum(flops.values()):,} FLOPs per sample")
    assert sum(flops.values()) == page.store[MODEL].architecture.flops


def test_the_small_graph_has_every_layer_and_link(page: Any, tree: Any, ids: Any) -> None:
    lines, dots = page.card("layer_graph", ids[MODEL])["content"]["figure"]["data"]
    layers = tree.models[MODEL].layers
    assert dots["text"] == [layer.name for layer in layers]
    assert dots["meta"]["uoas"] == [f"{ids[MODEL]}/{layer.name}" for layer in layers]
    links = sum(len(layer._inbound_nodes[0].parent_nodes) for layer in layers if layer._inbound_nodes)
    assert lines["x"].count(None) == links
    place = dict(zip(dots["text"], dots["y"], strict=True))
    assert place["image"] < place["conv_1"] < place["output"]
    low, high = page.card("layer_graph", ids[MODEL])["content"]["figure"]["layout"]["yaxis"]["range"]
    assert low >= place["output"] > place["image"] >= high, "the input stands above"
    left, right = page.card("layer_graph", ids[MODEL])["content"]["figure"]["layout"]["xaxis"]["range"]
    assert all(left <= x <= right for x in lines["x"] if x is not None)


def test_files_hold_the_values(page: Any, store: Any, ids: Any, fetch: Callable[..., bytes]) -> None:
    """As the page asks for them: the same numbers in every format."""
    uoa = f"{ids[MODEL]}/conv_1/kernel"
    offered = {file["title"]: file for file in page.card("export", uoa)["content"]["files"]}
    values = store[MODEL].checkpoint("last")["conv_1/kernel"].values
    assert np.array_equal(np.load(io.BytesIO(fetch(offered["NumPy"]))), values)
    assert json.loads(fetch(offered["JSON"]))["shape"] == list(values.shape)
    rows = fetch(offered["CSV"]).decode().splitlines()
    assert len(rows) == 1 + values.size
    assert offered["NumPy"]["name"] == f"{ids[MODEL]}-2-conv_1-kernel.npy"


def test_a_models_metrics_are_a_table(page: Any, tree: Any, ids: Any, fetch: Callable[..., bytes]) -> None:
    (csv, *_) = page.card("export", ids[MODEL])["content"]["files"]
    head, *rows = fetch(csv).decode().splitlines()
    column = head.split(",").index("loss")
    losses = [float(row.split(",")[column]) for row in rows]
    assert losses == pytest.approx(tree.histories[MODEL]["loss"])


def test_what_is_switched_off_is_left_out(page: Any, ids: Any, fetch: Callable[..., bytes]) -> None:
    from inspectree.dashboard.view import View

    content = page.card("export", f"{ids[MODEL]}/conv_1", View(off=("zero",)))["content"]
    values = np.load(io.BytesIO(fetch(content["files"][0])))
    assert values.shape[0] < 300
    assert f"{values.size:,} values" in content["caption"]
    assert content["caption"].endswith("only what is switched on")


def test_the_lines_do_as_they_say(store: Any, ids: Any, tree: Any, tmp_path: Path) -> None:
    """Python and the shell's line give the values; curl's has the address, a body and a type."""
    uoa = f"{ids[MODEL]}@2/conv_1/kernel"
    steps = [{"op": "abs"}]
    folder = str(tree.folder)
    written = code(uoa, steps, "npy").replace(SHELL_STORE, shlex.quote(folder))
    lines = written.replace(STORE, json.dumps(folder)).splitlines()
    expected = np.abs(store[MODEL].checkpoint(2)["conv_1/kernel"].values)

    names: dict[str, Any] = {}
    exec("\n".join(lines[1:3]), names)
    assert np.array_equal(names["values"].values, expected)

    program, *arguments = shlex.split(lines[5])
    assert program == "inspectree"
    arguments[arguments.index("-o") + 1] = str(tmp_path / "kernel.npy")
    assert inspectree(arguments) == 0
    assert np.array_equal(np.load(tmp_path / "kernel.npy"), expected)

    program, *arguments = shlex.split(lines[8])
    assert program == "curl"
    assert json.loads(arguments[arguments.index("-d") + 1]) == {"uoa": uoa, "pipeline": steps}
    assert "Accept: application/x-npy" in arguments


@pytest.fixture
def fetch(store: Any) -> Callable[..., bytes]:
    """Return how the page gets a file."""
    import asyncio

    async def got(file: dict[str, Any]) -> bytes:
        transport = httpx.ASGITransport(app=create_app(store))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answer = await client.post(file["path"], json=file["body"], headers={"accept": file["accept"]})
            answer.raise_for_status()
            assert answer.headers["content-type"].startswith(file["accept"])
            return answer.content

    return lambda file: asyncio.run(got(file))
