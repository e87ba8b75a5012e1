"""Graphs compared with Keras' own record of functional models, and with the calls of a real forward pass."""

from typing import Any

import keras
import numpy as np
import pytest

from tests.logger.architecture.calls import edges, floats, layers_called, layers_drawn, traced
from tests.logger.architecture.keras_record import check, noted

L = keras.layers


def _deep() -> Any:
    """Return a model in a model in a model, each with a skip connection, the inmost called twice."""
    x = keras.Input((4,))
    inmost = keras.Model(x, L.Add()([x, L.Dense(4)(x)]), name="inmost")
    y = keras.Input((4,))
    middle = keras.Model(y, inmost(keras.ops.tanh(inmost(y) + y)), name="middle")
    chain = keras.Sequential([keras.Input((4,)), L.Dense(4), L.ReLU(), L.Dense(4)], name="chain")
    z = keras.Input((4,))
    outer = keras.Model(z, L.Multiply()([middle(z), chain(z)]), name="outer")
    a = keras.Input((4,), name="a")
    return keras.Model(a, L.Dense(2)(outer(a) - a), name="deep")


def _many() -> Any:
    """Return a model with several inputs and outputs, a shared layer, and operations as layers."""
    left, right = keras.Input((6,), name="left"), keras.Input((6,), name="right")
    shared = L.Dense(6, activation="relu", name="shared")
    one, two = shared(left), shared(right)
    skip = L.Add(name="skip")([one, left])
    summed = keras.ops.concatenate([skip + two, keras.ops.mean(one * two, axis=-1, keepdims=True)], axis=1)
    parts = keras.ops.split(summed, [3], axis=1)
    outputs = {"a": L.Dense(2, name="a")(parts[0]), "b": {"c": L.Dense(1, name="b")(parts[1]), "d": one}}
    return keras.Model([left, right], outputs, name="many")


def _recurrent() -> Any:
    """Return a model that hands states from one layer to another, and attends to the sequence."""
    x = keras.Input((5, 3), name="x")
    sequence, *states = L.LSTM(4, return_sequences=True, return_state=True, name="encoder")(x)
    decoded = L.LSTM(4, return_sequences=True, name="decoder")(sequence, initial_state=states)
    attended, scores = L.MultiHeadAttention(2, 4, name="mha")(decoded, sequence, return_attention_scores=True)
    both = L.Bidirectional(L.GRU(4), name="both")(L.TimeDistributed(L.Dense(4), name="each")(attended))
    return keras.Model(x, [both, scores], name="recurrent")


FUNCTIONAL = {
    "models in models": (_deep, [floats(4)], 5),
    "several inputs and outputs": (_many, [floats(6), floats(6)], 1),
    "recurrent": (_recurrent, [floats(5, 3)], 1),
}


@pytest.mark.parametrize(("make", "arrays", "models"), FUNCTIONAL.values(), ids=FUNCTIONAL)
def test_the_edges_are_those_that_keras_noted_on_every_level(make: Any, arrays: Any, models: int) -> None:
    model = make()
    found = traced(model, *arrays)
    assert check(found.graph, model) == models
    assert found.graph.parameters == model.count_params()
    assert all(node.inside == "traced" for node in found.graph.nodes)


@pytest.mark.parametrize(("make", "arrays", "_"), FUNCTIONAL.values(), ids=FUNCTIONAL)
def test_the_layers_of_a_functional_model_are_those_that_a_forward_pass_calls(
    make: Any, arrays: Any, _: int
) -> None:
    model = make()
    inputs = [layer for layer in layers_called(model, *arrays) if not isinstance(layer, L.InputLayer)]
    assert layers_drawn(traced(model, *arrays)) == inputs


def test_a_graph_s_outputs_are_the_layers_that_give_them_in_their_order() -> None:
    assert traced(_many(), floats(6), floats(6)).graph.outputs == ("a", "b", "shared")


class _Block(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """A transformer's block, which also gives out its scores."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.attention = L.MultiHeadAttention(2, 4)
        self.norms = [L.LayerNormalization(), L.LayerNormalization()]
        self.mlp = keras.Sequential([L.Dense(16, activation="gelu"), L.Dense(8)])

    def call(self, x: Any) -> Any:
        attended, scores = self.attention(x, x, return_attention_scores=True)
        x = self.norms[0](x + attended)
        return {"out": self.norms[1](x + self.mlp(x)), "scores": scores}


class _Transformer(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """Blocks in a loop, one of them twice; positions from constants; a branch that depends on a setting."""

    def __init__(self, tied: bool) -> None:
        super().__init__(name="transformer")
        self.tied = tied
        self.tokens, self.places = L.Embedding(11, 8), L.Embedding(6, 8)
        self.blocks = [_Block(name="block") for _ in range(1 if tied else 2)]
        self.pool, self.head = L.GlobalAveragePooling1D(name="pool"), L.Dense(3, name="head")

    def call(self, x: Any) -> Any:
        x = self.tokens(x) + self.places(keras.ops.arange(6))
        scores = []
        for number in range(2):
            found = self.blocks[0 if self.tied else number](x)
            x = found["out"]
            scores.append(found["scores"])
        return {"logits": self.head(self.pool(x)), "scores": scores}


@pytest.mark.parametrize("tied", [False, True])
def test_a_subclassed_model_has_a_node_for_every_call_in_their_order(tied: bool) -> None:
    model = _Transformer(tied)
    tokens = np.ones((4, 6), "int32")
    model(tokens)
    found = traced(model, tokens)
    assert layers_drawn(found) == layers_called(model, tokens)
    assert found.graph.parameters == model.count_params()
    second = "block:1" if tied else "block@2"
    assert {("block", second), (second, "pool"), ("pool", "head")} <= edges(found.graph)
    assert found.graph.outputs[1:] == ("block", second)


QUICK = ("ConvNeXtTiny", "MobileNetV2", "MobileNetV3Small")
"""Architectures that are made within a second or two; benchmarks/applications.py looks at all."""


@pytest.mark.parametrize("name", QUICK)
def test_an_architecture_of_keras_applications_is_seen_completely(name: str) -> None:
    model = getattr(keras.applications, name)(weights=None, input_shape=(32, 32, 3), classes=3)
    graph = traced(model, floats(32, 32, 3)).graph
    assert edges(graph) == noted(model)
    assert graph.parameters == model.count_params()
    assert {node.inside for node in graph.nodes} == {"traced"}
    assert graph.flops is not None
    shapes = {operation.name: tuple(operation.output.shape) for operation in model.operations}
    assert {node.id: node.outputs[0].shape for node in graph.children()} == shapes
