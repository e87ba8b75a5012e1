"""The same type of variable in the other layers."""

from collections import defaultdict
from collections.abc import Mapping
from math import nan
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from inspectree.server.interestingness.baseline import Baseline, Family
from inspectree.server.interestingness.measure import LAYERS, Measure
from inspectree.server.interestingness.pooling import others
from inspectree.server.interestingness.survey import Expected, Observation, Survey


class Layers(Baseline):
    """The variables of the same type in the other layers.

    Their median, or the mixture of their distributions. The others are those of all models that are asked
    for, or of the same model only.
    """

    family: ClassVar[Family] = "subjective"
    title: ClassVar[str] = "The other layers"
    example: ClassVar[Mapping[str, Any]] = {"kind": "layers", "within": "model"}
    without: ClassVar[str] = "there is no other variable of this type to compare it with"

    kind: Literal["layers"] = "layers"
    within: Annotated[
        Literal["question", "model"], Field(description="question: of all models that are asked for")
    ] = "question"

    @override
    @classmethod
    def fits(cls, measure: Measure) -> bool:
        return measure.kinds != LAYERS

    @override
    def expected(self, survey: Survey) -> list[Expected]:
        observations = survey.observations()
        groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for index, observation in enumerate(observations):
            groups[self._group(observation)].append(index)
        found = [Expected(nan, "")] * len(observations)
        for (type_, _), members in groups.items():
            about = f"the typical of {len(members) - 1} others of {type_}"
            for index, value in zip(members, others([observations[i].value for i in members]), strict=True):
                found[index] = Expected(value, about)
        return found

    def _group(self, observation: Observation) -> tuple[str, str]:
        subject = observation.subject
        return subject.type, subject.model.id if self.within == "model" else ""
