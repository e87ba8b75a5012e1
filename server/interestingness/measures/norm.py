"""The length of the values, taken as one vector."""

from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.measure import StatisticsMeasure
from inspectree.server.interestingness.subjects import Variable


class Norm(StatisticsMeasure):
    """The length of the values, taken as one vector.

    The Euclidean norm of the finite values (Frobenius norm of a matrix).
    """

    name = "norm"
    title = "Norm"
    description = "The length of the values, taken as one vector."

    @override
    def of(self, statistics: Statistics, variable: Variable) -> float:
        return statistics.norm
