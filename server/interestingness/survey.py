"""What a measure sees in the models that are asked for, and in any other of the store."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import nan
from typing import Any, NamedTuple

from inspectree.logger.errors import StoreError
from inspectree.server.catalog import Catalog
from inspectree.server.errors import UnknownUnitError
from inspectree.server.interestingness.measure import LAYERS, Kind, Measure
from inspectree.server.interestingness.observed import Observed
from inspectree.server.interestingness.sequences.asking import layers
from inspectree.server.interestingness.subjects import Moment, Subject, Variable
from inspectree.server.model import Model

Checkpointed = int | str


class Observation(NamedTuple):
    """What a measure sees in a subject."""

    subject: Subject
    value: Observed


class Expected(NamedTuple):
    """What is compared with, NaN where there is nothing; and in words what it is."""

    value: Observed
    about: str


@dataclass(frozen=True)
class Survey:
    """What a measure sees in models at a checkpoint, of some kinds; every subject is looked at once."""

    measure: Measure
    catalog: Catalog
    wanted: Checkpointed
    models: tuple[Model, ...]
    kinds: frozenset[Kind]
    _seen: dict[tuple[str, Checkpointed], "Seen"] = field(default_factory=dict)
    _unseen: dict[str, str] = field(default_factory=dict)

    @property
    def unseen(self) -> Mapping[str, str]:
        """Return why there is nothing of some of the models that are asked for, by their ids."""
        self.observations()
        return self._unseen

    def observations(self) -> list[Observation]:
        """Return what is seen in the models that are asked for."""
        return [observation for model in self.models for observation in self.seen(model).observations]

    def seen(self, model: Model, wanted: Checkpointed | None = None) -> "Seen":
        """Return what is seen in a model; nothing where it has no such checkpoint that can be read."""
        at = self.wanted if wanted is None else wanted
        if (model.id, at) not in self._seen:
            subjects = self._subjects(model, at)
            self._seen[model.id, at] = Seen([Observation(each, self.look(each)) for each in subjects])
        return self._seen[model.id, at]

    def _subjects(self, model: Model, wanted: Checkpointed) -> Iterator[Subject]:
        if self.measure.kinds == LAYERS:
            return layers(self.catalog, model)
        return self.variables(model, wanted)

    def variables(self, model: Model, wanted: Checkpointed | None = None) -> Iterator[Variable]:
        """Yield the variables that the measure speaks of, which are not looked at."""
        if (moment := self._moment(model, self.wanted if wanted is None else wanted)) is not None:
            yield from (each for each in moment.variables() if each.entry.kind in self.kinds)

    def _moment(self, model: Model, wanted: Checkpointed) -> Moment | None:
        try:
            return Moment.of(model, wanted)
        except (UnknownUnitError, StoreError) as error:
            if wanted == self.wanted:
                self._unseen[model.id] = str(error)
            return None

    def look(self, subject: Any) -> Observed:
        """Return what the measure sees; what had to be read is kept, since no checkpoint will change."""
        if self.measure.source in {"graph", "statistics"}:
            return self.measure.observe(subject)
        kept: dict[tuple[Any, ...], float] = subject.moment.checkpoint.measured
        key = self.measure.name, subject.path, *self._others(subject.moment)
        if key not in kept:
            kept[key] = self._read(subject)
        return kept[key]

    def _others(self, moment: Moment) -> list[Any]:
        """Return what tells that the checkpoints which a measure compares with are still the same."""
        others = (moment.first, moment.previous) if self.measure.temporal else ()
        return [None if other is None else other.checkpoint.identity for other in others]

    def _read(self, subject: Any) -> Any:
        try:
            return self.measure.observe(subject)
        except (StoreError, KeyError, ValueError, TypeError):  # damaged just there, or no numbers
            return nan


class Seen:
    """What is seen in one model, by path and by type."""

    def __init__(self, observations: list[Observation]) -> None:
        self.observations = observations
        self._by_path = {observation.subject.path: observation for observation in observations}
        self._by_type: defaultdict[str, list[Observed]] = defaultdict(list)
        for subject, value in observations:
            self._by_type[subject.type].append(value)

    def of_path(self, path: str) -> Observation | None:
        """Return what is seen in the subject of a path."""
        return self._by_path.get(path)

    def like(self, subject: Subject) -> tuple[list[Observed], str]:
        """Return what is seen in the subject of the same path, or else of the same type; and which it was."""
        same = self._by_path.get(subject.path)
        if same is not None and same.subject.type == subject.type:
            return [same.value], subject.path
        return self._by_type.get(subject.type, []), f"any {subject.type}"
