"""Look-ups in a model's graph."""

from typing import Any

from inspectree.dashboard.graphs.architecture import Architecture


def names(nodes: list[dict[str, Any]]) -> list[str]:
    return [node["id"] for node in nodes]


def test_layers_are_found_by_what_they_are_in(graph: dict[str, Any]) -> None:
    architecture = Architecture(graph)
    assert names(architecture.layers(None)) == ["image", "block", "add", "flat", "dense"]
    assert names(architecture.layers("block")) == ["block/conv", "block/act"]
    assert names(architecture.operations("dense")) == ["dense/MatMul", "dense/Add", "dense/Softmax"]
    assert [architecture.is_group(id_) for id_ in ("block", "dense", "block/conv")] == [True, False, False]


def test_links_join_siblings_only(graph: dict[str, Any]) -> None:
    architecture = Architecture(graph)
    assert architecture.links("block") == [("block/conv", "block/act")]
    assert architecture.links(None) == [
        ("image", "block"), ("block", "add"), ("image", "add"), ("add", "flat"), ("flat", "dense"),
    ]  # fmt: skip


def test_a_tensor_that_is_used_twice_is_one_link(graph: dict[str, Any]) -> None:
    graph["edges"].append({"source": "image", "target": "add", "source_port": 0, "target_port": 2})
    assert Architecture(graph).links(None).count(("image", "add")) == 1


def test_sources_are_in_the_order_of_the_inputs(graph: dict[str, Any]) -> None:
    assert names(Architecture(graph).sources("add")) == ["block", "image"]
    assert names(Architecture(graph).sources("image")) == []
    assert names(Architecture(graph).sources("block/conv")) == []


def test_variables_feed_operations(graph: dict[str, Any]) -> None:
    assert Architecture(graph).uses("dense") == [("kernel", "dense/MatMul"), ("bias", "dense/Add")]
    assert Architecture(graph).uses("flat") == []


def test_parameters_are_counted_with_everything_inside(graph: dict[str, Any]) -> None:
    """3 · 3 · 1 · 1 in the block, 16 · 3 + 3 in the dense layer."""
    architecture = Architecture(graph)
    assert [architecture.parameters(id_) for id_ in ("block", "dense", "flat")] == [9, 51, 0]
