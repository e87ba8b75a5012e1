"""Descriptors of one tensor: moments, extremes, quantiles and a histogram."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from inspectree.logger.halves import counted

BINS = 64
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
EXACT_QUANTILES_UP_TO = 1_000_000
CHUNK = 1 << 17

Floats = NDArray[np.floating[Any]]

DTYPE = np.dtype(
    [
        ("count", "<i8"),
        ("finite", "<i8"),
        ("zeros", "<i8"),
        ("mean", "<f8"),
        ("variance", "<f8"),
        ("skew", "<f8"),
        ("kurtosis", "<f8"),
        ("minimum", "<f8"),
        ("maximum", "<f8"),
        ("norm", "<f8"),
        ("quantiles", "<f8", (len(QUANTILES),)),
        ("histogram", "<i8", (BINS,)),
        ("edges", "<f8", (BINS + 1,)),
    ]
)
"""How statistics stand in a file (docs/format.md)."""


@dataclass(frozen=True)
class Statistics:
    """What is known of a tensor without reading it.

    Moments are the population's (ddof 0), ``kurtosis`` is the excess. Non-finite values count in
    ``count`` only. Without finite values everything but the counts is NaN.
    """

    count: int
    finite: int
    zeros: int
    mean: float
    variance: float
    skew: float
    kurtosis: float
    minimum: float
    maximum: float
    norm: float
    quantiles: NDArray[np.float64]
    histogram: NDArray[np.int64]
    edges: NDArray[np.float64]

    def as_record(self) -> NDArray[np.void]:
        """Return the scalar record that is written to a file."""
        return np.array(tuple(getattr(self, field.name) for field in fields(self)), dtype=DTYPE)

    @classmethod
    def from_record(cls, record: Any) -> "Statistics":
        """Return the statistics that a file holds."""
        return cls(*record.item())


def describe(values: ArrayLike) -> Statistics:
    """Describe all elements of a tensor of any shape and real dtype."""
    array = np.asarray(values)
    if array.dtype == np.float16:
        return _describe_counts(array.size, *counted(array))
    flat = _as_floats(array).ravel()
    finite = flat
    if not np.isfinite(_extremes(flat)).all():
        finite = flat[np.isfinite(flat)]
    if finite.size == 0:
        return _empty(flat.size)
    minimum, maximum = (float(extreme) for extreme in _extremes(finite))
    mean, variance, skew, kurtosis, norm = _moments(finite, constant=minimum == maximum)
    histogram, edges = _histogram(finite)
    return Statistics(
        count=flat.size,
        finite=finite.size,
        zeros=finite.size - int(np.count_nonzero(finite)),
        mean=mean,
        variance=variance,
        skew=skew,
        kurtosis=kurtosis,
        minimum=minimum,
        maximum=maximum,
        norm=norm,
        quantiles=_quantiles(finite),
        histogram=histogram,
        edges=edges,
    )


def _describe_counts(size: int, values: NDArray[np.float64], counts: NDArray[np.int64]) -> Statistics:
    """Describe ``size`` elements by their finite values, ascending, and how often each occurs."""
    if counts.size == 0:
        return _empty(size)
    finite, weights = int(counts.sum()), counts.astype(np.float64)
    mean = _dot(weights, values) / finite
    centered = values - mean
    squared = np.square(centered)
    squares, cubes, fourths = (
        _dot(weights, powers) / finite for powers in (squared, squared * centered, np.square(squared))
    )
    constant = values[0] == values[-1]
    histogram, edges = _histogram(values.astype(np.float32), counts)  # as it is read
    return Statistics(
        count=size,
        finite=finite,
        zeros=int(counts[values == 0].sum()),
        mean=float(values[0]) if constant else mean,
        variance=0.0 if constant else squares,
        skew=np.nan if constant else cubes / squares**1.5,
        kurtosis=np.nan if constant else fourths / squares**2 - 3,
        minimum=float(values[0]),
        maximum=float(values[-1]),
        norm=float(np.sqrt(_dot(weights, np.square(values)))),
        quantiles=_quantiles_of_counts(values, counts),
        histogram=histogram,
        edges=edges,
    )


def _as_floats(values: ArrayLike) -> Floats:
    array = np.asarray(values)
    narrow = array.dtype.itemsize <= 2 or array.dtype == np.float32
    return array.astype(np.float32 if narrow else np.float64, copy=False)


def _extremes(flat: Floats) -> Floats:
    return np.array([flat.min(), flat.max()]) if flat.size else np.zeros(2, flat.dtype)


def _chunks(flat: Floats) -> Iterator[NDArray[np.float64]]:
    for start in range(0, flat.size, CHUNK):
        yield flat[start : start + CHUNK].astype(np.float64)


def _moments(flat: Floats, *, constant: bool) -> tuple[float, float, float, float, float]:
    """Return mean, variance, skew, excess kurtosis and norm, in two passes of float64 chunks."""
    if constant:  # the mean's own rounding would look like a variance
        value = float(flat[0])
        return value, 0.0, np.nan, np.nan, abs(value) * float(np.sqrt(flat.size))
    # Values near the end of float64's range overflow here; infinity is then the honest answer.
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        mean = sum(float(chunk.sum()) for chunk in _chunks(flat)) / flat.size
        powers = np.zeros(3)
        square = 0.0
        for chunk in _chunks(flat):
            square += _dot(chunk, chunk)
            chunk -= mean
            squared = chunk * chunk
            powers += squared.sum(), _dot(squared, chunk), _dot(squared, squared)
        variance, third, fourth = (float(power) / flat.size for power in powers)
        rounding = np.finfo(np.float64).eps * abs(mean)
        if variance <= rounding**2 < np.inf:
            return mean, 0.0, np.nan, np.nan, float(np.sqrt(square))
        skew = float(np.divide(third, np.float64(variance) ** 1.5))
        kurtosis = float(np.divide(fourth, np.float64(variance) ** 2)) - 3
        return mean, variance, skew, kurtosis, float(np.sqrt(square))


def _dot(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return a scalar product without BLAS, whose threads would wait for more on the training's cores."""
    return float(np.einsum("i,i", first, second))


