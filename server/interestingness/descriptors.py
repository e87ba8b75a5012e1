"""Measures that are one stored descriptor."""

from math import nan

from typing_extensions import override

from inspectree.server.interestingness.base import Measure, Variable


class Variance(Measure):
    """How much the values differ among themselves."""

    name = "variance"
    title = "Variance"
    description = "How much the values differ among themselves, against the median of the same type."

    @override
    def raw(self, variable: Variable) -> float:
        return variable.statistics.variance


class Skew(Measure):
    """How lopsided the distribution is."""

    name = "skew"
    title = "Skewness"
    description = "How lopsided the distribution is, against 0 of any symmetric one."
    baseline = 0.0

    @override
    def raw(self, variable: Variable) -> float:
        return variable.statistics.skew


class Kurtosis(Measure):
    """How heavy the tails are."""

    name = "kurtosis"
    title = "Kurtosis"
    description = "How heavy the tails are, as excess over a normal distribution's."
    baseline = 0.0

    @override
    def raw(self, variable: Variable) -> float:
        return variable.statistics.kurtosis


class Minimum(Measure):
    """The smallest value."""

    name = "minimum"
    title = "Minimum"
    description = "The smallest value, against the median of the same type."

    @override
    def raw(self, variable: Variable) -> float:
        return variable.statistics.minimum


class Maximum(Measure):
    """The largest value."""

    name = "maximum"
    title = "Maximum"
    description = "The largest value, against the median of the same type."

    @override
    def raw(self, variable: Variable) -> float:
        return variable.statistics.maximum


class Sparsity(Measure):
    """The share of zeros."""

    name = "sparsity"
    title = "Sparsity"
    description = "The share of values that are exactly 0."
    baseline = 0.0

    @override
    def raw(self, variable: Variable) -> float:
        count = variable.statistics.count
        return variable.statistics.zeros / count if count else nan
