"""Units by their type, and structural patterns."""

import json
from collections.abc import Iterable
from typing import Any

import pytest

from inspectree.logger.architecture.model_graph import Edge, ModelGraph, Node, Variable
from inspectree.server import Store
from inspectree.server.errors import RequestError
from inspectree.server.search.locate import locate, locate_json
from inspectree.server.search.patterns import PATTERNS
from inspectree.server.search.unit_types import UNIT_TYPES


def graph(nodes: dict[str, str], edges: Iterable[str], **parents: str) -> ModelGraph:
    """Return a graph from types by id, edges such as ``"a>b"``, and parents."""
    return ModelGraph(
        name="g",
        type="Functional",
        framework="keras",
        nodes=tuple(
            Node(id=i, kind="layer", type=t, name=i, parent=parents.get(i)) for i, t in nodes.items()
        ),
        edges=tuple(Edge(source=e.split(">")[0], target=e.split(">")[1]) for e in edges),
    )


DENSE = dict.fromkeys("abcd", "Dense")

CASES = {
    "a chain": (graph(DENSE, ["a>b", "b>c", "c>d"]), [], []),
    "a skip": (graph({**DENSE, "+": "Add"}, ["a>b", "b>c", "a>+", "c>+", "+>d"]), ["+"], []),
    "two equal branches": (graph({**DENSE, "+": "Concatenate"}, ["a>b", "a>c", "b>+", "c>+"]), [], ["+"]),
    "two unequal branches": (
        graph({**DENSE, "+": "Concatenate"}, ["a>b", "a>c", "c>d", "b>+", "d>+"]),
        ["+"],
        ["+"],
    ),
    "two inputs": (graph({**DENSE, "+": "Add"}, ["a>b", "c>d", "b>+", "d>+"]), [], []),
    "twice the same": (graph({**DENSE, "+": "Add"}, ["a>+", "a>+"]), [], []),
    "one skip after another": (
        graph(
            {"a": "D", "b": "D", "+": "Add", "c": "D", "*": "Add"}, ["a>b", "a>+", "b>+", "+>c", "c>*", "+>*"]
        ),
        ["+", "*"],
        [],
    ),
    "a skip inside, from the block's input": (
        graph(
            {"block": "Functional", "b": "Dense", "+": "Add"},
            ["block>b", "block>+", "b>+", "+>block"],
            **{"b": "block", "+": "block"},
        ),
        ["+"],
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_patterns_are_found_where_ways_meet(case: str) -> None:
    architecture, skips, branches = CASES[case]
    found = {pattern.name: pattern.find(architecture) for pattern in PATTERNS}
    assert found == {"skip_connection": skips, "multi_branch": branches}


@pytest.mark.parametrize(
    ("type_", "config", "types"),
    [
        ("Dense", {"activation": "relu"}, {"dense", "activation"}),
        ("Dense", {"activation": "linear"}, {"dense"}),
        ("Conv2D", {}, {"convolution"}),
        ("SeparableConv1D", {}, {"convolution"}),
        ("ConvLSTM2D", {}, {"convolution", "recurrent"}),
        ("GRU", {}, {"recurrent"}),
        ("MultiHeadAttention", {}, {"attention"}),
        ("BatchNormalization", {}, {"normalisation"}),
        ("SpatialDropout2D", {}, {"dropout"}),
        ("GlobalAveragePooling2D", {}, {"pooling"}),
        ("LeakyReLU", {}, {"activation"}),
        ("Add", {}, {"merge"}),
        ("Flatten", {}, {"reshape"}),
        ("InputLayer", {}, {"input"}),
    ],
)
def test_layers_are_of_their_types(type_: str, config: dict[str, Any], types: set[str]) -> None:
    node = Node(id="a", kind="layer", type=type_, name="a", config=config)
    assert {unit.name for unit in UNIT_TYPES if list(unit.in_layer(node))} == types


def test_a_layer_that_is_called_again_counts_once() -> None:
    again = Node(id="a:1", kind="layer", type="Dense", name="a", call_of="a")
    architecture = graph({"a": "Dense"}, []).model_copy(
        update={"nodes": (*graph({"a": "Dense"}, []).nodes, again)}
    )
    assert {unit.name: unit.find(architecture) for unit in UNIT_TYPES}["dense"] == ["a"]


def test_a_variables_name_is_encoded_in_its_path() -> None:
    weight = Variable(name="my/kernel", shape=(1,), dims=("in",), dtype="float32", trainable=True)
    node = Node(id="a", kind="layer", type="Custom", name="a", variables=(weight,))
    (kernel,) = (unit for unit in UNIT_TYPES if unit.name == "kernel")
    assert list(kernel.in_layer(node)) == []
    recurrent = node.model_copy(update={"variables": (weight.model_copy(update={"name": "x/y_kernel"}),)})
    assert list(kernel.in_layer(recurrent)) == ["a/x%2Fy_kernel"]


def test_counts_reach_every_ancestor(store: Store) -> None:
    kernels = locate(store.catalog).types["kernel"]
    assert (kernels.label, kernels.total) == ("Kernels", 4)
    assert kernels.units[:2] == ("aaaa0000-root/conv/kernel", "aaaa0000-root/dense/kernel")
    assert kernels.counts == {
        "experiment:aaaa0000-root": 4,
        "aaaa0000-root": 2,
        "aaaa0000-root/conv": 1,
        "aaaa0000-root/dense": 1,
        "bbbb0000-child": 2,
        "bbbb0000-child/conv": 1,
        "bbbb0000-child/dense": 1,
    }


def test_everything_is_all_that_there_is_and_a_name_is_answered_in_any_case(store: Store) -> None:
    assert "attention" not in locate(store.catalog).types
    assert locate(store.catalog, ["attention"]).types["attention"].total == 0


def test_as_json_it_is_the_same_and_made_once(store: Store) -> None:
    everything = locate_json(store.catalog)
    assert json.loads(everything) == locate(store.catalog).model_dump(mode="json")
    assert locate_json(store.catalog) is everything
    some = json.loads(locate_json(store.catalog, ["kernel"]))
    assert some == locate(store.catalog, ["kernel"]).model_dump(mode="json")


def test_an_unknown_name_is_refused(store: Store) -> None:
    with pytest.raises(RequestError) as error:
        locate(store.catalog, ["kernels"])
    assert str(error.value) == "there is no unit type 'kernels'; the nearest are kernel, merge, dense"
