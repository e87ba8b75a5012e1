"""How much the values differ among themselves."""

from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.measure import StatisticsMeasure
from inspectree.server.interestingness.subjects import Variable


class Variance(StatisticsMeasure):
    """How much the values differ among themselves.

    The mean squared distance from the mean, with ddof 0.
    """

    name = "variance"
    title = "Variance"
    description = "How much the values differ among themselves."

    @override
    def of(self, statistics: Statistics, variable: Variable) -> float:
        return statistics.variance
