"""The inside of a layer's box."""

from typing import Any

import pytest

from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.interior import MOST_OPERATIONS, Interior, interior

Json = dict[str, Any]


def inside(graph: Json, id_: str, fitting: Any) -> Interior:
    architecture = Architecture(graph)
    return interior("aaaa", architecture, architecture.by_id[id_], fitting)


def test_operations_stand_in_the_order_of_the_data(graph: Json, fitting: Any) -> None:
    found = inside(graph, "dense", fitting)
    operations = [item for item in found.pictograms if item["kind"] == "operation"]
    assert [item["uoa"] for item in operations] == [
        "aaaa/dense/MatMul", "aaaa/dense/Add", "aaaa/dense/Softmax",
    ]  # fmt: skip
    assert [item["pictogram"] for item in operations] == ["matmul", "add", "softmax"]
    across = [item["x"] for item in operations]
    assert across == sorted(set(across)), "each further to the right"


def test_variables_stand_below_the_operation_that_they_feed(graph: Json, fitting: Any) -> None:
    items = {item["label"]: item for item in inside(graph, "dense", fitting).pictograms}
    for variable, operation in (("kernel", "matmul"), ("bias", "add")):
        assert items[variable]["x"] == items[operation]["x"]
        assert items[variable]["y"] > items[operation]["y"]
    assert items["kernel"]["uoa"] == "aaaa/dense/kernel"
    assert items["kernel"]["fits"] == ["weights"]
    assert items["kernel"]["sub"] == "16×3"


def test_links_are_the_data_flow(graph: Json, fitting: Any) -> None:
    found = inside(graph, "dense", fitting)
    labels = [item["label"] for item in found.pictograms]
    assert {(labels[a], labels[b]) for a, b in found.links} == {
        ("matmul", "add"), ("add", "softmax"), ("kernel", "matmul"), ("bias", "add"),
    }  # fmt: skip


@pytest.mark.parametrize("id_", ["image", "block", "block/conv", "add", "flat", "dense", "dense/Add"])
def test_everything_is_inside_the_box(graph: Json, fitting: Any, id_: str) -> None:
    found = inside(graph, id_, fitting)
    assert found.pictograms
    for item in found.pictograms:
        half = item["size"] / 2
        assert half <= item["x"] <= found.width - half
        assert half <= item["y"] <= found.height - half


def test_a_nested_model_says_how_much_is_inside(graph: Json, fitting: Any) -> None:
    (item,) = inside(graph, "block", fitting).pictograms
    assert (item["kind"], item["label"]) == ("whole", "2 layers inside")


def test_many_operations_are_told_by_their_number(graph: Json, fitting: Any) -> None:
    template = next(node for node in graph["nodes"] if node["id"] == "dense/Add")
    graph["nodes"] += [{**template, "id": f"dense/more_{index}"} for index in range(MOST_OPERATIONS)]
    items = inside(graph, "dense", fitting).pictograms
    assert [item["label"] for item in items if item["kind"] == "whole"] == [
        f"{MOST_OPERATIONS + 3} operations"
    ]
    assert [item["label"] for item in items if item["kind"] == "weights"] == ["kernel", "bias"]
