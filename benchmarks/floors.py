"""The floor of what is asked of a store: the same read and arithmetic in bare h5py, NumPy and scikit-learn.

Each function takes the folders of the models that it is about, and which variant is asked: all cost the same.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import h5py
import hdf5plugin  # noqa: F401 - h5py decompresses by it
import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA

Values = NDArray[Any]
Floor = Callable[[list[Path], int], Values]

CHECKPOINTS = range(11)
ONE = 4
"""The checkpoint of questions about one; each variant takes the next."""

BINS, TOP = 50, 200
INPUT = "image"
MEASURED = ("variance", "minimum", "maximum")


@contextmanager
def opened(folder: Path, number: int) -> Iterator[h5py.File]:
    """Open a checkpoint as h5py does."""
    with h5py.File(folder / "checkpoints" / f"{number:06d}.h5") as file:
        yield file


def histograms(folders: list[Path], _: int) -> Values:
    """Count a kernel's values at every checkpoint, in bins that all share."""
    kernels = []
    for number in CHECKPOINTS:
        with opened(folders[0], number) as file:
            kernels.append(file["layers/conv2d_1/weights/kernel"][()])
    extent = min(map(np.min, kernels)), max(map(np.max, kernels))
    return np.array([np.histogram(kernel, BINS, extent)[0] for kernel in kernels], float)


def stored_class_means(folders: list[Path], variant: int) -> Values:
    """Read the means that the logger has stored of each class."""
    with opened(folders[0], ONE + variant) as file:
        means = file["layers/max_pooling2d_1/mean_class_activations"]
        order = sorted(means, key=lambda name: int(means[name].attrs["class"]))
        return np.stack([means[name][()] for name in order])


def predicted_class_means(folders: list[Path], variant: int) -> Values:
    """Average each channel's activations over the samples of each predicted class."""
    with opened(folders[0], ONE + variant) as file:
        activations = file["layers/conv2d_1/activations"][()].astype(np.float32)
        predicted = file["data_samples/y_prediction"][()].argmax(axis=1)
    chosen = (activations[predicted == each] for each in np.unique(predicted))
    return np.stack([part.mean(axis=(0, 1, 2), dtype=np.float64) for part in chosen])


def one_unit(folders: list[Path], variant: int) -> Values:
    """Read a column of every checkpoint."""
    columns = []
    for number in CHECKPOINTS:
        with opened(folders[0], number) as file:
            columns.append(file["layers/dense/activations"][:, variant].astype(np.float32))
    return np.stack(columns)


def largest(folders: list[Path], variant: int) -> Values:
    """Read a kernel and rank its largest weights."""
    with opened(folders[0], variant % 2) as file:
        kernel = file["layers/wide/weights/kernel"][()].ravel()
    best = np.argpartition(kernel, -TOP)[-TOP:]
    return np.asarray(np.sort(kernel[best])[::-1])


def flattened(folder: Path, variant: int) -> Values:
    """Read the activations of 1,600 units."""
    with opened(folder, ONE + variant) as file:
        stored = file["layers/flatten/activations"][()]
    return np.asarray(stored.reshape(len(stored), -1).astype(np.float32))


def by_sklearn(folders: list[Path], variant: int, solver: str = "auto") -> Values:
    """Project on two principal components with scikit-learn."""
    return np.asarray(PCA(2, svd_solver=solver, random_state=0).fit_transform(flattened(folders[0], variant)))


def by_covariance(folders: list[Path], variant: int) -> Values:
    """Project on two principal components by the eigenvectors of the samples' products."""
    units = flattened(folders[0], variant)
    units -= units.mean(axis=0)
    squares, vectors = np.linalg.eigh(units @ units.T)
    return np.asarray((vectors[:, -2:] * np.sqrt(squares[-2:]))[:, ::-1])


def principal_components(folder: Path) -> Floor:
    """Return the way to project that is faster on this machine."""

    def seconds(way: Floor) -> float:
        begun = perf_counter()
        way([folder], 0)
        return perf_counter() - begun

    ways = (by_sklearn, partial(by_sklearn, solver="arpack"), by_covariance)
    return min(ways, key=lambda way: min(seconds(way) for _ in range(3)))


def confusion(folders: list[Path], variant: int) -> Values:
    """Count samples by their true and their predicted class."""
    with opened(folders[0], ONE + variant) as file:
        predicted = file["data_samples/y_prediction"][()].argmax(axis=1)
        true = file["data_samples/class"][()]
    counts = np.zeros((10, 10))
    np.add.at(counts, (true, predicted), 1)
    return counts


def deviations(folders: list[Path], variant: int) -> Values:
    """Read a stored descriptor of every variable, and see how far it is from its median, name by name."""
    found: dict[str, list[float]] = {}
    for folder in folders:
        with opened(folder, CHECKPOINTS[-1]) as file:
            paths = json.loads(file["catalogue/described"][()])
            table = file["catalogue/statistics"][()][MEASURED[variant % len(MEASURED)]]
        for path, number in zip(paths, table, strict=True):
            layer, _, name = path.rpartition("/")
            if layer != INPUT:
                found.setdefault(name, []).append(float(number))
    return spread(found)


def spread(numbers: Mapping[str, list[float]]) -> Values:
    """Return the median of each name's numbers, and the largest distance from it."""
    raw = [np.array(numbers[name]) for name in sorted(numbers)]
    return np.array([(np.median(each), np.abs(each - np.median(each)).max()) for each in raw])
