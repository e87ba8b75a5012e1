"""One store with a tiny model of every kind of data and task, trained by Keras and logged for real."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

COUNT = 36
WORDS = ["", "[UNK]", "a", "good", "bad", "film", "very", "boring", "the", "plot", "actors", "great"]

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Specimen:
    """A live model with what it was given: inputs and labels by their names."""

    name: str
    model: Any
    x: Any
    y: Any
    options: dict[str, Any]


@dataclass(frozen=True)
class Kinds:
    """The page of the store, the live models and the ids of the logged ones by name."""

    page: Any
    specimens: dict[str, Specimen]
    ids: dict[str, str]

    def card(self, tool: str, name: str, inside: str = "", **more: Any) -> Any:
        """Return the content of a tool that is applied to a model, or to what is inside of it."""
        return self.page.card(tool, f"{self.ids[name]}{inside}", **more)["content"]

    def predictions(self, name: str) -> Any:
        """Return what Keras itself predicts for the samples."""
        specimen = self.specimens[name]
        return specimen.model.predict(specimen.x, verbose=0)


def colours(keras: Any, random: np.random.Generator) -> Specimen:
    """Return a classifier of colour images: the brightest channel is the class."""
    y = np.arange(COUNT) % 3
    x = (random.random((COUNT, 6, 6, 3)) + np.eye(3)[y][:, None, None, :]).astype("float32")
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((6, 6, 3), name="image"),
            layers.Conv2D(4, 3, activation="relu", name="conv"),
            layers.GlobalAveragePooling2D(name="pool"),
            layers.Dense(3, activation="softmax", name="scores"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    return Specimen("colours", model, x, y, {"class_names": ["red", "green", "blue"]})


def regressor(keras: Any, random: np.random.Generator) -> Specimen:
    """Return a regressor of feature vectors."""
    x = random.normal(size=(COUNT, 5)).astype("float32")
    y = (x @ np.arange(5) + 1).astype("float32")
    hidden = keras.layers.Dense(2, name="hidden")
    model = keras.Sequential(
        [keras.Input((5,), name="features"), hidden, keras.layers.Dense(1, name="price")]
    )
    model.compile("adam", "mse")
    return Specimen("regressor", model, x, y, {})


def binary(keras: Any, random: np.random.Generator) -> Specimen:
    """Return a classifier of feature vectors into two classes by one score, which is no probability."""
    x = random.normal(size=(COUNT, 4)).astype("float32")
    y = (x.sum(axis=1) > 0).astype("int64")
    model = keras.Sequential([keras.Input((4,), name="features"), keras.layers.Dense(1, name="logit")])
    model.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
    return Specimen("binary", model, x, y, {"class_names": ["no", "yes"]})


def series(keras: Any, random: np.random.Generator) -> Specimen:
    """Return a regressor of two numbers from time series of two channels."""
    x = random.normal(size=(COUNT, 10, 2)).cumsum(axis=1).astype("float32")
    y = x.mean(axis=1)
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((10, 2), name="curve"),
            layers.Conv1D(3, 3, name="conv"),
            layers.LSTM(2, name="lstm"),
            layers.Dense(2, name="means"),
        ]
    )
    model.compile("adam", "mse")
    return Specimen("series", model, x, y, {})


def tokens(keras: Any, random: np.random.Generator) -> Specimen:
    """Return a classifier of token sequences with attention, and the words that they are of."""
    x = random.integers(2, len(WORDS), (COUNT, 7))
    for row, padding in zip(x, random.integers(0, 5, COUNT), strict=True):
        row[len(row) - padding :] = 0
    y = np.arange(COUNT) % 2
    words = keras.Input((7,), dtype="int32", name="words")
    embedded = keras.layers.Embedding(len(WORDS), 3, name="embedding")(words)
    attended, _ = keras.layers.MultiHeadAttention(2, 2, name="attention")(
        embedded, embedded, return_attention_scores=True
    )
    pooled = keras.layers.GlobalAveragePooling1D(name="pool")(attended)
    model = keras.Model(words, keras.layers.Dense(2, activation="softmax", name="scores")(pooled))
    model.compile("adam", "sparse_categorical_crossentropy")
    return Specimen("tokens", model, x, y, {"class_names": ["bad", "good"], "vocabulary": WORDS})


def autoencoder(keras: Any, random: np.random.Generator) -> Specimen:
    """Return an auto-encoder of grey images with a latent space of two dimensions."""
    x = random.random((COUNT, 4, 4, 1)).astype("float32")
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((4, 4, 1), name="image"),
            layers.Flatten(name="flat"),
            layers.Dense(2, name="latent"),
            layers.Dense(16, name="decoded"),
            layers.Reshape((4, 4, 1), name="out"),
        ]
    )
    model.compile("adam", "mse")
    return Specimen("autoencoder", model, x, x, {})


def several(keras: Any, random: np.random.Generator) -> Specimen:
    """Return a model of two inputs and two outputs: a class, and a price."""
    x = {
        "image": random.random((COUNT, 4, 4, 1)).astype("float32"),
        "facts": random.normal(size=(COUNT, 3)).astype("float32"),
    }
    y = {"kind": np.arange(COUNT) % 3, "price": x["facts"].sum(axis=1, keepdims=True)}
    image, facts = keras.Input((4, 4, 1), name="image"), keras.Input((3,), name="facts")
    joined = keras.layers.Concatenate(name="joined")([keras.layers.Flatten(name="flat")(image), facts])
    kind = keras.layers.Dense(3, activation="softmax", name="kind")(joined)
    price = keras.layers.Dense(1, name="price")(joined)
    model = keras.Model({"image": image, "facts": facts}, {"kind": kind, "price": price})
    model.compile("adam", {"kind": "sparse_categorical_crossentropy", "price": "mse"})
    return Specimen("several", model, x, y, {})


MAKERS = (colours, regressor, binary, series, tokens, autoencoder, several)


@pytest.fixture(scope="session")
def kinds(tmp_path_factory: pytest.TempPathFactory, open_page: Callable[[Path], Any]) -> Kinds:
    """Train every kind for one epoch; of colours also a child that followed the same samples."""
    import keras

    from inspectree.logger import Header, TreeLogger

    folder = tmp_path_factory.mktemp("kinds") / "runs"
    specimens: dict[str, Specimen] = {}
    for number, make in enumerate((*MAKERS, colours)):
        keras.utils.set_random_seed(number)
        made = make(keras, np.random.default_rng(5))
        name = f"{made.name}_child" if made.name in specimens else made.name
        header = Header(name=name, parents=(made.name,) if name != made.name else ())
        logger = TreeLogger(folder, header, samples=(made.x, made.y), on_error="raise", **made.options)
        made.model.fit(made.x, made.y, epochs=1, batch_size=12, verbose=0, callbacks=[logger])
        specimens[name] = made
    page = open_page(folder)
    return Kinds(page, specimens, {model.header.name: model.id for model in page.store.models})
