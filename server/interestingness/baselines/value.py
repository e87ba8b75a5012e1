"""A number."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from inspectree.server.interestingness.baseline import Baseline, Family
from inspectree.server.interestingness.measure import Measure
from inspectree.server.interestingness.survey import Expected, Survey


class Value(Baseline):
    """A number, the same for all: 0 where none is given."""

    family: ClassVar[Family] = "user-defined"
    title: ClassVar[str] = "A fixed value"
    example: ClassVar[Mapping[str, Any]] = {"kind": "value", "value": 0.0}

    kind: Literal["value"] = "value"
    value: Annotated[float, Field(description="what is not interesting", allow_inf_nan=False)] = 0.0

    @override
    @classmethod
    def fits(cls, measure: Measure) -> bool:
        return measure.divergence == "absolute"

    @override
    def expected(self, survey: Survey) -> list[Expected]:
        return [Expected(self.value, "fixed")] * len(survey.observations())
