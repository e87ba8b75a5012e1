"""One output of a layer while the samples go through the model, batch by batch."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from inspectree.logger.rounding import fits
from inspectree.logger.store.record import Array, Output
from inspectree.logger.units import Units, as_units, merged

Parts = Mapping[str, NDArray[Any]]
"""What a pass tells of one output for one batch, by name."""

INFINITE = 0xF800
"""From here on the bits of a float16 without its sign, moved left by one, say infinity or NaN."""


class Gathering(Protocol):
    """Collects an output over the batches."""

    def add(self, parts: Parts, start: int, count: int) -> None:
        """Take the first ``count`` rows of a batch in, whose place begins at ``start``."""

    @property
    def is_true(self) -> bool:
        """Tell whether the output is told truly, when all rows are in."""

    def output(self) -> Output:
        """Return all of it."""


class Whole:
    """An output as it came: everything that follows from it is worked out later."""

    def __init__(self, samples: int) -> None:
        self._samples = samples
        self._values: NDArray[Any] | None = None

    def add(self, parts: Parts, start: int, count: int) -> None:
        """Take rows in."""
        values = parts["values"]
        if self._values is None:
            self._values = np.empty((self._samples, *values.shape[1:]), values.dtype)
        self._values[start : start + count] = values[:count]

    is_true = True

    def output(self) -> Output:
        """Return the values."""
        assert self._values is not None  # there is one batch at least
        return Output.of(self._values)


class Condensed:
    """An output in float16, with its class means and unit statistics from before the rounding."""

    def __init__(self, samples: int, captured: str, class_counts: NDArray[np.int64]) -> None:
        self._samples = samples
        self._captured = captured
        self._class_counts = class_counts
        self._values: NDArray[np.float16] | None = None
        self._sums: NDArray[np.float64] | None = None
        self._units: list[Units] = []
        self._probes: list[Array] = []
        self._finite = True

    def add(self, parts: Parts, start: int, count: int) -> None:
        """Take rows in."""
        halves = parts["halves"][:count]
        self._finite = self._finite and all_finite(halves)
        if self._values is None or self._sums is None:
            self._values = np.empty((self._samples, *halves.shape[1:]), np.float16)
            self._sums = np.zeros(parts["sums"].shape)
        self._values[start : start + count] = halves
        self._sums += parts["sums"]
        self._probes.append(parts["probe"].copy())  # a backend may give out a view that holds the whole batch
        if "mean" in parts:
            self._units.append(_units(parts, halves, count))

    @property
    def is_true(self) -> bool:
        """Tell whether float16 holds these values."""
        return self._finite and fits(np.concatenate(self._probes), np.dtype(np.float16))

    def output(self) -> Output:
        """Return the values with their class means and units."""
        assert self._values is not None  # there is one batch at least
        assert self._sums is not None
        means = {
            index: (self._sums[index] / count).astype(np.float32)
            for index, count in enumerate(self._class_counts)
            if count
        }
        units = merged(self._units) if self._units else None
        return Output(self._values, self._captured, means, units)


def all_finite(halves: NDArray[np.float16]) -> bool:
    """Tell whether float16 values are finite, by their bits: NumPy has no fast way for their values."""
    bits = np.left_shift(np.ascontiguousarray(halves).view(np.uint16), 1)
    return bool(bits.max(initial=0) < INFINITE)


def _units(parts: Parts, halves: NDArray[np.float16], count: int) -> Units:
    per_unit = halves[:count].size // max(1, parts["mean"].size)
    return as_units(
        finite=np.full(parts["mean"].shape, per_unit),
        zeros=np.rint(parts["zeros"]),
        mean=parts["mean"],
        variance=parts["squares"] / per_unit,
        minimum=parts["minimum"],
        maximum=parts["maximum"],
    )
