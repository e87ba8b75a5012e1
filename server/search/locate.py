"""Where units and patterns are, counted for everything that contains them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from inspectree.logger.frozen import Frozen
from inspectree.server.catalog import Catalog
from inspectree.server.errors import RequestError
from inspectree.server.jsontext import dumps
from inspectree.server.model import Model
from inspectree.server.nearest import nearest
from inspectree.server.search.gaps import Gap, gaps
from inspectree.server.search.pattern import Group, Pattern
from inspectree.server.search.patterns import PATTERNS, found
from inspectree.server.search.unit_types import UNIT_TYPES, UnitType, units

TYPES = {kind.name: kind for kind in UNIT_TYPES}
PATTERN_NAMES = {pattern.name: pattern for pattern in PATTERNS}


class Found(Frozen):
    """The units of one type, and how many of them each unit above contains."""

    label: str
    family: str
    total: int
    units: tuple[str, ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)


class FoundPattern(Found):
    """The occurrences of one pattern; ``units`` are the layers that stand for them."""

    description: str
    groups: tuple[Group, ...] = ()


class Places(Frozen):
    """What was found, by the names of types and patterns, and where patterns cannot be told."""

    types: dict[str, Found]
    patterns: dict[str, FoundPattern]
    without_graph: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class _Part:
    """What one model holds of one type or pattern, as whole addresses; ``counts`` is for all above."""

    label: str
    family: str
    units: tuple[str, ...]
    groups: tuple[Group, ...]
    counts: Mapping[str, int]


def locate_json(
    catalog: Catalog,
    types: Sequence[str] = (),
    patterns: Sequence[str] = (),
    models: Sequence[str] = (),
    brief: bool = False,
) -> bytes:
    """Return what `locate` does as JSON; everything that there is is encoded once."""
    if types or patterns or models:
        return dumps(locate(catalog, types, patterns, models, brief))
    key = "places", brief
    if key not in catalog.kept:
        catalog.kept[key] = dumps(locate(catalog, brief=brief))
    everything: bytes = catalog.kept[key]
    return everything


def locate(
    catalog: Catalog,
    types: Sequence[str] = (),
    patterns: Sequence[str] = (),
    models: Sequence[str] = (),
    brief: bool = False,
) -> Places:
    """Find units by type and by pattern; where none is named, everything that there is.

    ``models`` are ids, prefixes or names; all where none is named. A ``brief`` answer counts only.

    Raises
    ------
    RequestError
        When there is no such type or pattern; lists the nearest.
    UnknownUnitError
        When there is no such model.
    """
    chosen = {catalog.find(model).id for model in models} or catalog.by_id.keys()
    members = [(e.id, model) for e in catalog.experiments for model in e.models if model.id in chosen]
    everything = not (types or patterns)
    of_types = _merged(members, _types, None if everything else types, TYPES, "unit type")
    of_patterns = _merged(members, _patterns, None if everything else patterns, PATTERN_NAMES, "pattern")
    told = {"label", "family", "total", *(() if brief else ("units", "counts", "groups"))}
    return Places(
        types={name: Found(**_only(part, told - {"groups"})) for name, part in of_types.items()},
        patterns={
            name: FoundPattern(**_only(part, told), description=PATTERN_NAMES[name].description)
            for name, part in of_patterns.items()
        },
        without_graph=tuple(gap for _, model in members for gap in _gaps(model)),
    )


def _merged(
    members: list[tuple[str, Model]],
    parts: Callable[[Model], dict[str, _Part]],
    wanted: Sequence[str] | None,
    table: Mapping[str, UnitType | Pattern],
    what: str,
) -> dict[str, dict[str, Any]]:
    """Return what all models hold, by the names of types or patterns: those wanted, else those that occur."""
    found: dict[str, list[tuple[str, _Part]]] = {}
    for experiment, model in members:
        for name, part in parts(model).items():
            found.setdefault(name, []).append((experiment, part))
    known = dict.fromkeys([*table, *found])
    for name in wanted or ():
        if name not in known:
            raise RequestError(f"there is no {what} {name!r}; {nearest(name, known)}")
    names = [name for name in known if name in found] if wanted is None else wanted
    return {name: _sum(found.get(name, []), table.get(name)) for name in names}


def _sum(parts: list[tuple[str, _Part]], kind: UnitType | Pattern | None) -> dict[str, Any]:
    counts = Counter[str]()
    for experiment, part in parts:
        counts[experiment] += len(part.units)
        counts.update(part.counts)
    about = kind or parts[0][1]
    return {
        "label": about.label,
        "family": about.family,
        "total": sum(len(part.units) for _, part in parts),
        "units": tuple(unit for _, part in parts for unit in part.units),
        "counts": dict(counts),
        "groups": tuple(group for _, part in parts for group in part.groups),
    }


def _only(part: dict[str, Any], told: set[str]) -> dict[str, Any]:
    return {name: part[name] for name in told}


def _types(model: Model) -> dict[str, _Part]:
    """Return a model's units by their types; its architecture is gone through once."""
    if "types" not in model.kept:
        model.kept["types"] = {
            name: _part(model, of_type.label, of_type.family, of_type.paths)
            for name, of_type in units(model.architecture).items()
        }
    types: dict[str, _Part] = model.kept["types"]
    return types


def _patterns(model: Model) -> dict[str, _Part]:
    """Return a model's occurrences of each pattern, found once."""
    if "patterns" not in model.kept:
        model.kept["patterns"] = {
            name: _part(model, name, "patterns", [group.at for group in groups], groups)
            for name, groups in found(model.architecture).items()
            if groups
        }
    patterns: dict[str, _Part] = model.kept["patterns"]
    return patterns


def _part(model: Model, label: str, family: str, paths: Sequence[str], groups: Sequence[Group] = ()) -> _Part:
    addresses = tuple(f"{model.id}/{path}" for path in paths)
    counts = Counter(above for address in addresses for above in _above(address))
    return _Part(label, family, addresses, tuple(group.within(model.id) for group in groups), counts)


def _gaps(model: Model) -> tuple[Gap, ...]:
    if "gaps" not in model.kept:
        found = gaps(model.architecture)
        model.kept["gaps"] = tuple(
            Gap(uoa=f"{model.id}/{path}" if path else model.id, what=what) for path, what in found
        )
    of_model: tuple[Gap, ...] = model.kept["gaps"]
    return of_model


def _above(unit: str) -> Iterator[str]:
    names = unit.split("/")
    return ("/".join(names[:depth]) for depth in range(1, len(names)))
