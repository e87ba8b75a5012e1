"""How far apart the extremes are."""

from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.measure import StatisticsMeasure
from inspectree.server.interestingness.subjects import Variable


class Range(StatisticsMeasure):
    """How far apart the extremes are: the largest finite value less the smallest."""

    name = "range"
    title = "Range"
    description = "How far apart the largest and the smallest value are."

    @override
    def of(self, statistics: Statistics, variable: Variable) -> float:
        return statistics.maximum - statistics.minimum
