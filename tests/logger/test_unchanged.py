"""Training is not changed by being watched."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import Every, TreeLogger

L = keras.layers


class _Sampling(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """Noise also at inference, and a loss of its own: what a VAE does."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seeds = keras.random.SeedGenerator(7)

    def call(self, x: Any) -> Any:
        self.add_loss(0.01 * keras.ops.mean(keras.ops.square(x)))
        return x + 0.1 * keras.random.normal(keras.ops.shape(x), seed=self.seeds)


def _noisy() -> Any:
    keras.utils.set_random_seed(5)
    model = keras.Sequential(
        [
            L.Flatten(),
            L.Dense(6, activation="relu"),
            L.Dropout(0.3),
            L.BatchNormalization(),
            L.GaussianNoise(0.2),
            _Sampling(),
            L.Dense(3),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.RMSprop(0.01), loss, metrics=["accuracy"])
    return model


def _history(model: Any, data: Any, callbacks: list[Any]) -> tuple[dict[str, list[float]], list[Any]]:
    x, y = data
    options = {"epochs": 3, "batch_size": 16, "validation_split": 0.2, "shuffle": True, "verbose": 0}
    history = model.fit(x, y, callbacks=callbacks, **options).history
    return history, model.get_weights()


@pytest.mark.parametrize("every", ["epoch", Every.steps(2)], ids=["epochs", "steps"])
@pytest.mark.parametrize("late", [False, True], ids=["built", "built late, with noise"])
def test_the_loss_history_is_the_same_bit_for_bit(
    late: bool, every: Any, digits: Any, network: Any, tmp_path: Path
) -> None:
    make = _noisy if late else network
    alone, weights_alone = _history(make(), digits, [])
    logger = TreeLogger(tmp_path, name="w", samples=digits, max_samples=30, every=every, on_error="raise")
    watched, weights_watched = _history(make(), digits, [logger])
    assert watched == alone
    for one, other in zip(weights_alone, weights_watched, strict=True):
        np.testing.assert_array_equal(one, other)