def _histogram(
    flat: Floats, weights: NDArray[np.int64] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Count in equal bins from the minimum to the maximum; where they are equal, 0.5 to each side."""
    low, high = (float(extreme) for extreme in _extremes(flat))
    if low == high:
        low, high = low - 0.5, high + 0.5
    if not _least_width(low, high, flat.dtype) <= high - low <= float(np.finfo(flat.dtype).max):
        flat = flat.astype(np.float64)
    if max(-low, high) > np.finfo(np.float64).max / 4:  # the width would overflow
        counts, edges = np.histogram(flat / 4, BINS, _widened(low / 4, high / 4), weights=weights)
        return counts, edges * 4
    ends = np.array(_widened(low, high), flat.dtype)  # NumPy rounds the edges by the type of the ends
    counts, edges = np.histogram(flat, BINS, (ends[0], ends[1]), weights=weights)
    return counts, edges.astype(np.float64)


def _widened(low: float, high: float) -> tuple[float, float]:
    """Return a range that float64 can divide into bins: the end that is nearer to zero gives way."""
    least = _least_width(low, high, np.dtype(np.float64))
    if high - low >= least:
        return low, high
    return (high - least, high) if high > -low else (low, low + least)


def _least_width(low: float, high: float, dtype: np.dtype[Any]) -> float:
    """Return how far apart two numbers must be for the bins between them to have edges of their own.

    Among subnormal numbers the width of a bin itself is rounded, which adds up from edge to edge.
    """
    largest = dtype.type(max(abs(low), abs(high)))
    spacing = float(largest - np.nextafter(largest, dtype.type(0)))
    return max(2 * BINS * spacing, BINS**2 * float(np.finfo(dtype).smallest_subnormal))


def _quantiles(flat: Floats) -> NDArray[np.float64]:
    halves = _subset(flat).astype(np.float64) / 2  # the difference of two values must not overflow
    return np.asarray(np.quantile(halves, QUANTILES) * 2)


def _quantiles_of_counts(values: NDArray[np.float64], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the quantiles between the two nearest ranks, as `numpy.quantile` does by default."""
    ends = np.cumsum(counts)
    ranks = np.array(QUANTILES) * (ends[-1] - 1)
    below = values[np.searchsorted(ends, np.floor(ranks), side="right")]
    above = values[np.searchsorted(ends, np.ceil(ranks), side="right")]
    return np.asarray(below + (above - below) * (ranks - np.floor(ranks)))


def _subset(flat: Floats) -> Floats:
    """Return all values, or an evenly strided subset where there are very many."""
    return flat[:: -(-flat.size // EXACT_QUANTILES_UP_TO)]


def _empty(count: int) -> Statistics:
    nan = float("nan")
    return Statistics(
        count, 0, 0, nan, nan, nan, nan, nan, nan, nan,
        np.full(len(QUANTILES), nan), np.zeros(BINS, np.int64), np.full(BINS + 1, nan),
    )  # fmt: skip
