"""Rows of the samples as tensors of the backend."""

from collections.abc import Iterator, Mapping
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from inspectree.logger.capture.inputs import model_dtype
from inspectree.logger.store.record import Array

Rows = NDArray[np.int64]

ROWS = 100
"""Samples that go through the model at once; it bounds the memory that a pass needs."""


def even_size(samples: int) -> int:
    """Return a batch size of at most `ROWS` with which the last batch is about as large as the others."""
    batches = -(-samples // ROWS)
    return -(-samples // batches)


def batches(samples: int, size: int) -> Iterator[Rows]:
    """Yield the rows of each batch; the last one may be smaller."""
    for start in range(0, samples, size):
        yield np.arange(start, min(start + size, samples))


def filled(rows: Rows, size: int) -> Rows:
    """Return ``size`` rows: the last one repeated where there are fewer, so that a pass is compiled once."""
    return np.concatenate([rows, np.full(size - len(rows), rows[-1])])


def tensors(arrays: Mapping[str, Array], rows: Rows) -> dict[str, Any]:
    """Return rows of arrays (sample, …) by name, in the dtypes in which Keras hands them to a model."""
    return {
        name: keras.ops.convert_to_tensor(values[rows], dtype=model_dtype(values))
        for name, values in arrays.items()
    }
