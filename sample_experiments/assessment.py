"""Assessment, comparison, refinement: classifiers for a small device, and a second look at one.

Run it with ``python -m inspectree.sample_experiments.assessment STORE [--data FILE.npz]``;
``inspectree demo --experiment assessment`` does, and serves what it logs.
`docs/experiments/assessment.md` tells what is to be seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import keras
import typer
from keras import layers

from inspectree.logger import Header, TreeLogger
from inspectree.sample_experiments.experiments import ASSESSMENT
from inspectree.sample_experiments.images import Images, load_images

EPOCHS = 8
RATE = 0.003


@dataclass(frozen=True)
class Variation:
    """One classifier: what it comes from, why, and what stands between the images and the classes."""

    label: str
    parents: tuple[str, ...]
    notes: str
    body: Callable[[Any], Any]


def conv(filters: int, name: str, strides: int = 1) -> layers.Layer:
    """Return a convolution of 3 × 3 with a ReLU."""
    return layers.Conv2D(filters, 3, strides=strides, padding="same", activation="relu", name=name)


def dense(units: int, name: str) -> layers.Layer:
    """Return a dense layer with a ReLU."""
    return layers.Dense(units, activation="relu", name=name)


def flat(x: Any) -> Any:
    """Return everything of a sample in one row."""
    return layers.Flatten(name="flatten")(x)


def pooled(x: Any, number: int) -> Any:
    """Return maps of half the size."""
    return layers.MaxPooling2D(name=f"pool_{number}")(x)


def dense_tiny(image: Any) -> Any:
    """Eight units."""
    return dense(8, "hidden")(flat(image))


def dense_wide(image: Any) -> Any:
    """Two wide layers."""
    return dense(128, "hidden_2")(dense(256, "hidden_1")(flat(image)))


def conv_tiny(image: Any) -> Any:
    """Four maps of half the size."""
    return flat(pooled(conv(4, "conv_1", strides=2)(image), 1))


def conv_wide(image: Any) -> Any:
    """Many maps, and a dense layer that reads them."""
    x = pooled(conv(32, "conv_1")(image), 1)
    return dense(64, "dense")(flat(conv(64, "conv_2")(x)))


def conv_deep(image: Any) -> Any:
    """Three convolutions."""
    x = pooled(conv(32, "conv_1")(image), 1)
    return flat(pooled(conv(64, "conv_3")(conv(64, "conv_2")(x)), 2))


def conv_skip(image: Any) -> Any:
    """Two convolutions, and a way around the second."""
    x = pooled(conv(16, "conv_1")(image), 1)
    return flat(pooled(layers.Add(name="add")([x, conv(16, "conv_2")(x)]), 2))


def conv_skip_wide(image: Any) -> Any:
    """Twice the maps, and a dense layer that reads them."""
    x = pooled(conv(32, "conv_1")(image), 1)
    return dense(64, "dense")(flat(layers.Add(name="add")([x, conv(32, "conv_2")(x)])))


def conv_squeeze(image: Any) -> Any:
    """Two convolutions, and ten units that read them."""
    return dense(10, "squeeze")(conv_balanced(image))


def conv_balanced(image: Any) -> Any:
    """Two convolutions, which the classes read."""
    x = pooled(conv(16, "conv_1")(image), 1)
    return flat(pooled(conv(32, "conv_2")(x), 2))


TREE = {
    "dense_tiny": Variation("Dense, tiny", (), "The least that might do.", dense_tiny),
    "dense_wide": Variation("Dense, wide", ("dense_tiny",), "More of the same.", dense_wide),
    "conv_tiny": Variation("Conv, tiny", ("dense_tiny",), "Neighbouring pixels, few weights.", conv_tiny),
    "conv_wide": Variation("Conv, wide", ("conv_tiny",), "Many maps, whatever they weigh.", conv_wide),
    "conv_deep": Variation("Conv, deep", ("conv_tiny",), "A third convolution instead.", conv_deep),
    "conv_skip": Variation("Conv, skip", ("conv_wide",), "Fewer maps, with a way around.", conv_skip),
    "conv_skip_wide": Variation(
        "Conv, skip, wide", ("conv_skip",), "The way around, with more maps.", conv_skip_wide
    ),
    "conv_squeeze": Variation(
        "Conv, squeezed",
        ("conv_wide",),
        "Most weights of *Conv, wide* are in its dense layer: ten units, one per class, need few.",
        conv_squeeze,
    ),
    "conv_balanced": Variation(
        "Conv, balanced",
        ("conv_squeeze",),
        "Some of the ten units gave 0 for every image: the classes read the maps themselves.",
        conv_balanced,
    ),
}


def build(name: str, images: Images) -> keras.Model:
    """Return a compiled classifier of the tree."""
    image = keras.Input(images.shape, name="image")
    classes = layers.Dense(len(images.class_names), activation="softmax", name="output")
    model = keras.Model(image, classes(TREE[name].body(image)), name=name)
    model.compile(keras.optimizers.Adam(RATE), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(store: str, name: str, images: Images, *, seed: int = 1, epochs: int = EPOCHS) -> None:
    """Train one classifier, and log it into ``store``, which holds its parents."""
    variation = TREE[name]
    keras.utils.set_random_seed(seed)
    model = build(name, images)
    header = Header(
        name=name, label=variation.label, parents=variation.parents, notes=variation.notes,
        tags=("assessment",),
    )  # fmt: skip
    log = TreeLogger(store, header, samples=(images.x_test, images.y_test), class_names=images.class_names)
    model.fit(
        images.x_train, images.y_train, validation_data=(images.x_test, images.y_test),
        epochs=epochs, batch_size=32, verbose=0, callbacks=[log],
    )  # fmt: skip


def main(
    store: Annotated[str, typer.Argument(help="the folder to log to")],
    data: Annotated[str | None, typer.Option(help="an .npz file, or mnist, fashion_mnist, cifar10")] = None,
    seed: int = 1,
    epochs: int = EPOCHS,
) -> None:
    """Train the whole tree, and log it into ``store``."""
    images = load_images(data)
    for name in ASSESSMENT:
        train(store, name, images, seed=seed, epochs=epochs)


if __name__ == "__main__":
    typer.run(main)
