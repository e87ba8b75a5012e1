"""A generator and a discriminator in a hand-written loop, each with a logger of its own.

Run it with ``python -m inspectree.sample_experiments.gan STORE``. The steps are TensorFlow's.
"""

from typing import Annotated, Any

import keras
import numpy as np
import tensorflow as tf
import typer
from keras import layers, ops
from sklearn.datasets import load_digits

from inspectree.logger import TreeLogger

NOISE, BATCH = 16, 64


def build_generator() -> keras.Model:
    """Return noise → images of digits."""
    hidden = layers.Dense(64, activation="relu", name="hidden")
    pixels = layers.Dense(64, activation="sigmoid", name="pixels")
    return keras.Sequential([keras.Input((NOISE,)), hidden, pixels, layers.Reshape((8, 8, 1), name="image")])


def build_discriminator() -> keras.Model:
    """Return images → the logit of being real."""
    conv = layers.Conv2D(16, 3, strides=2, activation="leaky_relu", name="conv")
    return keras.Sequential(
        [keras.Input((8, 8, 1)), conv, layers.Flatten(name="flatten"), layers.Dense(1, name="logit")]
    )


def learn(model: keras.Model, optimizer: keras.optimizers.Optimizer, tape: Any, loss: Any) -> None:
    """Do one step of one of the two."""
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))


def main(store: Annotated[str, typer.Argument(help="the folder to log to")], epochs: int = 20) -> None:
    """Train both against each other, and log them into ``store``."""
    keras.utils.set_random_seed(0)
    digits = (load_digits().images[..., np.newaxis] / 16).astype("float32")
    generator, discriminator = build_generator(), build_discriminator()
    optimizers = [keras.optimizers.Adam(1e-3, beta_1=0.5) for _ in range(2)]
    judged = keras.losses.BinaryCrossentropy(from_logits=True)

    @tf.function  # type: ignore[untyped-decorator] # TensorFlow ships no types
    def train(images: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as g, tf.GradientTape() as d:
            fakes = generator(keras.random.normal((BATCH, NOISE)), training=True)
            real, fake = discriminator(images, training=True), discriminator(fakes, training=True)
            told_apart = judged(ops.ones_like(real), real) + judged(ops.zeros_like(fake), fake)
            fooled = judged(ops.ones_like(fake), fake)
        learn(generator, optimizers[0], g, fooled)
        learn(discriminator, optimizers[1], d, told_apart)
        return fooled, told_apart

    noise = np.random.default_rng(0).normal(size=(200, NOISE)).astype("float32")
    with (
        TreeLogger(store, name="generator", samples=noise).attach(generator) as g_log,
        TreeLogger(store, name="discriminator", samples=digits[:200]).attach(discriminator) as d_log,
    ):
        for epoch in range(1, epochs + 1):
            batches = np.random.default_rng(epoch).permutation(digits)[: len(digits) // BATCH * BATCH]
            losses = np.mean([train(batch) for batch in batches.reshape(-1, BATCH, 8, 8, 1)], axis=0)
            step = int(optimizers[0].iterations)
            g_log.checkpoint(step=step, epoch=epoch, metrics={"loss": losses[0]})
            d_log.checkpoint(step=step, epoch=epoch, metrics={"loss": losses[1]})


if __name__ == "__main__":
    typer.run(main)
