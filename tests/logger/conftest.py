"""A small model, trained once with the logger watching."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from inspectree.logger import TreeLogger
from inspectree.logger.store.reader import ModelReader

TENSORFLOW_ARRAYS = "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"


def pytest_configure(config: pytest.Config) -> None:
    """Let TensorFlow's variables be turned into arrays by Keras, whose way of asking NumPy finds outdated."""
    config.addinivalue_line("filterwarnings", TENSORFLOW_ARRAYS)


Network = Callable[[], Any]
Data = tuple[NDArray[np.float32], NDArray[np.int64]]


@dataclass(frozen=True)
class Logged:
    """A finished training: the live model, its log, and what it was trained and watched on."""

    model: Any
    reader: ModelReader
    x: NDArray[np.float32]
    y: NDArray[np.int64]
    history: dict[str, list[float]]
    store: Path


@pytest.fixture(scope="session")
def digits() -> Data:
    """Return 60 images of 8 × 8 whose brightness tells their class, one of three."""
    random = np.random.default_rng(3)
    y = np.arange(60) % 3
    return (random.random((60, 8, 8, 1)) + y[:, None, None, None]).astype(np.float32), y


def _network() -> Any:
    """Return a compiled network with a skip connection, Dropout and BatchNormalization, always the same."""
    keras.utils.set_random_seed(11)
    image = keras.Input((8, 8, 1), name="image")
    first = keras.layers.Conv2D(4, 3, padding="same", activation="relu", name="first")(image)
    normal = keras.layers.BatchNormalization(name="normal")(first)
    second = keras.layers.Conv2D(4, 3, padding="same", name="second")(normal)
    joined = keras.layers.Add(name="joined")([first, second])
    dropped = keras.layers.Dropout(0.4, name="dropped")(joined)
    flat = keras.layers.Flatten(name="flat")(dropped)
    hidden = keras.layers.Dense(8, activation="relu", name="hidden")(flat)
    scores = keras.layers.Dense(3, activation="softmax", name="scores")(hidden)
    model = keras.Model(image, scores, name="small")
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@pytest.fixture(scope="session")
def network() -> Network:
    """Return the maker of the small network."""
    return _network


@pytest.fixture(scope="session")
def logged(digits: Data, tmp_path_factory: pytest.TempPathFactory) -> Logged:
    """Return the small network after two epochs in which 45 samples were followed."""
    x, y = digits
    store = tmp_path_factory.mktemp("store")
    model = _network()
    logger = TreeLogger(store, name="small", samples=(x[:45], y[:45]), save_model="every", on_error="raise")
    history = model.fit(x, y, epochs=2, batch_size=20, verbose=0, callbacks=[logger]).history
    reader = ModelReader(store / "models" / logger.header.id)
    return Logged(model, reader, x[:45], y[:45], history, store)
