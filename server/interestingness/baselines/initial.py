"""What the same variable was before training."""

from collections.abc import Mapping
from math import nan
from typing import Any, ClassVar, Literal

from typing_extensions import override

from inspectree.server.interestingness.baseline import Baseline, Family
from inspectree.server.interestingness.measure import LAYERS, Measure
from inspectree.server.interestingness.subjects import Subject, Variable
from inspectree.server.interestingness.survey import Expected, Survey


class Initial(Baseline):
    """The same variable at the first checkpoint: what training has made of it."""

    family: ClassVar[Family] = "objective"
    title: ClassVar[str] = "Itself before training"
    example: ClassVar[Mapping[str, Any]] = {"kind": "initial"}
    without: ClassVar[str] = "the first checkpoint does not hold it, or nothing that this measure sees"

    kind: Literal["initial"] = "initial"

    @override
    @classmethod
    def fits(cls, measure: Measure) -> bool:
        return measure.kinds != LAYERS and not measure.temporal

    @override
    def expected(self, survey: Survey) -> list[Expected]:
        return [_before(survey, each) for each, _ in survey.observations()]


def _before(survey: Survey, subject: Subject) -> Expected:
    assert isinstance(subject, Variable)
    before = subject.at(subject.moment.first)
    return Expected(nan if before is None else survey.look(before), "itself at the first checkpoint")
