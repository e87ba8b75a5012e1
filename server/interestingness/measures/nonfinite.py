"""The share of values that are no numbers."""

from math import nan

from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.measure import ZERO, StatisticsMeasure
from inspectree.server.interestingness.subjects import Variable


class NonFinite(StatisticsMeasure):
    """The share of the values that are NaN or infinite: the training has diverged there."""

    name = "nonfinite"
    title = "Non-finite share"
    description = "The share of values that are NaN or infinite."
    baseline = ZERO
    without = "it holds no values, or no statistics of them are stored"

    @override
    def of(self, statistics: Statistics, variable: Variable) -> float:
        return 1 - statistics.finite / statistics.count if statistics.count else nan
