"""A range that is as good as any."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator
from typing_extensions import override

from inspectree.server.interestingness.baseline import Baseline, Family
from inspectree.server.interestingness.distribution import Distribution
from inspectree.server.interestingness.measure import Measure
from inspectree.server.interestingness.observed import Observed
from inspectree.server.interestingness.survey import Expected, Survey


class Range(Baseline):
    """A range within which nothing is interesting; outside, the nearest bound is the baseline."""

    family: ClassVar[Family] = "user-defined"
    title: ClassVar[str] = "A range"
    example: ClassVar[Mapping[str, Any]] = {"kind": "range", "low": 0.0, "high": 0.5}

    kind: Literal["range"] = "range"
    low: Annotated[
        float | None, Field(description="lower bound; none where left out", allow_inf_nan=False)
    ] = None
    high: Annotated[
        float | None, Field(description="upper bound; none where left out", allow_inf_nan=False)
    ] = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("a range has a bound: give low, high or both")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low ({self.low}) is above high ({self.high})")
        return self

    @override
    @classmethod
    def fits(cls, measure: Measure) -> bool:
        return measure.divergence == "absolute"

    @override
    def expected(self, survey: Survey) -> list[Expected]:
        return [self._nearest(value) for _, value in survey.observations()]

    def _nearest(self, value: Observed) -> Expected:
        assert not isinstance(value, Distribution)
        if self.low is not None and value < self.low:
            return Expected(self.low, f"at least {self.low:.4g}")
        if self.high is not None and value > self.high:
            return Expected(self.high, f"at most {self.high:.4g}")
        return Expected(value, "within the range")
