"""The images that benchmarks train on."""

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from sklearn.datasets import load_digits

Images = Annotated[Path | None, typer.Option("--images", help="mnist.npz; digits of scikit-learn without")]


def images(path: Path | None, count: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return MNIST's first training images (28 × 28 × 1), or as many enlarged digits of scikit-learn."""
    if path is not None:
        with np.load(path) as data:
            x, y = data["x_train"][:count, ..., np.newaxis], data["y_train"][:count]
            return (x / 255).astype(np.float32), y.astype(np.int64)
    digits = load_digits()
    chosen = np.random.default_rng(0).integers(0, len(digits.images), count)
    enlarged = np.kron(digits.images, np.ones((3, 3)))[:, :, :, np.newaxis] / 16
    padded = np.pad(enlarged, ((0, 0), (2, 2), (2, 2), (0, 0)))
    return padded.astype(np.float32)[chosen], digits.target[chosen]
