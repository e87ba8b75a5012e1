"""The divergence of Jensen and Shannon."""

import numpy as np
from typing_extensions import override

from inspectree.server.interestingness.distribution import Distribution, Floats
from inspectree.server.interestingness.divergence import DistributionDivergence

MOST_BINS = 128


class JensenShannon(DistributionDivergence):
    """The divergence of Jensen and Shannon: 0 of equal distributions, 1 of those that share nothing.

    To base 2: the mean of both distributions' relative entropies to the one halfway between them (Lin,
    1991). They are compared in bins that are equally probable halfway, 2·n^⅖ of them (Mann and Wald, 1942)
    where the smaller tensor has n values: with more, few values would look unlike anything.
    """

    name = "jensen_shannon"
    title = "Jensen–Shannon"
    description = "Bits that tell the two distributions apart, 0 to 1; whatever the scale of the values."

    @override
    def between(self, observed: Distribution, expected: Distribution) -> float:
        edges = common_edges(observed, expected)
        shares = [np.diff(each.at(edges), prepend=0, append=1) for each in (observed, expected)]
        halfway = (shares[0] + shares[1]) / 2
        return float(np.clip(sum(relative_entropy(each, halfway) for each in shares) / 2, 0, 1))


def common_edges(first: Distribution, second: Distribution) -> Floats:
    """Return the edges between bins that are equally probable halfway between two distributions."""
    half = int(np.clip(min(first.count, second.count) ** 0.4, 1, MOST_BINS / 2))
    bins = 2 * half  # even, so that distributions that lie side by side share none
    points = np.union1d(first.points, second.points)
    halfway = (first.at(points) + second.at(points)) / 2
    return np.unique(np.interp(np.arange(1, bins) / bins, halfway, points))


def relative_entropy(shares: Floats, of: Floats) -> float:
    """Return the relative entropy in bits; bins without a share add nothing."""
    some = shares > 0
    return float(shares[some] @ np.log2(shares[some] / of[some]))
