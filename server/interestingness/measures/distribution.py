"""The values' distribution as a whole."""

from math import nan

from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness import distribution
from inspectree.server.interestingness.measure import StatisticsMeasure
from inspectree.server.interestingness.observed import Observed
from inspectree.server.interestingness.subjects import Variable


class Distribution(StatisticsMeasure):
    """The values' distribution as a whole, as the stored histogram tells it.

    It is compared with another distribution, by one of the divergences; this is its raw value, too, and the
    baseline is 0: no difference.
    """

    name = "distribution"
    title = "Distribution"
    description = "How far the whole distribution of the values is from another one."
    divergence = "jensen_shannon"

    @override
    def of(self, statistics: Statistics, variable: Variable) -> Observed:
        return distribution.Distribution.of(statistics) or nan
