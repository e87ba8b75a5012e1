"""Layers that are frozen at first and trained later."""

from pathlib import Path

import h5py
import keras
import numpy as np

from inspectree.logger import TreeLogger
from tests.logger.zoo.specimen import labels, numbers

L = keras.layers


def test_every_checkpoint_tells_what_was_trained_then(tmp_path: Path) -> None:
    keras.utils.set_random_seed(2)
    base = keras.Sequential([keras.Input((4,)), L.Dense(3, name="low"), L.BatchNormalization()], name="base")
    model = keras.Sequential([keras.Input((4,)), base, L.Dense(3, activation="softmax", name="out")])
    x, y = numbers(4), labels(3)
    logger = TreeLogger(tmp_path, name="m", samples=(x, y), on_error="raise")
    for epoch, trainable in enumerate([False, True]):
        base.trainable = trainable
        model.compile("sgd", "sparse_categorical_crossentropy", jit_compile=False)
        model.fit(x, y, initial_epoch=epoch, epochs=epoch + 1, verbose=0, callbacks=[logger])
    (folder,) = (tmp_path / "models").glob("*/checkpoints")
    assert [_trained(folder, number, "base/layers/low") for number in range(3)] == [False, False, True]
    assert [_trained(folder, number, "out") for number in range(3)] == [True, True, True]
    first, second, third = (_kernel(folder, number, "base/layers/low") for number in range(3))
    np.testing.assert_array_equal(first, second)
    assert (second != third).any()


def _trained(folder: Path, number: int, layer: str) -> bool:
    with h5py.File(folder / f"{number:06d}.h5") as file:
        return bool(file[f"layers/{layer}/weights/kernel"].attrs["trainable"])


def _kernel(folder: Path, number: int, layer: str) -> np.ndarray:
    with h5py.File(folder / f"{number:06d}.h5") as file:
        return np.asarray(file[f"layers/{layer}/weights/kernel"])
