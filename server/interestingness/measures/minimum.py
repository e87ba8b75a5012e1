"""The smallest finite value."""

from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.measure import StatisticsMeasure
from inspectree.server.interestingness.subjects import Variable


class Minimum(StatisticsMeasure):
    """The smallest finite value."""

    name = "minimum"
    title = "Minimum"
    description = "The smallest value."

    @override
    def of(self, statistics: Statistics, variable: Variable) -> float:
        return statistics.minimum
