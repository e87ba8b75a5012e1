"""How values spread about their mean: reductions of the moments of the population."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.grammar.groups import Axes, Values
from inspectree.server.grammar.reduce import Reduce
from inspectree.server.grammar.sums import central_moments


class Std(Reduce):
    """Standard deviation of the population."""

    example: ClassVar[Mapping[str, Any]] = {"op": "std", "over": ["sample"]}

    op: Literal["std"] = "std"

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        return np.sqrt(central_moments(values, axes, 2)[0])

    @override
    def _stored(self, statistics: Statistics) -> float:
        return float(np.sqrt(statistics.variance))


class Var(Reduce):
    """Variance of the population."""

    example: ClassVar[Mapping[str, Any]] = {"op": "var", "over": ["sample"]}

    op: Literal["var"] = "var"

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        return central_moments(values, axes, 2)[0]

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.variance


class Skew(Reduce):
    """Skewness of the population: below 0 the left tail is the longer one; NaN where nothing varies."""

    example: ClassVar[Mapping[str, Any]] = {"op": "skew", "over": ["sample"]}

    op: Literal["skew"] = "skew"

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        variance, third = central_moments(values, axes, 3)
        return np.asanyarray(third / variance**1.5)

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.skew


class Kurtosis(Reduce):
    """Excess kurtosis of the population: 0 for a normal distribution, more with heavier tails.

    NaN where nothing varies.
    """

    example: ClassVar[Mapping[str, Any]] = {"op": "kurtosis", "over": ["sample", "y", "x"], "by": ["class"]}

    op: Literal["kurtosis"] = "kurtosis"

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        variance, _, fourth = central_moments(values, axes, 4)
        return np.asanyarray(fourth / variance**2 - 3)

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.kurtosis
