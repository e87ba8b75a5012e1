"""What comes out of a model while the samples go through it, batch by batch."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.logger.capture.backends import to_host
from inspectree.logger.capture.batches import Rows
from inspectree.logger.capture.gathering import Condensed, Gathering, Whole
from inspectree.logger.store.record import Array, Output

Key = tuple[str, str]
"""A node's id and the name of one of its outputs."""


class Passed:
    """One pass of ``size`` samples.

    ``dtypes`` are those of the outputs that come condensed; ``weights`` (class + 1, sample) tell the classes.
    """

    def __init__(self, size: int, dtypes: Mapping[Key, str], weights: NDArray[np.float32]) -> None:
        self.masks: dict[str, Array] = {}
        self.predictions: dict[str, Array] = {}
        self._size = size
        self._dtypes = dict(dtypes)
        self._class_counts = weights[:-1].sum(axis=1).astype(np.int64)
        self._gatherings: dict[Key, Gathering] = {}

    def add(self, results: Mapping[str, Any], rows: Rows) -> None:
        """Take in what a batch gave, which begins with ``rows``."""
        start, count = int(rows[0]), len(rows)
        for path, outputs in results["outputs"].items():
            for name, parts in outputs.items():
                host = {part: to_host(tensor) for part, tensor in parts.items()}
                self._gathering((path, name)).add(host, start, count)
        for name, tensor in results["masks"].items():
            self._fill(self.masks, name, to_host(tensor), rows)
        for name, tensor in results["predictions"].items():
            self._fill(self.predictions, name, to_host(tensor).astype(np.float32, copy=False), rows)

    @property
    def untold(self) -> list[Key]:
        """Return the condensed outputs that float16 does not hold."""
        return [key for key, gathering in self._gatherings.items() if not gathering.is_true]

    def outputs(self) -> dict[str, dict[str, Output]]:
        """Return the outputs by node id and name."""
        nested: dict[str, dict[str, Output]] = {}
        for (path, name), gathering in self._gatherings.items():
            nested.setdefault(path, {})[name] = gathering.output()
        return nested

    def _gathering(self, key: Key) -> Gathering:
        if key not in self._gatherings:
            dtype = self._dtypes.get(key)
            self._gatherings[key] = (
                Whole(self._size) if dtype is None else Condensed(self._size, dtype, self._class_counts)
            )
        return self._gatherings[key]

    def _fill(self, arrays: dict[str, Array], name: str, values: Array, rows: Rows) -> None:
        if name not in arrays:
            arrays[name] = np.empty((self._size, *values.shape[1:]), values.dtype)
        arrays[name][rows] = values[: len(rows)]
