"""The largest finite value."""

from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.measure import StatisticsMeasure
from inspectree.server.interestingness.subjects import Variable


class Maximum(StatisticsMeasure):
    """The largest finite value."""

    name = "maximum"
    title = "Maximum"
    description = "The largest value."

    @override
    def of(self, statistics: Statistics, variable: Variable) -> float:
        return statistics.maximum
