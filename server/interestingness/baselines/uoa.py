"""A unit of analysis that someone names."""

from collections.abc import Mapping
from math import nan
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import override

from inspectree.server.errors import RequestError
from inspectree.server.interestingness.baseline import Baseline, Family
from inspectree.server.interestingness.measure import LAYERS, Measure
from inspectree.server.interestingness.observed import Observed
from inspectree.server.interestingness.pooling import typical
from inspectree.server.interestingness.subjects import Subject
from inspectree.server.interestingness.survey import Expected, Seen, Survey
from inspectree.server.resolve import Unit, resolve
from inspectree.server.uoa import UnitOfAnalysis


class Uoa(Baseline):
    """A variable, a layer or a model that someone names.

    Of a layer it is the variable of the same name; of a model that of the same path, or else what is
    typical there of the same type.
    """

    family: ClassVar[Family] = "user-defined"
    title: ClassVar[str] = "A unit of analysis"
    example: ClassVar[Mapping[str, Any]] = {"kind": "uoa", "uoa": "root@first"}
    without: ClassVar[str] = "the unit it is compared with has no such variable at that checkpoint"

    kind: Literal["uoa"] = "uoa"
    uoa: Annotated[str, Field(description="MODEL[@CHECKPOINT][/LAYER…[/VARIABLE]]")]

    @override
    @classmethod
    def fits(cls, measure: Measure) -> bool:
        return measure.kinds != LAYERS

    @override
    def expected(self, survey: Survey) -> list[Expected]:
        unit = resolve(survey.catalog, UnitOfAnalysis.parse(self.uoa))
        if unit.index is not None or unit.level == "operation":
            raise RequestError(f"{self.uoa!r} is no baseline: name a model, a layer or a variable")
        number = None if unit.checkpoint is None else unit.checkpoint.number
        seen = survey.seen(unit.model, number)
        return [Expected(_within(seen, unit, each), str(unit)) for each, _ in survey.observations()]


def _within(seen: Seen, unit: Unit, subject: Subject) -> Observed:
    if unit.entry is None and unit.node is None:
        return typical(seen.like(subject)[0])
    layer = unit.node.id if unit.node else ""
    path = f"{layer}/{subject.type}" if unit.entry is None else unit.entry.path
    found = seen.of_path(path)
    return nan if found is None else found.value
