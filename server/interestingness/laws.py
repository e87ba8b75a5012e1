"""Distributions that values are drawn from, and what is to be expected of a tensor that was."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import exp, nan, pi, sqrt
from statistics import NormalDist
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from inspectree.logger.statistics import BINS, QUANTILES, Statistics

NORMAL = NormalDist()
CUT = 2.0
"""Where a truncated normal distribution of Keras ends, in standard deviations of the whole one."""

BEYOND = NORMAL.cdf(-CUT)
"""The share of a normal distribution's values that are cut off on either side."""

DENSITY = exp(-(CUT**2) / 2) / sqrt(2 * pi)
WITHIN = 1 - 2 * BEYOND
TRUNCATED_VARIANCE = 1 - 2 * CUT * DENSITY / WITHIN
CUT_DEVIATION = sqrt(TRUNCATED_VARIANCE)
TRUNCATED_FOURTH = 3 * TRUNCATED_VARIANCE - 2 * CUT**3 * DENSITY / WITHIN
"""Moments of a standard normal distribution cut at ±2, by integration by parts."""


@dataclass(frozen=True)
class Law(ABC):
    """A symmetric distribution with ``mean`` and ``scale``, whatever that is of it."""

    mean: float
    scale: float
    words: ClassVar[str]

    def __str__(self) -> str:
        given = {
            "mean": self.mean,
            "scale": self.scale,
            "low": self.mean - self.scale,
            "high": self.mean + self.scale,
        }
        return self.words.format(**given) if self.scale else f"constant {self.mean:.4g}"

    @property
    @abstractmethod
    def variance(self) -> float:
        """Return the variance."""

    @property
    @abstractmethod
    def kurtosis(self) -> float:
        """Return the excess kurtosis."""

    @abstractmethod
    def below(self, point: float) -> float:
        """Return the share below a point that is given in units of the scale, from the mean."""

    @abstractmethod
    def quantile(self, share: float) -> float:
        """Return the point below which a share lies, in units of the scale, from the mean."""

    def expected(self, count: int) -> Statistics:
        """Return what is to be expected of ``count`` values.

        The extremes are the quantiles that Blom (1958) gives for the expected smallest and largest of a
        sample.
        """
        if self.scale == 0 or count == 0:
            return _constant(self.mean, count)
        ends = self.quantile((1 - 3 / 8) / (count + 1 / 4))
        edges = np.linspace(ends, -ends, BINS + 1)
        inner = np.array([self.below(point) for point in edges[1:-1]])
        shares = np.diff(inner, prepend=0, append=1)
        low, high = self.mean + self.scale * ends, self.mean - self.scale * ends
        return Statistics(
            count=count,
            finite=count,
            zeros=0,
            mean=self.mean,
            variance=self.variance,
            skew=0.0,
            kurtosis=self.kurtosis,
            minimum=low,
            maximum=high,
            norm=sqrt(count * (self.variance + self.mean * self.mean)),
            quantiles=np.array([self.mean + self.scale * self.quantile(share) for share in QUANTILES]),
            histogram=_as_counts(shares, count),
            edges=self.mean + self.scale * edges,
        )


class Normal(Law):
    """Normal; the scale is the standard deviation."""

    words = "normal of mean {mean:.4g}, standard deviation {scale:.4g}"

    @property
    @override
    def variance(self) -> float:
        return self.scale * self.scale

    @property
    @override
    def kurtosis(self) -> float:
        return 0.0

    @override
    def below(self, point: float) -> float:
        return NORMAL.cdf(point)

    @override
    def quantile(self, share: float) -> float:
        return NORMAL.inv_cdf(share)


class TruncatedNormal(Law):
    """Normal, cut at twice the standard deviation of the whole one, which is the scale."""

    words = "normal of mean {mean:.4g}, standard deviation {scale:.4g}, cut at twice that"

    @property
    @override
    def variance(self) -> float:
        return self.scale * self.scale * TRUNCATED_VARIANCE

    @property
    @override
    def kurtosis(self) -> float:
        return TRUNCATED_FOURTH / TRUNCATED_VARIANCE**2 - 3

    @override
    def below(self, point: float) -> float:
        return min(max((NORMAL.cdf(point) - BEYOND) / WITHIN, 0.0), 1.0)

    @override
    def quantile(self, share: float) -> float:
        return NORMAL.inv_cdf(BEYOND + share * WITHIN)


class Uniform(Law):
    """Even; the scale is the distance from the mean to either end."""

    words = "uniform from {low:.4g} to {high:.4g}"

    @property
    @override
    def variance(self) -> float:
        return self.scale * self.scale / 3

    @property
    @override
    def kurtosis(self) -> float:
        return -6 / 5

    @override
    def below(self, point: float) -> float:
        return min(max((point + 1) / 2, 0.0), 1.0)

    @override
    def quantile(self, share: float) -> float:
        return 2 * share - 1


def spread(variance: float, count: int) -> Statistics:
    """Return what is to be expected of ``count`` values around 0 of which only the variance is known."""
    edges, shares = np.full(BINS + 1, nan), np.zeros(BINS, np.int64)
    quantiles = np.full(len(QUANTILES), nan)
    norm = sqrt(count * variance)
    return Statistics(count, count, 0, 0.0, variance, nan, nan, nan, nan, norm, quantiles, shares, edges)


def _constant(value: float, count: int) -> Statistics:
    edges = np.linspace(value - 0.5, value + 0.5, BINS + 1)
    counts, _ = np.histogram(np.full(1, value), edges)
    zeros = 0 if value else count
    quantiles = np.full(len(QUANTILES), value)
    norm = abs(value) * sqrt(count)
    return Statistics(
        count, count, zeros, value, 0.0, nan, nan, value, value, norm, quantiles, counts * count, edges
    )


def _as_counts(shares: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Return shares as a histogram's counts, so many that rounding changes nothing."""
    return np.round(shares * max(count, 1 << 40)).astype(np.int64)
