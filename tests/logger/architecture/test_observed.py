"""Models whose own call works on real values only."""

from typing import Any

import keras
import numpy as np

from inspectree.logger.architecture.trace import trace
from inspectree.logger.capture.inputs import fit_samples
from inspectree.logger.samples import as_samples

L = keras.layers


class _Deciding(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """Looks at the values themselves to decide which layers it calls, and how often."""

    def __init__(self) -> None:
        super().__init__(name="deciding")
        self.first, self.again = L.Dense(3, name="first"), L.Dense(3, name="again")
        self.inner = keras.Sequential([L.Dense(2, name="deep"), L.LSTM(2, name="read")], name="inner")
        self.never = L.Dense(2, name="never")
        self.never.build((None, 3))

    def call(self, x: Any) -> Any:
        x = self.first(x)
        for _ in range(2 + int(keras.ops.convert_to_numpy(keras.ops.sum(x)))):
            x = self.again(x)
        return self.inner(x[:, None])


def test_layers_are_told_in_the_order_of_their_calls_without_edges() -> None:
    model, x = _Deciding(), np.zeros((4, 5), np.float32)
    model(x)
    _, inputs = fit_samples(model, as_samples(x))
    graph = trace(model, inputs).graph
    names = ["first", "again", "again:1", "inner", "inner/deep", "inner/read", "never"]
    assert [node.id for node in graph.nodes if node.kind == "layer"][: len(names)] == names
    assert graph.by_id["again:1"].call_of == "again"
    assert graph.by_id["inner/deep"].outputs[0].shape == (None, 1, 2)
    assert graph.outputs == ("inner",)
    assert graph.parameters == model.count_params()
    assert graph.edges == ()
