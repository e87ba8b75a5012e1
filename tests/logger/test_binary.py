"""A binary classifier that gives out logits, from its training to what its log says."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import TreeLogger
from inspectree.logger.store.reader import ModelReader

X = np.linspace(-1, 1, 40, dtype=np.float32)[:, None]
Y = (X[:, 0] > 0).astype(np.int64)


class _OwnMetric(keras.metrics.BinaryAccuracy):  # type: ignore[misc]  # Keras ships no types
    def get_config(self) -> dict[str, Any]:
        raise NotImplementedError


@pytest.mark.parametrize("metrics", [[], [_OwnMetric()]], ids=["plain", "a metric that cannot be written"])
@pytest.mark.parametrize("loss", [keras.losses.BinaryCrossentropy, keras.losses.BinaryFocalCrossentropy])
def test_logits_are_cut_at_0(loss: Any, metrics: list[Any], tmp_path: Path) -> None:
    """The score is 0.2 · x: as a probability it would never be above a half."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.0), loss(from_logits=True), metrics=metrics)
    model.set_weights([np.full((1, 1), 0.2), np.zeros(1)])
    logger = TreeLogger(tmp_path, name="m", samples=(X, Y), on_error="raise")
    model.fit(X, Y, verbose=0, callbacks=[logger])
    value = ModelReader(tmp_path / "models" / logger.header.id).checkpoint(1).read("y_prediction")
    assert value["predicted"].values.tolist() == [str(y) for y in Y]
    assert value["correct"].values.all()
