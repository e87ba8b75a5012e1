"""How values are distributed, as far as stored histograms tell."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspectree.logger.statistics import Statistics

KNOTS = 512
"""Points that stand for those of many distributions."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Distribution:
    """A cumulative distribution function that is linear between its points.

    ``points`` (point) ascend; ``below`` (point) is the share of the values below each, from 0 to 1;
    ``count`` is the number of values that it was seen in.
    """

    points: Floats
    below: Floats
    count: float

    @classmethod
    def of(cls, statistics: Statistics) -> "Distribution | None":
        """Return what a stored histogram tells, even within each bin; None without finite values."""
        if statistics.finite < 1 or not statistics.histogram.sum() > 0:
            return None
        if statistics.minimum == statistics.maximum:
            return cls(_narrow(statistics.minimum), np.array([0.0, 1.0]), statistics.finite)
        below = np.concatenate([[0], np.cumsum(statistics.histogram)])
        return cls(statistics.edges, below / below[-1], statistics.finite)

    def at(self, points: Floats) -> Floats:
        """Return the share of the values below each point."""
        return np.interp(points, self.points, self.below, left=0, right=1)


def mixture(distributions: Sequence[Distribution]) -> Distribution:
    """Return the distribution of values of which each distribution gives as many."""
    if len(distributions) == 1:
        return distributions[0]
    knots = _knots(distributions)
    below = np.mean([each.at(knots) for each in distributions], axis=0)
    return Distribution(knots, below, sum(each.count for each in distributions))


def mixtures_of_others(distributions: Sequence[Distribution]) -> list[Distribution]:
    """Return for each of two or more distributions the mixture of all others."""
    knots = _knots(distributions)
    shares = np.array([each.at(knots) for each in distributions])
    others = (shares.sum(axis=0) - shares) / (len(distributions) - 1)
    count = sum(each.count for each in distributions)
    return [
        Distribution(knots, below.clip(0, 1), count - each.count)
        for each, below in zip(distributions, others, strict=True)
    ]


def _knots(distributions: Sequence[Distribution]) -> Floats:
    """Return the points of all, or as many of their quantiles as are enough."""
    points: Floats = np.unique(np.concatenate([each.points for each in distributions]))
    if len(points) <= KNOTS:
        return points
    return np.unique(np.quantile(points, np.linspace(0, 1, KNOTS)))


def _narrow(value: float) -> Floats:
    """Return a range that holds next to nothing but the value."""
    return np.array([value, value + max(abs(value) * 1e-12, 1e-100)])
