"""Write the stores that the server's benchmarks ask.

``python benchmarks/stores.py many FOLDER [--models 1000] [--checkpoints 11]``: experiments of 50 models.
``python benchmarks/stores.py questions FOLDER``: what `benchmarks/questions.py` asks, 4 GB.

A few models are trained and logged for real. The others are clones of their files: another header and place
in the tree, other times, a digest of their own. A checkpoint of a large store takes some hundred kB.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import typer
from data import images

from inspectree.logger.header import Header
from inspectree.logger.store.atomic import replacing
from inspectree.logger.store.hdf5 import in_memory
from inspectree.logger.store.history import History, whole_lines
from inspectree.logger.store.layout import (
    CHECKPOINTS,
    HISTORY_FILE,
    MODEL_FILE,
    checkpoint_file,
    model_folder,
)

EXPERIMENT = 50
"""Models of one experiment in a large store."""

CHILDREN = 3
TWO_PARENTS = 7
"""Every so manyth model is derived from two."""

QUESTIONED = 10
"""Models of the experiment whose interestingness is asked for."""

HOUR = timedelta(hours=1)
TIMES = ("time", "taken")
"""What tells a time in a line of the history."""

app = typer.Typer(add_completion=False)


@dataclass(frozen=True)
class Clone:
    """What a model that is cloned has of its own; ``shift`` is how much later it was trained."""

    original: Path
    header: Header
    shift: timedelta


def model_id(group: str, number: int) -> str:
    """Return the id of a model in a group of clones."""
    return f"{number:04d}-{group}"


def header(group: str, number: int, size: int) -> Header:
    """Return the header of a model in a group of trees of so many models each."""
    first, place = number - number % size, number % size
    parents = [first + (place - 1) // CHILDREN] * (place > 0)
    if place > 1 and place % TWO_PARENTS == 0:
        parents.append(number - 1)
    return Header(
        id=model_id(group, number),
        name=f"{group}_{number}",
        label=f"{group.title()} {number}",
        parents=tuple(model_id(group, parent) for parent in parents),
        tags=(group, f"tree-{number // size}"),
        notes="Wider than its parent; the learning rate is the parent's.",
    )


def clone(store: Path, one: Clone) -> None:
    """Write a model's files again, as another model."""
    add_model(store, one)
    folder = model_folder(store, one.header.id)
    for path in sorted((one.original / CHECKPOINTS).glob("*.h5")):
        with in_memory(folder / CHECKPOINTS / path.name, path) as file:
            file.attrs["time"] = _later(file.attrs["time"], one.shift)
    append(folder, (_later_line(line, one.shift) for line in lines(one.original)))


def add_model(store: Path, one: Clone) -> None:
    """Write what is constant of another model, as the logger does when a training starts."""
    folder = model_folder(store, one.header.id)
    (folder / CHECKPOINTS).mkdir(parents=True)
    path = folder / MODEL_FILE
    with replacing(path, new=True) as temporary, in_memory(temporary, one.original / MODEL_FILE) as file:
        file.attrs["header"] = one.header.model_dump_json()


def add_checkpoint(folder: Path, original: Path, number: int) -> None:
    """Write another model's checkpoint as one more of a model, as the logger does while it is trained."""
    told = next(line for line in lines(original) if line.get("kind") == "checkpoint" and line["number"])
    append(folder, [{**told, "number": number}])
    path = checkpoint_file(folder, number)
    with (
        replacing(path) as temporary,
        in_memory(temporary, checkpoint_file(original, told["number"])) as file,
    ):
        file.attrs["number"] = number


def lines(folder: Path) -> list[dict[str, Any]]:
    """Return the lines of a model's history."""
    return [json.loads(line) for line in whole_lines(folder / HISTORY_FILE)[1:]]


def append(folder: Path, added: Iterable[dict[str, Any]]) -> None:
    """Append lines to a model's history."""
    history = History(folder / HISTORY_FILE)
    for line in added:
        history.append(line)
    history.close()


def _later_line(line: dict[str, Any], shift: timedelta) -> dict[str, Any]:
    return {name: _later(value, shift) if name in TIMES else value for name, value in line.items()}


