"""Units by their type."""

from collections.abc import Callable
from typing import Any

import pytest

from inspectree.logger.architecture.model_graph import ModelGraph, Node
from inspectree.server.search.traits import activation
from inspectree.server.search.unit_types import UNIT_TYPES, units

Graph = Callable[..., ModelGraph]
Make = Callable[..., Node]


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
        ("Mine", {}, set()),
    ],
)
def test_layers_are_of_their_types(type_: str, config: dict[str, Any], types: set[str]) -> None:
    node = Node(id="a", kind="layer", type=type_, name="a", config=config)
    assert {unit.name for unit in UNIT_TYPES if list(unit.of_node(node))} == types


@pytest.mark.parametrize(
    ("type_", "config", "name"),
    [
        ("Dense", {"activation": "relu"}, "relu"),
        ("Dense", {"activation": {"class": "LeakyReLU", "negative_slope": 0.1}}, "leakyrelu"),
        ("Activation", {"activation": "tanh"}, "tanh"),
        ("Activation", {"activation": "linear"}, None),
        ("Softmax", {}, "softmax"),
        ("PReLU", {}, "prelu"),
        ("Gelu", {}, "gelu"),
        ("LogSoftmax", {}, "logsoftmax"),
        ("Dense", {}, None),
        ("Multiply", {}, None),
        ("SelfAttention", {}, None),
    ],
)
def test_the_activation_function_of_a_layer_or_operation(
    type_: str, config: dict[str, Any], name: str | None
) -> None:
    assert activation(Node(id="a", kind="layer", type=type_, name="a", config=config)) == name


def test_every_type_of_a_layer_with_its_operations_and_variables(node: Make, graph: Graph) -> None:
    """The layer, its function, its steps, what it puts out and its variables, each by its own path."""
    nodes = [
        node("a", "Dense", config={"activation": "relu"}),
        node("a/matmul", "Matmul", kind="operation", parent="a"),
        node("a/relu", "ReLU", kind="operation", parent="a"),
    ]
    found = {name: of_type.paths for name, of_type in units(graph(nodes, "")).items()}
    assert found == {
        "dense": ["a"], "layer:Dense": ["a"], "activation": ["a"], "activation:relu": ["a"],
        "operation": ["a/matmul", "a/relu"], "operation:Matmul": ["a/matmul"], "operation:ReLU": ["a/relu"],
        "kernel": ["a/kernel"], "variable:kernel": ["a/kernel"], "output": ["a/activations"],
    }  # fmt: skip


def test_a_layer_that_is_called_again_counts_once(node: Make, graph: Graph) -> None:
    again = node("a:1", "Dense", call_of="a", variables=())
    assert units(graph([node("a", "Dense"), again], "a>a:1"))["dense"].paths == ["a"]


def test_a_variables_name_is_encoded_in_its_path(node: Make, graph: Graph) -> None:
    (weight,) = node("a", "Dense").variables
    odd = [weight.model_copy(update={"name": name}) for name in ("my/kernel", "x/y_kernel")]
    found = units(graph([node("a", "Custom", variables=tuple(odd))], ""))
    assert found["kernel"].paths == ["a/x%2Fy_kernel"]
    assert found["variable:my/kernel"].paths == ["a/my%2Fkernel"]
