"""How much a store of 18 MNIST models takes, each with 11 checkpoints and the activations of every layer.

Eight classifiers of growing size (dense, and convolutional with skip connections) and ten variational
autoencoders with a training step of their own, the largest as in Keras' examples. It is the workload for
which a predecessor took 70 GB; its models and samples are not known in detail, so the table also says what
all values would take in float32 without compression. A few thousand images are trained on: how many there
are does not change a checkpoint's size.
``python benchmarks/workload.py [--images mnist.npz] [--samples 1000] [--store FOLDER]``
"""

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import prod
from pathlib import Path
from typing import Annotated, Any

import keras
import tensorflow as tf
import typer
from data import Images, images
from keras import layers, ops
from rich.console import Console
from rich.table import Table

from inspectree.logger import TreeLogger
from inspectree.logger.store.layout import CHECKPOINTS, model_folder
from inspectree.logger.store.reader import ModelReader

SHAPE = (28, 28, 1)
TRAINED, BATCH = 2048, 128


def dense(units: tuple[int, ...], *, skip: bool = False) -> keras.Model:
    """Return a classifier of dense layers; with ``skip`` each but the first adds its input."""
    inputs = keras.Input(SHAPE)
    x = layers.Flatten()(inputs)
    for number, size in enumerate(units):
        y = layers.Dense(size, activation="relu")(x)
        x = layers.Add()([x, y]) if skip and number else y
    return classifier(inputs, layers.Dropout(0.2)(x))


def convolutional(filters: tuple[int, ...], *, skip: bool = False) -> keras.Model:
    """Return a classifier of convolutions and poolings; ``skip`` adds its own input to each convolution."""
    inputs = x = keras.Input(SHAPE)
    for count in filters:
        padding = "same" if skip else "valid"
        y = layers.Conv2D(count, 3, padding=padding, activation="relu")(x)
        x = layers.MaxPooling2D()(layers.Add()([layers.Conv2D(count, 1)(x), y]) if skip else y)
    return classifier(inputs, layers.Dropout(0.5)(layers.Flatten()(x)))


def classifier(inputs: Any, features: Any) -> keras.Model:
    """Return a compiled model that ends in ten classes."""
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(features))
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@keras.saving.register_keras_serializable("benchmark")
class Sampling(layers.Layer):  # type: ignore[misc] # Keras ships no types
    """Draw from the normal distribution with a given mean and logarithm of the variance."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.seeds = keras.random.SeedGenerator(1)

    def call(self, inputs: Any) -> Any:
        """Return one draw per sample."""
        mean, log_variance = inputs
        return mean + ops.exp(log_variance / 2) * keras.random.normal(ops.shape(mean), seed=self.seeds)


class Autoencoder(keras.Model):  # type: ignore[misc] # Keras ships no types
    """A variational autoencoder with convolutions on both sides."""

    def __init__(self, filters: tuple[int, ...], latent: int) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder(filters, latent), decoder(filters, latent)
        self.loss_tracker = keras.metrics.Mean("loss")

    def call(self, inputs: Any) -> Any:
        """Return the reconstruction."""
        return self.decoder(self.encoder(inputs)[2])

    def train_step(self, data: Any) -> dict[str, Any]:
        """Go one step down the reconstruction's loss and the divergence from the prior."""
        pictures = data[0] if isinstance(data, tuple) else data
        with tf.GradientTape() as tape:
            mean, log_variance, z = self.encoder(pictures)
            pixels = keras.losses.binary_crossentropy(pictures, self.decoder(z))
            divergence = -0.5 * (1 + log_variance - mean**2 - ops.exp(log_variance))
            loss = ops.mean(ops.sum(pixels, axis=(1, 2))) + ops.mean(ops.sum(divergence, axis=1))
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        self.loss_tracker.update_state(loss)
        return {"loss": self.loss_tracker.result()}

    @property
    def metrics(self) -> list[Any]:
        """Return what is reset at every epoch."""
        return [self.loss_tracker]


