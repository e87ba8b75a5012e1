"""Datasets as arrays that xarray reads piece by piece."""

from math import prod
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray
from xarray.backends import BackendArray
from xarray.core import indexing

from inspectree.logger.errors import StoreError
from inspectree.logger.store import inside
from inspectree.logger.store.opening import opened


class LazyDataset(BackendArray):
    """One or several equal-shaped datasets of a file that is known, opened for each read.

    With ``stacked`` the datasets become the first axis. A dataset whose own shape differs from
    ``shape`` (a link to a layer's input) is reshaped row by row. float16 comes out as float32, in
    which arithmetic is safe.
    """

    def __init__(
        self,
        path: Path,
        datasets: tuple[str, ...],
        shape: tuple[int, ...],
        dtype: str,
        *,
        stacked: bool,
    ) -> None:
        self.path, self.datasets, self.stacked = path, datasets, stacked
        self.shape = shape
        self.dtype = np.dtype(dtype)

    def __getitem__(self, key: indexing.ExplicitIndexer) -> NDArray[np.generic]:
        """Read what ``key`` selects; h5py takes one index vector at a time, xarray does the rest."""
        vector = indexing.IndexingSupport.OUTER_1VECTOR
        return np.asarray(indexing.explicit_indexing_adapter(key, self.shape, vector, self._read))

    def _read(self, key: tuple[Any, ...]) -> NDArray[np.generic]:
        with opened(self.path, None) as file:
            if not self.stacked:
                values = self._read_dataset(
                    self._checked(inside.dataset(file, self.datasets[0]), self.shape), key
                )
            else:
                chosen = np.arange(len(self.datasets))[key[0]]
                if not chosen.size:
                    return _outer(np.broadcast_to(np.zeros((), self.dtype), self.shape), key)
                means = [inside.dataset(file, self.datasets[row]) for row in np.atleast_1d(chosen)]
                means = [self._checked(mean, self.shape[1:]) for mean in means]
                rows = [self._read_mean(mean, key[1:]) for mean in means]
                values = np.stack(rows) if np.ndim(chosen) else rows[0]
        return np.asarray(values).astype(self.dtype, copy=False)

    def _checked(self, dataset: h5py.Dataset, shape: tuple[int, ...]) -> h5py.Dataset:
        """Return a dataset that is what the catalogue tells: what another one costs, nobody has counted."""
        its_shape, dtype = dataset.id.shape, dataset.dtype  # each asks HDF5
        kind = "O" if h5py.check_string_dtype(dtype) else dtype.kind
        if (
            prod(its_shape) != prod(shape)
            or (kind == "O") != (self.dtype.kind == "O")
            or kind not in "biufcO"
        ):
            found = f"the shape {its_shape} and the type {dtype}"
            told = f"its catalogue tells {shape} and {self.dtype}"
            raise StoreError(f"{self.path} is damaged: {dataset.name} has {found}, {told}")
        return dataset

    def _read_mean(self, dataset: h5py.Dataset, key: tuple[Any, ...]) -> NDArray[np.generic]:
        """Read one of the stacked datasets; a link's values have the shape of the layer that it leads to."""
        if dataset.shape == self.shape[1:]:
            return np.asarray(dataset[key])
        return _outer(np.asarray(dataset[()]).reshape(self.shape[1:]), key)

    def _read_dataset(self, dataset: h5py.Dataset, key: tuple[Any, ...]) -> NDArray[np.generic]:
        source = dataset.asstr() if h5py.check_string_dtype(dataset.dtype) else dataset
        if dataset.shape == self.shape:
            return np.asarray(source[key])
        row = key[0] if key else slice(None)
        values = np.asarray(source[row])
        if np.ndim(values) == dataset.ndim:
            values = values.reshape(-1, *self.shape[1:])
            return _outer(values, (slice(None), *key[1:]))
        return _outer(values.reshape(self.shape[1:]), key[1:])


def _outer(values: NDArray[np.generic], key: tuple[Any, ...]) -> NDArray[np.generic]:
    """Index every axis by itself: NumPy would move the axis of a vector that stands beside integers."""
    for axis in reversed(range(len(key))):
        values = values[(slice(None),) * axis + (key[axis],)]
    return values
