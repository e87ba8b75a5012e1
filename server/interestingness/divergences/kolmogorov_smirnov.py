"""The statistic of Kolmogorov and Smirnov."""

import numpy as np
from typing_extensions import override

from inspectree.server.interestingness.distribution import Distribution
from inspectree.server.interestingness.divergence import DistributionDivergence


class KolmogorovSmirnov(DistributionDivergence):
    """The statistic of Kolmogorov and Smirnov: the largest difference of the cumulative functions."""

    name = "kolmogorov_smirnov"
    title = "Kolmogorov–Smirnov"
    description = (
        "The largest difference of the shares below any point, 0 to 1; whatever the scale of the values."
    )

    @override
    def between(self, observed: Distribution, expected: Distribution) -> float:
        points = np.union1d(observed.points, expected.points)
        return float(np.abs(observed.at(points) - expected.at(points)).max())