def encoder(filters: tuple[int, ...], latent: int) -> keras.Model:
    """Return images → mean, logarithm of the variance, a draw."""
    inputs = x = keras.Input(SHAPE)
    for count in filters:
        x = layers.Conv2D(count, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Dense(16, activation="relu")(layers.Flatten()(x))
    mean, log_variance = layers.Dense(latent, name="mean")(x), layers.Dense(latent, name="log_variance")(x)
    return keras.Model(inputs, [mean, log_variance, Sampling()([mean, log_variance])], name="encoder")


def decoder(filters: tuple[int, ...], latent: int) -> keras.Model:
    """Return a draw → an image, with the encoder's filters backwards."""
    inputs = keras.Input((latent,))
    side = SHAPE[0] // 2 ** len(filters)
    x = layers.Dense(side * side * filters[-1], activation="relu")(inputs)
    x = layers.Reshape((side, side, filters[-1]))(x)
    for count in reversed(filters):
        x = layers.Conv2DTranspose(count, 3, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2DTranspose(1, 3, padding="same", activation="sigmoid")(x)
    return keras.Model(inputs, x, name="decoder")


def autoencoder(filters: tuple[int, ...], latent: int) -> keras.Model:
    """Return a compiled variational autoencoder."""
    model = Autoencoder(filters, latent)
    model.compile("adam")
    return model


FILTERS = ((4, 8), (8, 16), (16, 16), (16, 32), (32, 64))

MODELS: dict[str, Callable[[], keras.Model]] = {
    "dense_32": lambda: dense((32,)),
    "dense_128": lambda: dense((128, 128)),
    "dense_512": lambda: dense((512, 512)),
    "dense_skip": lambda: dense((256, 256, 256, 256), skip=True),
    "conv_8": lambda: convolutional((8,)),
    "conv_16": lambda: convolutional((16, 32)),
    "conv_32": lambda: convolutional((32, 64)),
    "conv_skip": lambda: convolutional((16, 32), skip=True),
    **{
        f"vae_{first}_{second}_{latent}": partial(autoencoder, (first, second), latent)
        for first, second in FILTERS
        for latent in (2, 16)
    },
}


@dataclass(frozen=True)
class Logged:
    """What one model has left in the store; sizes in bytes."""

    model: keras.Model
    checkpoints: int
    size: int
    uncompressed: int
    seconds: float

    @property
    def cells(self) -> tuple[str, ...]:
        """Return a row of the table."""
        each = self.size / self.checkpoints
        return (
            f"{self.model.count_params():,}",
            f"{self.checkpoints}",
            f"{each / 1e6:.1f}",
            f"{self.size / 1e9:.2f}",
            f"{self.uncompressed / 1e9:.2f}",
            f"{self.seconds:.0f}",
        )


def main(
    images_file: Images = None,
    samples: Annotated[int, typer.Option(help="of which every layer's activations are kept")] = 1000,
    epochs: int = 10,
    store: Annotated[Path | None, typer.Option(help="kept; without it, a temporary folder")] = None,
) -> None:
    """Train all models, and print how much each has logged."""
    x, y = images(images_file, max(samples, TRAINED))
    folder = Path(tempfile.mkdtemp()) if store is None else store
    table = Table("model", "parameters", "checkpoints", "MB each", "GB", "GB as float32", "s")
    logged = []
    for name, make in MODELS.items():
        labels = [] if name.startswith("vae") else [y]
        logged.append(log(folder, name, make, [x, *labels], samples, epochs))
        table.add_row(name, *logged[-1].cells)
    sums = (sum(each.size for each in logged), sum(each.uncompressed for each in logged))
    table.add_row(f"{len(MODELS)} models", "", "", "", *(f"{size / 1e9:.2f}" for size in sums), "")
    Console().print(table)
    if store is None:
        shutil.rmtree(folder)


def log(
    store: Path, name: str, make: Callable[[], keras.Model], data: list[Any], samples: int, epochs: int
) -> Logged:
    """Train one model and return what it has logged; ``data`` are images, and labels where there are some."""
    begun = time.perf_counter()
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    model = make()
    chosen = tuple(values[:samples] for values in data)
    logger = TreeLogger(
        store, name=name, samples=chosen if len(chosen) > 1 else chosen[0], max_samples=samples
    )
    trained = [values[:TRAINED] for values in data]
    model.fit(*trained, epochs=epochs, batch_size=BATCH, verbose=0, callbacks=[logger])
    files = list((model_folder(store, logger.header.id) / CHECKPOINTS).iterdir())
    entries = ModelReader(model_folder(store, logger.header.id)).checkpoint(0).entries.values()
    return Logged(
        model=model,
        checkpoints=len(files),
        size=sum(path.stat().st_size for path in files),
        uncompressed=len(files) * sum(4 * prod(entry.shape) for entry in entries),
        seconds=time.perf_counter() - begun,
    )


if __name__ == "__main__":
    typer.run(main)