def _later(time: str, shift: timedelta) -> str:
    return (datetime.fromisoformat(time) + shift).isoformat()


def clones(originals: list[Path], group: str, count: int, size: int) -> Iterator[Clone]:
    """Yield a group of clones, in trees of so many models each."""
    for number in range(count):
        original = originals[number % len(originals)]
        yield Clone(original, header(group, number, size), number * HOUR)


def write(store: Path, wanted: list[Clone]) -> None:
    """Write clones, on all cores."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for _ in pool.map(partial(clone, store), wanted, chunksize=4):
            pass


def small_network(filters: int, units: int, *, skip: bool) -> Any:
    """Return a network of images of 8 × 8: convolutions, poolings, dense layers, and a skip connection."""
    import keras
    from keras import layers

    inputs = keras.Input((8, 8, 1), name="image")
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(inputs)
    x = layers.BatchNormalization()(x)
    y = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D()(layers.Add()([x, y]) if skip else y)
    x = layers.Flatten()(layers.Conv2D(2 * filters, 3, activation="relu")(x))
    x = layers.Dropout(0.3)(layers.Dense(units, activation="relu")(x))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


def mnist_network() -> Any:
    """Return the network of Keras' example for MNIST: its flattened features are 1,600."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )


def wide_network() -> Any:
    """Return a network with a kernel of 4096 × 4096."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((4096,)),
            layers.Dense(4096, activation="relu", name="wide"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def log(store: Path, name: str, network: Callable[[], Any], x: Any, y: Any, **more: Any) -> Path:
    """Train a network and log it; return its folder. ``more`` are the samples and the checkpoints' number."""
    import keras

    from inspectree.logger import TreeLogger

    keras.utils.clear_session()  # layers of every model have the same names
    keras.utils.set_random_seed(len(list(store.glob("models/*"))))
    model, logged = network(), Header(id=f"{name}-original", name=name)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    samples = x[: more["samples"]], y[: more["samples"]]
    logger = TreeLogger(store, logged, samples=samples, on_error="raise")
    epochs = more["checkpoints"] - 1
    model.fit(x, y, epochs=epochs, batch_size=128, verbose=0, validation_split=0.2, callbacks=[logger])
    return model_folder(store, logged.id)


def small_ones(store: Path, checkpoints: int) -> list[Path]:
    """Log eight small networks on handwritten digits; return their folders."""
    x, y = images(None, 1000)
    x = x[:, 2:26:3, 2:26:3]  # as they were before they were enlarged
    kinds = [(f, u, s) for f in (4, 6) for u in (48, 64) for s in (False, True)]
    return [
        log(
            store,
            f"small-{number}",
            partial(small_network, filters, units, skip=skip),
            x,
            y,
            samples=100,
            checkpoints=checkpoints,
        )
        for number, (filters, units, skip) in enumerate(kinds)
    ]


@app.command()
def many(folder: Path, models: int = 1000, checkpoints: int = 11) -> None:
    """Write many small models."""
    logging.getLogger("inspectree").setLevel(logging.WARNING)
    with TemporaryDirectory() as originals:
        small = small_ones(Path(originals), checkpoints)
        write(folder, list(clones(small, "digits", models, EXPERIMENT)))


@app.command()
def questions(folder: Path, copies: int = 13, checkpoints: int = 11) -> None:
    """Write Keras' network for MNIST, one with a kernel of 4096 × 4096, and experiments of 10 models."""
    rng = np.random.default_rng(0)
    x, y = images(None, 2000)
    with TemporaryDirectory() as there:
        store = Path(there)
        mnist = log(store, "mnist", mnist_network, x, y, samples=1000, checkpoints=checkpoints)
        wide_x = rng.random((256, 4096), dtype=np.float32)
        wide = log(store, "wide", wide_network, wide_x, y[:256], samples=100, checkpoints=2)
        wanted = [*clones([mnist], "mnist", copies, 1), *clones([wide], "wide", 3, 1)]
        wanted += clones(small_ones(store, checkpoints), "tree", 3 * QUESTIONED, QUESTIONED)
        write(folder, wanted)


if __name__ == "__main__":
    app()
