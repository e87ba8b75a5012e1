"""How heavy the tails are."""

from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.measure import ZERO, StatisticsMeasure
from inspectree.server.interestingness.subjects import Variable


class Kurtosis(StatisticsMeasure):
    """How heavy the tails are.

    The fourth standardised moment less 3, which is a normal distribution's (Fisher).
    """

    name = "kurtosis"
    title = "Kurtosis"
    description = "How heavy the tails are, as excess over a normal distribution's."
    baseline = ZERO

    @override
    def of(self, statistics: Statistics, variable: Variable) -> float:
        return statistics.kurtosis
