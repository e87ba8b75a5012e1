"""The distance that values would have to be moved."""

import numpy as np
from typing_extensions import override

from inspectree.server.interestingness.distribution import Distribution
from inspectree.server.interestingness.divergence import DistributionDivergence


class Wasserstein(DistributionDivergence):
    """How far values have to be moved on average to make one distribution the other.

    The 1-Wasserstein distance: the area between both cumulative distribution functions, in the unit of the
    values.
    """

    name = "wasserstein"
    title = "Wasserstein"
    description = "How far values have to be moved on average, in their own unit."

    @override
    def between(self, observed: Distribution, expected: Distribution) -> float:
        points = np.union1d(observed.points, expected.points)
        gap = observed.at(points) - expected.at(points)
        left, right = np.abs(gap[:-1]), np.abs(gap[1:])
        crossing = gap[:-1] * gap[1:] < 0  # between two points the functions are straight lines
        together = np.where(left + right > 0, left + right, 1)
        height = np.where(crossing, (left**2 + right**2) / together, left + right) / 2
        return float(height @ np.diff(points))
