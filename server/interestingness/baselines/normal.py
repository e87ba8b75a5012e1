"""A normal distribution of the same mean and variance."""

from collections.abc import Mapping
from math import inf, nan, sqrt
from typing import Any, ClassVar, Literal

from typing_extensions import override

from inspectree.server.interestingness.baseline import Baseline, Family
from inspectree.server.interestingness.laws import Normal as Law
from inspectree.server.interestingness.measure import Measure, StatisticsMeasure
from inspectree.server.interestingness.subjects import Variable
from inspectree.server.interestingness.survey import Expected, Survey

GIVEN = frozenset({"variance", "norm", "nonfinite"})
"""Measures in which values and the fitted distribution agree by construction."""


class Normal(Baseline):
    """A normal distribution of the same mean and variance: what is interesting is another shape."""

    family: ClassVar[Family] = "objective"
    title: ClassVar[str] = "A fitted normal distribution"
    example: ClassVar[Mapping[str, Any]] = {"kind": "normal"}
    without: ClassVar[str] = "its values do not vary, or are not finite"

    kind: Literal["normal"] = "normal"

    @override
    @classmethod
    def fits(cls, measure: Measure) -> bool:
        return isinstance(measure, StatisticsMeasure) and measure.name not in GIVEN

    @override
    def expected(self, survey: Survey) -> list[Expected]:
        measure = survey.measure
        assert isinstance(measure, StatisticsMeasure)
        return [_fitted(measure, each) for each, _ in survey.observations() if isinstance(each, Variable)]


def _fitted(measure: StatisticsMeasure, variable: Variable) -> Expected:
    statistics = variable.statistics
    if statistics is None or not 0 < statistics.variance < inf or statistics.finite < 1:
        return Expected(nan, "no normal distribution")
    law = Law(statistics.mean, sqrt(statistics.variance))
    return Expected(measure.of(law.expected(statistics.finite), variable), str(law))
