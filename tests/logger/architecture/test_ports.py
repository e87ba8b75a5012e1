"""The names of outputs: the same for symbolic tensors and for real ones."""

from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger.architecture.ports import named_outputs, output_names

L = keras.layers


def _real(*shape: int) -> Any:
    return keras.ops.zeros(shape)


def _symbolic(*shape: int) -> Any:
    return keras.KerasTensor(shape)


STRUCTURES = {
    "one": (lambda t: t(2), ["activations"]),
    "tuple": (lambda t: (t(2), t(3), t(4)), ["activations", "activations.1", "activations.2"]),
    "dict, by its keys' order": (
        lambda t: {"scores": t(3), "out": t(2)},
        ["activations", "activations.scores"],
    ),
    "nested": (
        lambda t: {"b": [t(2), {"x": t(3)}], "a": t(1)},
        ["activations", "activations.b.0", "activations.b.1.x"],
    ),
    "only tensors count": (lambda t: (None, t(2), 3.5, t(3)), ["activations", "activations.3"]),
    "keys with dots": (
        lambda t: (t(1), {"a": {"b": t(2)}, "a.b": t(3)}),
        ["activations", "activations.1.a.b", "activations.1.a.b@2"],
    ),
    "none": (lambda t: None, []),  # noqa: ARG005  # a layer may give out nothing
}


@pytest.mark.parametrize("tensor", [_real, _symbolic])
@pytest.mark.parametrize(("make", "names"), STRUCTURES.values(), ids=STRUCTURES)
def test_outputs_are_named_by_their_keys(make: Any, names: list[str], tensor: Any) -> None:
    assert output_names(make(tensor)) == names


def test_a_name_stands_for_its_tensor() -> None:
    named = named_outputs({"b": _symbolic(1), "a": _symbolic(2)})
    assert {name: tensor.shape for name, tensor in named.items()} == {
        "activations": (2,),
        "activations.b": (1,),
    }


LAYERS = {
    "lstm": (lambda: L.LSTM(4, return_state=True), 3),
    "gru": (lambda: L.GRU(4, return_sequences=True, return_state=True), 2),
    "bidirectional": (lambda: L.Bidirectional(L.LSTM(4, return_state=True)), 5),
    "dense": (lambda: L.Dense(4), 1),
}


@pytest.mark.parametrize(("make", "count"), LAYERS.values(), ids=LAYERS)
def test_both_sides_agree_on_a_layer(make: Any, count: int) -> None:
    layer = make()
    symbolic = output_names(layer(keras.KerasTensor((2, 5, 3))))
    assert symbolic == output_names(layer(np.zeros((2, 5, 3), "float32")))
    assert symbolic == ["activations", *(f"activations.{number}" for number in range(1, count))]
