"""A tree of six models on handwritten digits: each generation repairs what can be seen of the last.

Run it with ``python -m inspectree.sample_experiments.digits [STORE]``; ``inspectree demo`` does, and serves
the tree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import keras
import numpy as np
import typer
from keras import layers
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from inspectree.logger import Header, TreeLogger
from inspectree.sample_experiments.digits_tree import NAMES

EPOCHS = 8
CLASSES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Generation:
    """One model of the tree: what it is called, what it comes from, why, and how it is built."""

    name: str
    label: str
    parents: tuple[str, ...]
    notes: str
    build: Callable[[], keras.Model]


def dense_saturated() -> keras.Model:
    """Return two sigmoid layers that begin with weights much too large."""
    wide = keras.initializers.RandomNormal(stddev=2.0, seed=1)
    return keras.Sequential(
        [
            keras.Input((8, 8, 1), name="image"),
            layers.Flatten(name="flatten"),
            layers.Dense(64, activation="sigmoid", kernel_initializer=wide, name="hidden_1"),
            layers.Dense(32, activation="sigmoid", name="hidden_2"),
            layers.Dense(10, activation="softmax", name="output"),
        ],
        name="digits_dense",
    )


def dense_relu() -> keras.Model:
    """Return the same layers with ReLU and its own initialiser."""
    return keras.Sequential(
        [
            keras.Input((8, 8, 1), name="image"),
            layers.Flatten(name="flatten"),
            layers.Dense(64, activation="relu", kernel_initializer="he_normal", name="hidden_1"),
            layers.Dense(32, activation="relu", kernel_initializer="he_normal", name="hidden_2"),
            layers.Dense(10, activation="softmax", name="output"),
        ],
        name="digits_dense_relu",
    )


def convolutional() -> keras.Model:
    """Return two convolutions before the output."""
    return keras.Sequential(
        [
            keras.Input((8, 8, 1), name="image"),
            layers.Conv2D(8, 3, padding="same", activation="relu", name="conv_1"),
            layers.MaxPooling2D(name="pool_1"),
            layers.Conv2D(16, 3, padding="same", activation="relu", name="conv_2"),
            layers.Flatten(name="flatten"),
            layers.Dense(10, activation="softmax", name="output"),
        ],
        name="digits_conv",
    )


def _stem(filters: int) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    image = keras.Input((8, 8, 1), name="image")
    x = layers.Conv2D(filters, 3, padding="same", activation="relu", name="conv_1")(image)
    return image, layers.BatchNormalization(momentum=0.9, name="bn_1")(x)


def _head(image: keras.KerasTensor, x: keras.KerasTensor, name: str) -> keras.Model:
    x = layers.MaxPooling2D(name="pool_1")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(0.2, seed=3, name="dropout")(x)
    return keras.Model(image, layers.Dense(10, activation="softmax", name="output")(x), name=name)


def with_skip() -> keras.Model:
    """Return the convolutions with a connection around the second."""
    image = keras.Input((8, 8, 1), name="image")
    x = layers.Conv2D(16, 3, padding="same", activation="relu", name="conv_1")(image)
    x = layers.MaxPooling2D(name="pool_1")(x)
    inside = layers.Conv2D(16, 3, padding="same", activation="relu", name="conv_2")(x)
    x = layers.Flatten(name="flatten")(layers.Add(name="add_skip")([x, inside]))
    output = layers.Dense(10, activation="softmax", name="output")(x)
    return keras.Model(image, output, name="digits_conv_skip")


def wider() -> keras.Model:
    """Return twice the filters in each convolution."""
    image, x = _stem(16)
    x = layers.Conv2D(32, 3, padding="same", activation="relu", name="conv_2")(x)
    return _head(image, x, "digits_conv_wide")


def merged() -> keras.Model:
    """Return the wide convolutions with the skip connection."""
    image, x = _stem(16)
    inside = layers.Conv2D(16, 3, padding="same", activation="relu", name="conv_2")(x)
    return _head(image, layers.Add(name="add_skip")([x, inside]), "digits_merged")


DENSE, DENSE_RELU, CONV, CONV_SKIP, CONV_WIDE, MERGED = NAMES

TREE = (
    Generation(
        DENSE, "Dense, saturated", (),
        "The first try. `hidden_1` begins with weights of standard deviation 2: its sigmoids sit at 0 and 1. "
        "Choose the measure *Saturation*: the layer turns red, and a histogram of its activations has two "
        "towers.",
        dense_saturated,
    ),
    Generation(
        DENSE_RELU, "Dense, ReLU", (DENSE,),
        "Repairs the saturated layer: ReLU with He initialisation. Compare the histograms of `hidden_1`.",
        dense_relu,
    ),
    Generation(
        CONV, "Convolutional", (DENSE,),
        "Looks at neighbouring pixels instead of all at once, with a third of the parameters. "
        "Its kernels can be seen as images.",
        convolutional,
    ),
    Generation(
        CONV_SKIP, "Skip connection", (CONV,),
        "Leads the first convolution's maps around the second: it learns faster from the first epoch on. "
        "*Performance metrics* on the experiment shows both curves, *Localisation* the skip connection.",
        with_skip,
    ),
    Generation(
        CONV_WIDE, "Wider", (CONV,),
        "Batch normalisation and more filters instead: `conv_2` has 32. It learns best, with the most "
        "parameters: look for maps that stay dark for every class.",
        wider,
    ),
    Generation(
        MERGED, "Skip and wide", (CONV_SKIP, CONV_WIDE),
        "Both ideas in one: the normalised stem with the skip connection. Half the parameters of *Wider*, "
        "and nearly its accuracy.",
        merged,
    ),
)  # fmt: skip


class ShowEpoch(keras.callbacks.Callback):  # type: ignore[misc] # Keras ships no types
    """Move a progress bar with the epochs."""

    def __init__(self, progress: Progress, task: int) -> None:
        super().__init__()
        self._progress, self._task = progress, task

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - Keras' signature
        """Move on, and tell the validation accuracy."""
        told = f"val_accuracy {(logs or {}).get('val_accuracy', 0):.3f}"
        self._progress.update(self._task, advance=1, told=told)  # type: ignore[arg-type] # rich's own id type


def main(
    store: Annotated[str, typer.Argument(help="the folder to log to")] = "demo", epochs: int = EPOCHS
) -> None:
    """Train the tree and log it into ``store``."""
    digits = load_digits()
    images = (digits.images[..., np.newaxis] / 16).astype("float32")
    x_train, x_test, y_train, y_test = train_test_split(
        images, digits.target, test_size=0.25, random_state=0, stratify=digits.target
    )
    columns = (
        TextColumn("{task.description:18}"),
        BarColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns) as progress:
        for generation in TREE:
            task = progress.add_task(generation.label, total=epochs, told="")
            keras.utils.set_random_seed(7)
            model = generation.build()
            model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
            header = Header(
                name=generation.name,
                label=generation.label,
                parents=generation.parents,
                tags=("digits",),
                notes=generation.notes,
            )
            log = TreeLogger(store, header, samples=(x_test, y_test), class_names=CLASSES)
            model.fit(
                x_train,
                y_train,
                validation_data=(x_test, y_test),
                epochs=epochs,
                batch_size=64,
                verbose=0,
                callbacks=[log, ShowEpoch(progress, task)],
            )


if __name__ == "__main__":
    typer.run(main)
