from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import TreeLogger
from inspectree.logger.store.layout import encode
from inspectree.logger.store.reader import ModelReader

NAMES = ("activations", "mean_class_activations", "statistics", "scale")


class _Named(keras.layers.Layer):  # type: ignore[misc]  # Keras ships no types
    """A layer whose weights are called like what is recorded of a layer."""

    def build(self, input_shape: Any) -> None:  # noqa: ARG002 - Keras' signature
        self.factors = [
            self.add_weight(name=name, shape=(1,), initializer=keras.initializers.Constant(2 + index))
            for index, name in enumerate((*NAMES, "scale"))
        ]

    def call(self, x: Any) -> Any:
        for factor in self.factors:
            x = x * factor
        return x


@pytest.fixture
def reader(tmp_path: Path) -> ModelReader:
    x = np.ones((6, 2), np.float32)
    model = keras.Sequential([keras.Input((2,)), _Named(name="named"), keras.layers.Dense(2)])
    model.compile(keras.optimizers.SGD(0.0), "sparse_categorical_crossentropy")
    logger = TreeLogger(tmp_path, name="m", samples=(x, np.arange(6) % 2), on_error="raise")
    model.fit(x, np.arange(6) % 2, verbose=0, callbacks=[logger])
    return ModelReader(tmp_path / "models" / logger.header.id)


def test_weights_and_what_is_recorded_of_a_layer_have_names_of_their_own(reader: ModelReader) -> None:
    checkpoint = reader.checkpoint(1)
    for index, name in enumerate(("activations@2", "mean_class_activations@2", *NAMES[2:], "scale@2")):
        path = f"named/{encode(name)}"
        assert checkpoint.entry(path).kind == "weights"
        assert checkpoint.read(path).values == [2 + index]
        assert checkpoint.statistics(path).mean == 2 + index
    product = np.prod(np.arange(2, 7))
    assert (checkpoint.read("named/activations").values == product).all()
    assert checkpoint.statistics("named/activations").mean == product
    assert checkpoint.read("named/mean_class_activations").shape == (2, 2)


def test_the_graph_names_them_the_same(reader: ModelReader) -> None:
    names = [variable.name for variable in reader.graph.by_id["named"].variables]
    assert names == ["activations@2", "mean_class_activations@2", "statistics", "scale", "scale@2"]
