"""What one model of the zoo comes with."""

from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

ROWS = 24
BATCH = 8


@dataclass(frozen=True)
class Specimen:
    """A compiled model, the data that it is trained on and watched with, and what its log has to tell.

    ``truth`` is each sample's class, where there are classes; ``classes`` are how many the log tells apart,
    ``cut`` the score above which the second of two is predicted, and ``tells`` whether the predictions name
    a class. ``rows`` of the data are followed. ``fit`` are further arguments of ``fit``.
    """

    model: Any
    x: Any
    y: Any = None
    truth: NDArray[np.int64] | None = None
    classes: int = 0
    cut: float = 0.5
    tells: bool = True
    rows: int = ROWS
    fit: dict[str, Any] = field(default_factory=dict)

    @property
    def samples(self) -> Any:
        """Return the rows that are followed, as the logger is given them."""
        return self.followed if self.y is None else (self.followed, self._first(self.y))

    @property
    def followed(self) -> Any:
        """Return the inputs that are followed."""
        return self._first(self.x)

    def _first(self, structure: Any) -> Any:
        return keras.tree.map_structure(lambda values: values[: self.rows], structure)


def numbers(*shape: int, seed: int = 0) -> NDArray[np.float32]:
    """Return the same random numbers below 1 for every row of a data set of `ROWS` samples."""
    return np.random.default_rng(seed).random((ROWS, *shape)).astype(np.float32)


def tokens(length: int, vocabulary: int) -> NDArray[np.int32]:
    """Return sequences of tokens that end, some earlier, in zeros; none is empty."""
    random = np.random.default_rng(1)
    sequences = random.integers(1, vocabulary, (ROWS, length)).astype(np.int32)
    ends = random.integers(1, length + 1, ROWS)
    sequences[np.arange(length) >= ends[:, None]] = 0
    return sequences


def labels(classes: int) -> NDArray[np.int64]:
    """Return a class for every row, all equally often."""
    return np.arange(ROWS) % classes


def classifier(model: Any, x: Any, **fields: Any) -> Specimen:
    """Return a model that ends in a softmax of three, compiled for integer labels."""
    y = labels(3)
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return Specimen(model, x, y, truth=y, classes=3, **fields)


def regressor(model: Any, x: Any, y: Any, **fields: Any) -> Specimen:
    """Return a model compiled to come near to ``y``; mean squared error for every output."""
    loss = keras.tree.map_structure(lambda _: "mse", y)
    model.compile(keras.optimizers.SGD(0.05), loss)
    return Specimen(model, x, y, **fields)
