"""A variational auto-encoder whose steps track both of its losses: `balancing`, `distributions`.

After Kingma and Welling: Auto-Encoding Variational Bayes, 2014. A loss of 90 : 10 counts the reconstruction
nine times as much as the Kullback–Leibler divergence of the latent distribution from N(0, 1).
"""

from typing import Any

import keras
import tensorflow as tf
from keras import layers, ops

HIDDEN = 64
LOSSES = ("loss", "reconstruction", "kl")


class Sampling(layers.Layer):  # type: ignore[misc] # Keras ships no types
    """Draw from the normal distribution of a mean and of a logarithm of the variance."""

    def __init__(self, seed: int = 1, **more: Any) -> None:
        super().__init__(**more)
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, inputs: tuple[Any, Any]) -> Any:
        """Return mean + deviation · noise, which gradients pass."""
        mean, log_var = inputs
        return mean + ops.exp(log_var / 2) * keras.random.normal(ops.shape(mean), seed=self.generator)


def encoder(shape: tuple[int, ...], latent: int, activation: str | None) -> keras.Model:
    """Return images → mean, logarithm of the variance, and a draw of the latent distribution."""
    image = keras.Input(shape, name="image")
    x = layers.Flatten(name="flatten")(image)
    x = layers.Dense(HIDDEN, activation="tanh", name="hidden")(x)
    mean = layers.Dense(latent, activation=activation, name="z_mean")(x)
    log_var = layers.Dense(latent, activation=activation, name="z_log_var")(x)
    return keras.Model(image, [mean, log_var, Sampling(name="z")([mean, log_var])], name="encoder")


def decoder(shape: tuple[int, ...], latent: int) -> keras.Model:
    """Return places in the latent space → images."""
    z = keras.Input((latent,), name="place")
    x = layers.Dense(HIDDEN, activation="tanh", name="hidden")(z)
    x = layers.Dense(shape[0] * shape[1] * shape[2], activation="sigmoid", name="pixels")(x)
    return keras.Model(z, layers.Reshape(shape, name="reconstruction")(x), name="decoder")


class Vae(keras.Model):  # type: ignore[misc] # Keras ships no types
    """Encode, draw, decode; ``balance`` weighs reconstruction and Kullback–Leibler divergence."""

    def __init__(
        self,
        shape: tuple[int, ...],
        balance: tuple[int, int],
        latent: int = 4,
        activation: str | None = None,
        name: str = "vae",
    ) -> None:
        super().__init__(name=name)
        self.encoder = encoder(shape, latent, activation)
        self.decoder = decoder(shape, latent)
        self.shares = [part / sum(balance) for part in balance]
        self.trackers = {loss: keras.metrics.Mean(name=loss) for loss in LOSSES}

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """Return what Keras resets with every epoch."""
        return list(self.trackers.values())

    def call(self, images: Any) -> Any:
        """Return the reconstructions."""
        return self.decoder(self.encoder(images)[2])

    def train_step(self, images: Any) -> dict[str, Any]:
        """Learn from one batch."""
        with tf.GradientTape() as tape:
            losses = self.losses_of(images)
        gradients = tape.gradient(losses[0], self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return self.tracked(losses)

    def test_step(self, images: Any) -> dict[str, Any]:
        """Look at one batch."""
        return self.tracked(self.losses_of(images))

    def losses_of(self, images: Any) -> tuple[Any, Any, Any]:
        """Return the weighted sum and its two parts, in nats per image."""
        mean, log_var, z = self.encoder(images)
        pixels, drawn = ops.reshape(images, (-1, 1)), ops.reshape(self.decoder(z), (-1, 1))
        wrong = ops.reshape(keras.losses.binary_crossentropy(pixels, drawn), (ops.shape(images)[0], -1))
        reconstruction = ops.mean(ops.sum(wrong, axis=1))
        divergence = (ops.square(mean) + ops.exp(log_var) - 1 - log_var) / 2
        kl = ops.mean(ops.sum(divergence, axis=1))
        return self.shares[0] * reconstruction + self.shares[1] * kl, reconstruction, kl

    def tracked(self, losses: tuple[Any, Any, Any]) -> dict[str, Any]:
        """Count a batch's losses in, and return the means over the epoch so far."""
        for name, value in zip(LOSSES, losses, strict=True):
            self.trackers[name].update_state(value)
        return {name: tracker.result() for name, tracker in self.trackers.items()}
