"""The other models of the store."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from typing_extensions import override

from inspectree.server.interestingness.baseline import Baseline, Family
from inspectree.server.interestingness.measure import LAYERS, Measure
from inspectree.server.interestingness.observed import Observed, known
from inspectree.server.interestingness.pooling import others, typical
from inspectree.server.interestingness.subjects import Subject
from inspectree.server.interestingness.survey import Expected, Observation, Survey

Key = tuple[str, str]


class Store(Baseline):
    """The variable of the same path in the other models of the store, or else those of the same type.

    Their median, or the mixture of their distributions, at the checkpoint that is asked for.
    """

    family: ClassVar[Family] = "subjective"
    title: ClassVar[str] = "The other models of the store"
    example: ClassVar[Mapping[str, Any]] = {"kind": "store"}
    without: ClassVar[str] = "no other model of the store has such a variable at that checkpoint"

    kind: Literal["store"] = "store"

    @override
    @classmethod
    def fits(cls, measure: Measure) -> bool:
        return measure.kinds != LAYERS

    @override
    def expected(self, survey: Survey) -> list[Expected]:
        everywhere = [each for m in survey.catalog.by_id.values() for each in survey.seen(m).observations]
        same_path = _by_path(everywhere)
        same_type = _ByType(everywhere)
        return [
            same_path.get((each.model.id, each.path)) or same_type.elsewhere(each)
            for each, _ in survey.observations()
        ]


def _by_path(everywhere: list[Observation]) -> dict[Key, Expected]:
    """Return what is expected by model and path, where another model has a variable of the same path."""
    groups: defaultdict[Key, list[Observation]] = defaultdict(list)
    for each in everywhere:
        if known(each.value):
            groups[each.subject.path, each.subject.type].append(each)
    found = {}
    for (path, _), members in groups.items():
        if len(members) > 1:
            about = f"{path} of {len(members) - 1} other models"
            for each, value in zip(members, others([member.value for member in members]), strict=True):
                found[each.subject.model.id, path] = Expected(value, about)
    return found


class _ByType:
    """What all models but one have to say of a type of variable; worked out when it is asked for."""

    def __init__(self, everywhere: list[Observation]) -> None:
        self._values: defaultdict[str, list[tuple[str, Observed]]] = defaultdict(list)
        for subject, value in everywhere:
            self._values[subject.type].append((subject.model.id, value))
        self._found: dict[Key, Expected] = {}

    def elsewhere(self, subject: Subject) -> Expected:
        key = subject.model.id, subject.type
        if key not in self._found:
            values = [value for model, value in self._values[subject.type] if model != subject.model.id]
            about = f"the typical of {len(values)} of {subject.type} in other models"
            self._found[key] = Expected(typical(values), about)
        return self._found[key]
