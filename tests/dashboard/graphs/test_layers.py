"""L2: what is drawn of a model's layers."""

import asyncio
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.drawing import Drawing
from inspectree.dashboard.graphs.layers import draw_layers, layer_unit, weights_unit

Json = dict[str, Any]


@pytest.fixture(params=[None, "block"])
def group(request: pytest.FixtureRequest) -> str | None:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def drawing(graph: Json, model: Any, fitting: Any, group: str | None) -> Drawing:
    return draw_layers(model("aaaa", label="Small"), Architecture(graph), group, "red", fitting)


def test_every_layer_is_a_box_with_its_path(drawing: Drawing, group: str | None) -> None:
    inside = ["block/conv", "block/act"] if group else ["image", "block", "add", "flat", "dense"]
    assert [box["uoa"] for box in drawing["nodes"]] == [f"aaaa/{id_}" for id_ in inside]
    assert {box["uoa"]: box["kind"] for box in drawing["nodes"]} == {
        f"aaaa/{id_}": "group" if id_ == "block" else "layer" for id_ in inside
    }
    assert all(box["fits"] == ["layer"] for box in drawing["nodes"])


def test_boxes_do_not_overlap_and_lie_within_the_frame_and_the_bounds(drawing: Drawing) -> None:
    (frame,) = drawing["frames"]
    left, top, right, bottom = drawing["bounds"]
    assert left <= frame["x"] <= frame["x"] + frame["w"] <= right
    assert top <= frame["y"] <= frame["y"] + frame["h"] <= bottom
    for box in drawing["nodes"]:
        assert frame["x"] <= box["x"] - box["w"] / 2 <= box["x"] + box["w"] / 2 <= frame["x"] + frame["w"]
        assert frame["y"] <= box["y"] - box["h"] / 2 <= box["y"] + box["h"] / 2 <= frame["y"] + frame["h"]
    for a, b in combinations(drawing["nodes"], 2):
        apart = abs(a["x"] - b["x"]) >= (a["w"] + b["w"]) / 2 or abs(a["y"] - b["y"]) >= (a["h"] + b["h"]) / 2
        assert apart, (a["uoa"], b["uoa"])


def test_edges_go_from_the_bottom_of_one_box_to_the_top_of_another(drawing: Drawing) -> None:
    boxes = {box["uoa"]: box for box in drawing["nodes"]}
    assert drawing["edges"]
    for line in drawing["edges"]:
        start, end = boxes[line["source"]], boxes[line["target"]]
        assert line["points"][0] == (start["x"], start["y"] + start["h"] / 2)
        assert line["points"][-1][0] == end["x"]
        assert 0 <= end["y"] - end["h"] / 2 - line["points"][-1][1] <= 12, "the arrow's head"


def test_the_frame_is_the_model_or_the_group(drawing: Drawing, group: str | None) -> None:
    (frame,) = drawing["frames"]
    told = (frame["uoa"], frame["kind"], frame["name"], frame["fits"])
    if group:
        assert told == ("aaaa/block", "group", "Small › block", [])
    else:
        assert told == ("aaaa", "model", "Small", ["model"])
    assert drawing["key"] == f"L2 {frame['uoa']}"


def test_a_box_tells_type_shape_and_parameters(graph: Json, model: Any, fitting: Any) -> None:
    drawing = draw_layers(model("aaaa"), Architecture(graph), None, "red", fitting)
    boxes = {box["name"]: box for box in drawing["nodes"]}
    more = boxes["dense"]["more"]
    assert (more["type"], more["shape"], more["parameters"]) == ("Dense", "(3)", "51 params")
    assert boxes["block"]["more"]["shape"] == "(4×4×1)"
    assert boxes["flat"]["more"]["parameters"] == ""
    assert boxes["dense"]["tip"].splitlines() == [
        "dense · Dense", "activation: softmax", "units: 3",
        "kernel: 16×3 float32", "bias: 3 float32", "51 parameters",
    ]  # fmt: skip
    assert "passes its input on at inference" in boxes["flat"]["tip"]


def test_an_edge_tells_the_tensor(graph: Json, model: Any, fitting: Any) -> None:
    drawing = draw_layers(model("aaaa"), Architecture(graph), None, "red", fitting)
    (line,) = [line for line in drawing["edges"] if line["target"] == "aaaa/dense"]
    assert (line["label"], line["tip"]) == ("(16)", "flat → dense\n(16) float32")


def test_layers_and_variables_are_units_that_tools_know(graph: Json) -> None:
    dense = Architecture(graph).by_id["dense"]
    unit = layer_unit("aaaa", dense)
    assert (unit.uoa, unit.kind, unit.dims, unit.shape) == (
        "aaaa/dense", "layer", ("sample", "unit"), (None, 3),
    )  # fmt: skip
    assert unit.level == "L2"
    weights = weights_unit("aaaa", dense, dense["variables"][0])
    assert (weights.uoa, weights.kind, weights.dims, weights.shape) == (
        "aaaa/dense/kernel", "weights", ("in", "out"), (16, 3),
    )  # fmt: skip
    assert layer_unit("aaaa", Architecture(graph).by_id["dense/Add"]).kind == "operation"


def test_a_skip_connection_is_drawn_as_keras_has_it(
    page: Any, tree: Any, ids: Any, fitting: Callable[..., Any]
) -> None:
    """Both ways into the sum are there."""
    model = page.index.models[ids["digits_conv_skip"]]
    graph = Architecture(asyncio.run(page.client.architecture(model["id"])))
    drawing = draw_layers(model, graph, None, "red", fitting)
    into = {line["source"] for line in drawing["edges"] if line["target"].endswith("/add_skip")}
    tensors = tree.models["digits_conv_skip"].get_layer("add_skip").input
    assert into == {f"{model['id']}/{tensor._keras_history.operation.name}" for tensor in tensors}
    assert len(into) == 2
