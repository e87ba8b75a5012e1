"""Transfer learning: a backbone that stays as it is, and a child in which its end learns, too.

Run it with ``python -m inspectree.sample_experiments.transfer STORE``, where there is a network
``--weights imagenet``. Without, the backbone is as it was drawn.
"""

from typing import Annotated, Any

import keras
import numpy as np
import typer
from keras import layers
from sklearn.datasets import load_digits

from inspectree.logger import TreeLogger

SIZE, COUNT, THAWED = 32, 300, 6


def images() -> tuple[np.ndarray, np.ndarray]:
    """Return digits (sample, y, x, channel) as the backbone wants them, from −1 to 1, and classes."""
    digits = load_digits(return_X_y=True)
    x = np.kron(digits[0][:COUNT].reshape(-1, 8, 8, 1) / 8 - 1, np.ones((1, SIZE // 8, SIZE // 8, 3)))
    return x.astype("float32"), digits[1][:COUNT]


def build(weights: str | None, x: np.ndarray) -> tuple[keras.Model, keras.Model]:
    """Return the classifier, and the frozen backbone in it."""
    backbone = keras.applications.MobileNet(
        (SIZE, SIZE, 3), alpha=0.25, include_top=False, weights=weights, pooling="avg"
    )
    if weights is None:
        settle(backbone, x)
    backbone.trainable = False
    image = keras.Input((SIZE, SIZE, 3), name="image")
    features = backbone(image, training=False)
    return keras.Model(image, layers.Dense(10, activation="softmax", name="head")(features)), backbone


def settle(backbone: keras.Model, x: np.ndarray) -> None:
    """Let the normalisations of a backbone without weights see the data: else it hands on only zeros."""
    for layer in backbone.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = 0.3
    for _ in range(6):
        backbone(x, training=True)


def main(
    store: Annotated[str, typer.Argument(help="the folder to log to")],
    weights: str | None = None,
    epochs: int = 3,
) -> None:
    """Train the head, then the head and the backbone's end, and log both into ``store``."""
    keras.utils.set_random_seed(0)
    x, y = images()
    model, backbone = build(weights, x[50:150])

    def fit(rate: float, **header: Any) -> None:
        model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
        log = TreeLogger(store, samples=(x[:50], y[:50]), budget="16 MB", **header)
        model.fit(x[50:], y[50:], epochs=epochs, verbose=0, callbacks=[log])

    fit(1e-2, name="frozen", notes="Only the head learns.")
    for layer in backbone.layers[-THAWED:]:
        layer.trainable = True
    fit(1e-4, name="thawed", parents=["frozen"], notes="The last layers of the backbone learn, too.")


if __name__ == "__main__":
    typer.run(main)
