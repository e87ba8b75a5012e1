"""Training is not changed by being watched."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import Every, TreeLogger

L = keras.layers
BACKEND = keras.backend.backend()


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


class _Own(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A training step of its own, by the means of each backend, and Dropout."""

    def __init__(self) -> None:
        super().__init__(name="own")
        self.flat, self.dropped, self.out = L.Flatten(), L.Dropout(0.3, seed=2), L.Dense(3)

    def call(self, x: Any, training: bool = False) -> Any:
        return self.out(self.dropped(self.flat(x), training=training))

    def train_step(self, *arguments: Any) -> Any:
        return {"tensorflow": self._tensorflow, "jax": self._jax, "torch": self._torch}[BACKEND](*arguments)

    def _tensorflow(self, data: Any) -> Any:
        import tensorflow as tf

        x, y = data
        with tf.GradientTape() as tape:
            loss = 3 * self.compute_loss(x, y, self(x, training=True))
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        return {"loss": loss}

    def _torch(self, data: Any) -> Any:
        import torch

        x, y = data
        self.zero_grad()
        loss = 3 * self.compute_loss(x, y, self(x, training=True))
        loss.backward()
        with torch.no_grad():
            self.optimizer.apply([v.value.grad for v in self.trainable_weights], self.trainable_weights)
        return {"loss": loss.detach()}

    def _jax(self, state: Any, data: Any) -> Any:
        import jax

        trainable, fixed, optimizer, metrics = state
        x, y = data

        def loss_of(values: Any) -> Any:
            prediction, others = self.stateless_call(values, fixed, x, training=True)
            return 3 * self.compute_loss(x, y, prediction), others

        (loss, fixed), gradients = jax.value_and_grad(loss_of, has_aux=True)(trainable)
        trainable, optimizer = self.optimizer.stateless_apply(optimizer, gradients, trainable)
        return {"loss": loss}, (trainable, fixed, optimizer, metrics)


def _own() -> Any:
    keras.utils.set_random_seed(5)
    model = _Own()
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def _history(model: Any, data: Any, callbacks: list[Any]) -> tuple[dict[str, list[float]], list[Any]]:
    x, y = data
    options = {"epochs": 3, "batch_size": 16, "validation_split": 0.2, "shuffle": True, "verbose": 0}
    history = model.fit(x, y, callbacks=callbacks, **options).history
    return history, model.get_weights()


@pytest.mark.parametrize("every", ["epoch", Every.steps(2)], ids=["epochs", "steps"])
@pytest.mark.parametrize("kind", ["built", "built late, with noise", "its own train_step"])
def test_the_loss_history_is_the_same_bit_for_bit(
    kind: str, every: Any, digits: Any, network: Any, tmp_path: Path
) -> None:
    make = {"built": network, "built late, with noise": _noisy, "its own train_step": _own}[kind]
    alone, weights_alone = _history(make(), digits, [])
    logger = TreeLogger(tmp_path, name="w", samples=digits, max_samples=30, every=every, on_error="raise")
    watched, weights_watched = _history(make(), digits, [logger])
    assert watched == alone
    for one, other in zip(weights_alone, weights_watched, strict=True):
        np.testing.assert_array_equal(one, other)


def _of_tensorflow(x: Any) -> Any:
    import tensorflow as tf

    return tf.random.normal(tf.shape(x))


def _of_tensorflows_generator(x: Any) -> Any:
    import tensorflow as tf

    return tf.random.get_global_generator().normal(tf.shape(x))


def _of_torch(x: Any) -> Any:
    import torch

    return torch.randn_like(x)


DRAWS: dict[str, Callable[[Any], Any]] = {
    "python": lambda _: random.random(),
    "numpy": lambda _: float(np.random.normal()),  # noqa: NPY002 - the one of the process
} | {
    "tensorflow": {"tensorflow": _of_tensorflow, "tensorflow's generator": _of_tensorflows_generator},
    "torch": {"torch": _of_torch},
    "jax": {},
}[BACKEND]


class _Drawing(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """Noise also at inference, out of random numbers of the process, as in a sampling layer of a VAE."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        super().__init__(name="drawing")
        self._draw = draw

    def call(self, x: Any) -> Any:
        return x + 0.1 * self._draw(x)

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


def _drawing(draw: Callable[[Any], Any]) -> Any:
    keras.utils.set_random_seed(5)
    if BACKEND == "tensorflow":
        import tensorflow as tf

        tf.random.set_global_generator(tf.random.Generator.from_seed(5))
    layers = [L.Flatten(), L.Dense(4, name="dense"), _Drawing(draw), L.Dense(3, name="out")]
    model = keras.Sequential([keras.Input((8, 8, 1)), *layers])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("sgd", loss, run_eagerly=True)
    return model


@pytest.mark.parametrize("kind", DRAWS)
def test_what_layers_draw_of_the_process_random_numbers_is_taken_back(
    kind: str, digits: Any, tmp_path: Path
) -> None:
    alone, _ = _history(_drawing(DRAWS[kind]), digits, [])
    logger = TreeLogger(
        tmp_path, name="w", samples=digits, max_samples=30, gradients=True, updates=True, on_error="raise"
    )
    watched, _ = _history(_drawing(DRAWS[kind]), digits, [logger])
    assert watched == alone
