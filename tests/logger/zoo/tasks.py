"""What models are trained for: their labels and losses."""

import keras
import numpy as np

from tests.logger.zoo.specimen import ROWS, Specimen, labels, numbers, regressor

L, ops = keras.layers, keras.ops


def _dense(units: int, activation: str | None = None) -> keras.Model:
    out = L.Dense(units, activation=activation, name="out")
    return keras.Sequential([keras.Input((4,)), L.Dense(6, activation="relu", name="hidden"), out])


def one_hot() -> Specimen:
    model, truth = _dense(3, "softmax"), labels(3)
    model.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"])
    return Specimen(model, numbers(4), np.eye(3, dtype=np.float32)[truth], truth=truth, classes=3)


def logits_of_more_classes_than_labels() -> Specimen:
    model, truth = _dense(5), labels(3)
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return Specimen(model, numbers(4), truth[:, None], truth=truth, classes=5)


def binary() -> Specimen:
    model, truth = _dense(1, "sigmoid"), labels(2)
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return Specimen(model, numbers(4), truth.astype(np.float32), truth=truth, classes=2)


def binary_logits() -> Specimen:
    model, truth = _dense(1), labels(2)
    model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
    return Specimen(model, numbers(4) - 0.5, truth, truth=truth, classes=2, cut=0.0)


def multi_label() -> Specimen:
    """Several labels at once, also several ones and none in a row: no classes."""
    model = _dense(3, "sigmoid")
    model.compile("adam", "binary_crossentropy", metrics=["binary_accuracy"])
    return Specimen(model, numbers(4), (numbers(3, seed=2) > 0.5).astype(np.float32))


def regression() -> Specimen:
    return regressor(_dense(1), numbers(4), numbers(seed=3) * 9)


def one_number_per_sample() -> Specimen:
    """Return an output (sample) without a further axis."""
    x = keras.Input((4,))
    scores = L.Reshape((), name="squeezed")(L.Dense(1, name="score")(x))
    return regressor(keras.Model(x, scores), numbers(4), numbers(seed=3))


def autoencoder() -> Specimen:
    """Trained to give out what it got: no labels."""
    layers = [L.Dense(2, activation="tanh", name="code"), L.Dense(4, name="decoded")]
    return regressor(keras.Sequential([keras.Input((4,)), *layers]), numbers(4), numbers(4))


def segmentation() -> Specimen:
    """Return a class for each pixel, none for the sample."""
    layers = [L.Conv2D(4, 3, padding="same", activation="relu"), L.Dense(3, activation="softmax")]
    model = keras.Sequential([keras.Input((5, 5, 2)), *layers])
    model.compile("adam", "sparse_categorical_crossentropy")
    pixels = np.random.default_rng(4).integers(0, 3, (ROWS, 5, 5))
    return Specimen(model, numbers(5, 5, 2), pixels)


def class_and_value() -> Specimen:
    """Return a class and a quantity: the samples have a class, but no output is theirs alone."""
    x = keras.Input((4,))
    hidden = L.Dense(5, activation="relu", name="hidden")(x)
    outputs = {"kind": L.Dense(3, "softmax", name="kind")(hidden), "size": L.Dense(1, name="size")(hidden)}
    model, truth = keras.Model(x, outputs), labels(3)
    model.compile("adam", {"kind": "sparse_categorical_crossentropy", "size": "mse"})
    y = {"kind": truth, "size": numbers(1)}
    return Specimen(model, numbers(4), y, truth=truth, classes=3, tells=False)
