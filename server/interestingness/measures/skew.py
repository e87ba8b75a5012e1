"""How lopsided the distribution is."""

from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.measure import ZERO, StatisticsMeasure
from inspectree.server.interestingness.subjects import Variable


class Skew(StatisticsMeasure):
    """How lopsided the distribution is.

    The third standardised moment (Fisher–Pearson); 0 of any symmetric distribution.
    """

    name = "skew"
    title = "Skewness"
    description = "How lopsided the distribution is."
    baseline = ZERO

    @override
    def of(self, statistics: Statistics, variable: Variable) -> float:
        return statistics.skew
