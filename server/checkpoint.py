"""What was recorded of a model at one moment of its training."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import xarray as xr

from inspectree.logger.statistics import Statistics
from inspectree.logger.store.reader import CheckpointReader, Entry
from inspectree.server.errors import UnknownUnitError
from inspectree.server.identity import identity
from inspectree.server.nearest import nearest


class Checkpoint:
    """A checkpoint: variable paths (``conv2d/kernel``) lead to arrays that are read lazily."""

    def __init__(self, reader: CheckpointReader) -> None:
        self._reader = reader
        self.identity = identity(reader.path)
        self.number, self.step, self.epoch = reader.number, reader.step, reader.epoch
        self.time, self.metrics = reader.time, reader.metrics
        self.inference_seconds = reader.inference_seconds
        """What the pass of all samples took; None where it was compiled for it."""
        self.measured: dict[tuple[Any, ...], float] = {}
        """What measures of interestingness have found, by all that it depends on besides this file."""

    def is_current(self) -> bool:
        """Tell whether the file is still the one that was opened."""
        return self.identity == identity(self._reader.path)

    @property
    def nbytes(self) -> int:
        """Return the size of the file."""
        return 0 if self.identity is None else self.identity[1]

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Return dims, shape and dtype of each variable by its path."""
        return self._reader.entries

    def __getitem__(self, path: str) -> xr.DataArray:
        return self.lazy(path)

    def lazy(self, path: str, *, predictions: bool = True) -> xr.DataArray:
        """Return a variable that is read when and where it is needed, with what is known of its samples.

        Without ``predictions`` it is not told which class is predicted for them, for which a file is read.
        """
        self.entry(path)
        return self._reader.lazy(path, predictions=predictions)

    def __contains__(self, path: object) -> bool:
        return path in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def entry(self, path: str) -> Entry:
        """Return what is known of a variable without reading it.

        Raises
        ------
        UnknownUnitError
            When the checkpoint does not hold it; lists the nearest paths.
        """
        if path not in self.entries:
            hint = nearest(path, self.entries)
            raise UnknownUnitError(f"checkpoint {self.number} holds no variable {path!r}; {hint}", path)
        return self.entries[path]

    @property
    def recomputed(self) -> tuple[str, ...]:
        """Return the paths of the layers and outputs that were left out; the weights bring them back."""
        return self._reader.recomputed

    def unit_statistics(self, path: str) -> pd.DataFrame:
        """Return what is known of each unit of a variable, one row per unit in their order."""
        self.entry(path)
        return self._reader.unit_statistics(path)

    def class_metrics(self) -> pd.DataFrame:
        """Return precision, recall, F1 and the number of samples, one row per class; none without classes."""
        return self._reader.class_metrics()

    def updates(self) -> xr.Dataset:
        """Return ``gradient_norm`` and ``update_ratio`` (step, variable), where they were recorded."""
        return self._reader.updates()

    @property
    def statistics(self) -> Mapping[str, Statistics]:
        """Return the stored descriptors of weights, activations and gradients by their paths."""
        return self._reader.all_statistics
