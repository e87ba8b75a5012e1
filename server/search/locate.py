"""Where units and patterns are, counted for everything that contains them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from inspectree.logger.frozen import Frozen
from inspectree.server.catalog import Catalog
from inspectree.server.errors import RequestError
from inspectree.server.jsontext import dumps
from inspectree.server.model import Model
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


def locate_json(catalog: Catalog, types: Sequence[str] = (), patterns: Sequence[str] = ()) -> bytes:
    """Return what `locate` does as JSON; everything that there is is encoded once."""
    if types or patterns:
        return dumps(locate(catalog, types, patterns))
    if "places" not in catalog.kept:
        catalog.kept["places"] = dumps(locate(catalog))
    everything: bytes = catalog.kept["places"]
    return everything


def locate(catalog: Catalog, types: Sequence[str] = (), patterns: Sequence[str] = ()) -> Places:
    """Find units by type and by pattern; where none is named, everything that there is.

    Raises
    ------
    RequestError
        When there is no such type or pattern; lists the nearest.
    """
    return Places(
        types=_found_all(catalog, UNIT_TYPES, types, "unit type"),
        patterns=_found_all(catalog, PATTERNS, patterns, "pattern"),
    )


def _found_all(catalog: Catalog, table: Sequence[Kind], wanted: Sequence[str], what: str) -> dict[str, Found]:
    known = {kind.name: kind for kind in table}
    for name in wanted:
        if name not in known:
            raise RequestError(f"there is no {what} {name!r}; {nearest(name, known)}")
    found = {name: _found(catalog, known[name]) for name in wanted or known}
    return {name: units for name, units in found.items() if wanted or units.total}


def _found(catalog: Catalog, kind: UnitType | Pattern) -> Found:
    units, counts = [], Counter[str]()
    for experiment in catalog.experiments:
        for model in experiment.models:
            for path in _paths(model, kind):
                units.append(f"{model.id}/{path}")
                counts.update([experiment.id, *_above(units[-1])])
    return Found(label=kind.label, total=len(units), units=tuple(units), counts=counts)


def _paths(model: Model, kind: UnitType | Pattern) -> Sequence[str]:
    """Return where a kind is in a model; it is looked for once in each architecture."""
    key = type(kind).__name__, kind.name
    if key not in model.kept:
        model.kept[key] = kind.find(model.architecture)
    paths: Sequence[str] = model.kept[key]
    return paths


def _above(unit: str) -> Iterator[Any]:
    names = unit.split("/")
    return ("/".join(names[:depth]) for depth in range(1, len(names)))
