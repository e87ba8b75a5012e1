"""Measures that follow from one stored descriptor."""

from math import nan

from typing_extensions import override

from inspectree.server.interestingness.base import Measure, Variable


class Descriptor(Measure):
    """A measure that is the stored descriptor of the same name."""

    @override
    def raw(self, variable: Variable) -> float:
        return float(getattr(variable.statistics, self.name))


class Variance(Descriptor):
    """How much the values differ among themselves."""

    name = "variance"
    title = "Variance"
    description = "How much the values differ among themselves, against the median of the same type."


class Skew(Descriptor):
    """How lopsided the distribution is."""

    name = "skew"
    title = "Skewness"
    description = "How lopsided the distribution is, against 0 of any symmetric one."
    baseline = 0.0


class Kurtosis(Descriptor):
    """How heavy the tails are."""

    name = "kurtosis"
    title = "Kurtosis"
    description = "How heavy the tails are, as excess over a normal distribution's."
    baseline = 0.0


class Minimum(Descriptor):
    """The smallest value."""

    name = "minimum"
    title = "Minimum"
    description = "The smallest value, against the median of the same type."


class Maximum(Descriptor):
    """The largest value."""

    name = "maximum"
    title = "Maximum"
    description = "The largest value, against the median of the same type."


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
