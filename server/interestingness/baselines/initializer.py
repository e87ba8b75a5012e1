"""What the initializer drew weights from."""

from collections.abc import Mapping
from math import nan, prod
from typing import Any, ClassVar, Literal

from typing_extensions import override

from inspectree.server.interestingness.baseline import Baseline, Family
from inspectree.server.interestingness.initializers import initial
from inspectree.server.interestingness.measure import WEIGHTS, Measure, StatisticsMeasure
from inspectree.server.interestingness.observed import known
from inspectree.server.interestingness.subjects import Variable
from inspectree.server.interestingness.survey import Expected, Survey


class Initializer(Baseline):
    """The distribution that the weights were drawn from before training.

    It follows from the initializer in the layer's configuration and the shape, as Keras draws it (Glorot,
    He, LeCun and other variance scaling, normal, truncated normal, uniform, constant; of orthogonal
    matrices variance and norm). Where that doesn't tell, it is what the variable was at checkpoint 0.
    """

    family: ClassVar[Family] = "objective"
    title: ClassVar[str] = "The initializer's distribution"
    example: ClassVar[Mapping[str, Any]] = {"kind": "initializer"}
    without: ClassVar[str] = "no initializer drew it, or this measure sees nothing in what one drew"

    kind: Literal["initializer"] = "initializer"

    @override
    @classmethod
    def fits(cls, measure: Measure) -> bool:
        return isinstance(measure, StatisticsMeasure) and measure.kinds >= WEIGHTS

    @override
    def expected(self, survey: Survey) -> list[Expected]:
        measure = survey.measure
        assert isinstance(measure, StatisticsMeasure)
        return [_drawn(measure, each) for each, _ in survey.observations() if isinstance(each, Variable)]


def _drawn(measure: StatisticsMeasure, variable: Variable) -> Expected:
    if variable.entry.kind != "weights":
        return Expected(nan, "activations are not drawn from an initializer")
    configured = initial(variable.node, variable.type, variable.entry.shape)
    if configured is not None and known(value := measure.of(configured[0], variable)):
        return Expected(value, configured[1])
    before = variable.at(variable.moment.first)
    if before is None or before.entry.shape != variable.entry.shape or not prod(before.entry.shape):
        return Expected(nan, "no initializer")
    return Expected(measure.observe(before), "itself at the first checkpoint")
