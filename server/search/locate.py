"""Where units and patterns are, counted for everything that contains them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from inspectree.logger.frozen import Frozen
from inspectree.server.catalog import Experiment
from inspectree.server.errors import RequestError
from inspectree.server.nearest import nearest
from inspectree.server.search.patterns import PATTERNS, Pattern
from inspectree.server.search.unit_types import UNIT_TYPES, UnitType

Kind = TypeVar("Kind", UnitType, Pattern)


class Found(Frozen):
    """The units of one kind, and how many of them each unit above contains."""

    label: str
    total: int
    units: tuple[str, ...]
    counts: dict[str, int]


class Places(Frozen):
    """What was found, by the names of types and patterns."""

    types: dict[str, Found]
    patterns: dict[str, Found]


def locate(
    experiments: Sequence[Experiment], types: Sequence[str] = (), patterns: Sequence[str] = ()
) -> Places:
    """Find units by type and by pattern; where none is named, everything that there is.

    Raises
    ------
    RequestError
        When there is no such type or pattern; lists the nearest.
    """
    return Places(
        types=_found_all(experiments, UNIT_TYPES, types, "unit type"),
        patterns=_found_all(experiments, PATTERNS, patterns, "pattern"),
    )


def _found_all(
    experiments: Sequence[Experiment], table: Sequence[Kind], wanted: Sequence[str], what: str
) -> dict[str, Found]:
    known = {kind.name: kind for kind in table}
    for name in wanted:
        if name not in known:
            raise RequestError(f"there is no {what} {name!r}; {nearest(name, known)}")
    found = {name: _found(experiments, known[name]) for name in wanted or known}
    return {name: units for name, units in found.items() if wanted or units.total}


def _found(experiments: Sequence[Experiment], kind: UnitType | Pattern) -> Found:
    units, counts = [], Counter[str]()
    for experiment in experiments:
        for model in experiment.models:
            for path in kind.find(model.architecture):
                units.append(f"{model.id}/{path}")
                counts.update([experiment.id, *_above(units[-1])])
    return Found(label=kind.label, total=len(units), units=tuple(units), counts=counts)


def _above(unit: str) -> Iterator[Any]:
    names = unit.split("/")
    return ("/".join(names[:depth]) for depth in range(1, len(names)))
