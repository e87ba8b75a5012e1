"""The model that a model was derived from."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from inspectree.server.interestingness.baseline import Baseline, Family
from inspectree.server.interestingness.measure import LAYERS, Measure
from inspectree.server.interestingness.observed import Observed
from inspectree.server.interestingness.pooling import typical
from inspectree.server.interestingness.subjects import Subject
from inspectree.server.interestingness.survey import Expected, Survey


class Parent(Baseline):
    """The variable of the same path in the parent model, or else what is typical there of the same type.

    Of several parents, it is what is typical of them.
    """

    family: ClassVar[Family] = "subjective"
    title: ClassVar[str] = "The parent model"
    example: ClassVar[Mapping[str, Any]] = {"kind": "parent"}
    without: ClassVar[str] = "no parent in the store has such a variable at that checkpoint"

    kind: Literal["parent"] = "parent"
    checkpoint: Annotated[
        int | Literal["last", "first", "best"] | None,
        Field(description="the parent's checkpoint; the same as is asked for where left out"),
    ] = None

    @override
    @classmethod
    def fits(cls, measure: Measure) -> bool:
        return measure.kinds != LAYERS

    @override
    def expected(self, survey: Survey) -> list[Expected]:
        return [self._of(survey, each) for each, _ in survey.observations()]

    def _of(self, survey: Survey, subject: Subject) -> Expected:
        values: list[Observed] = []
        about = []
        for parent in subject.model.parents:
            found, which = survey.seen(parent, self.checkpoint).like(subject)
            values.append(typical(found))
            about.append(f"{which} of {parent.header.title}")
        return Expected(typical(values), ", ".join(about))
