"""The share of zeros."""

from math import nan

from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.measure import ZERO, StatisticsMeasure
from inspectree.server.interestingness.subjects import Variable


class Sparsity(StatisticsMeasure):
    """The share of the values that are exactly 0."""

    name = "sparsity"
    title = "Sparsity"
    description = "The share of values that are exactly 0."
    baseline = ZERO
    without = "it holds no values, or no statistics of them are stored"

    @override
    def of(self, statistics: Statistics, variable: Variable) -> float:
        return statistics.zeros / statistics.count if statistics.count else nan
