"""Reductions that count: how many values there are, and which share of them is something."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.grammar.groups import Axes, Values
from inspectree.server.grammar.reduce import Reduce


class Count(Reduce):
    """Number of values, the non-finite ones included."""

    example: ClassVar[Mapping[str, Any]] = {"op": "count", "by": ["class"]}
    result: ClassVar[str] = "i8"
    of_nothing: ClassVar[float] = 0

    op: Literal["count"] = "count"

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        return np.asarray(np.ones_like(values, dtype=np.int64).sum(axes))

    @override
    def _stored(self, statistics: Statistics) -> float:
        return statistics.count


class FractionZero(Reduce):
    """Share of all values that are exactly 0."""

    example: ClassVar[Mapping[str, Any]] = {"op": "fraction_zero", "over": ["sample"]}

    op: Literal["fraction_zero"] = "fraction_zero"

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        return np.asarray((values == 0).mean(axes))

    @override
    def _stored(self, statistics: Statistics) -> float | None:
        return statistics.zeros / statistics.count if statistics.count else None


class FractionNonfinite(Reduce):
    """Share of all values that are NaN or infinite."""

    example: ClassVar[Mapping[str, Any]] = {"op": "fraction_nonfinite"}

    op: Literal["fraction_nonfinite"] = "fraction_nonfinite"

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        return np.asarray((~np.isfinite(values)).mean(axes))

    @override
    def _stored(self, statistics: Statistics) -> float | None:
        return 1 - statistics.finite / statistics.count if statistics.count else None
