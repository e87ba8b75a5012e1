"""A sweep: twelve children of one parent, each with its own rate, width and dropout.

Run it with ``python -m inspectree.sample_experiments.sweep STORE``.
"""

from collections.abc import Sequence
from itertools import product
from typing import Annotated, Any, NamedTuple

import keras
import typer
from keras import layers
from sklearn.datasets import load_digits

from inspectree.logger import TreeLogger

PARENT = "sweep"


class Point(NamedTuple):
    """Where in the grid a model is."""

    rate: float = 1e-3
    units: int = 32
    dropout: float = 0.0


GRID = tuple(Point(*values) for values in product((3e-4, 3e-3, 3e-2), (16, 64), (0.0, 0.5)))


def build(point: Point) -> keras.Model:
    """Return the compiled model of a point."""
    hidden = layers.Dense(point.units, activation="relu", name="hidden")
    dropout = layers.Dropout(point.dropout, name="dropout")
    output = layers.Dense(10, activation="softmax", name="output")
    model = keras.Sequential([keras.Input((64,), name="pixels"), hidden, dropout, output])
    model.compile(keras.optimizers.Adam(point.rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def train(store: str, name: str, point: Point, epochs: int, **header: Any) -> None:
    """Train a point, and log it into ``store`` with where it is."""
    keras.utils.set_random_seed(0)
    x, y = load_digits(return_X_y=True)
    x = (x / 16).astype("float32")
    test = x[1400:], y[1400:]
    log = TreeLogger(store, name=name, samples=test, hyperparameters=point._asdict(), **header)
    model = build(point)
    model.fit(x[:1400], y[:1400], validation_data=test, epochs=epochs, verbose=0, callbacks=[log])


def sweep(store: str, grid: Sequence[Point], epochs: int) -> None:
    """Log a parent, and a child of it per point."""
    train(store, PARENT, Point(), epochs)
    for number, point in enumerate(grid, 1):
        label = f"rate {point.rate:g}, {point.units} units, dropout {point.dropout:g}"
        train(store, f"{PARENT}_{number:02}", point, epochs, label=label, parents=[PARENT], tags=["sweep"])


def main(store: Annotated[str, typer.Argument(help="the folder to log to")], epochs: int = 5) -> None:
    """Train the parent and the whole grid, and log them into ``store``."""
    sweep(store, GRID, epochs)


if __name__ == "__main__":
    typer.run(main)
