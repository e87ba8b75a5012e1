"""The images that the experiments are about: scikit-learn's digits, or a data set of one's own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
DOWNLOADED = ("mnist", "fashion_mnist", "cifar10")
"""What ``--data`` names besides a file: Keras fetches these, where there is a network."""


@dataclass(frozen=True)
class Images:
    """Images (sample, y, x, channel) from 0 to 1 and their classes (sample), to train and to test with."""

    x_train: NDArray[np.float32]
    y_train: NDArray[np.int64]
    x_test: NDArray[np.float32]
    y_test: NDArray[np.int64]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Return the shape of one image: y, x, channel."""
        y, x, channel = self.x_train.shape[1:]
        return y, x, channel

    @property
    def class_names(self) -> tuple[str, ...]:
        """Return the classes' numbers."""
        return tuple(str(number) for number in range(int(self.y_train.max()) + 1))


def load_images(data: str | None = None) -> Images:
    """Return digits, or the images of an ``.npz`` file like those of Keras, or of one of `DOWNLOADED`.

    Raises
    ------
    ValueError
        When the file lacks an array.
    """
    if data is None:
        return _digits()
    if data in DOWNLOADED:
        train, test = getattr(keras.datasets, data).load_data()
        return _prepared(*train, *test)
    with np.load(Path(data)) as found:
        missing = [name for name in ARRAYS if name not in found]
        if missing:
            raise ValueError(f"{data} holds no {missing[0]}; it needs {', '.join(ARRAYS)}")
        return _prepared(*(found[name] for name in ARRAYS))


def _digits() -> Images:
    """Return half of the 1797 digits to train with, half to test with."""
    digits = load_digits()
    x, y = digits.images[..., np.newaxis] / digits.images.max(), digits.target
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.5, random_state=0, stratify=y)
    return Images(x_train.astype("float32"), y_train, x_test.astype("float32"), y_test)


def _prepared(x_train: Any, y_train: Any, x_test: Any, y_test: Any) -> Images:
    """Return whatever shapes there are with a channel, and pixels as shares of the brightest."""
    most = 255 if x_train.dtype == np.uint8 else x_train.max()
    x = [(each if each.ndim == 4 else each[..., np.newaxis]) / most for each in (x_train, x_test)]
    y = [np.ravel(each).astype("int64") for each in (y_train, y_test)]
    return Images(x[0].astype("float32"), y[0], x[1].astype("float32"), y[1])
