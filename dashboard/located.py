"""Which units wear the badges of the types and patterns that are switched on."""

from typing import Any

from inspectree.dashboard.uoa import parse

Json = dict[str, Any]

Worn = dict[str, list[Json]]
"""The badges of each unit, by its path."""


def worn(found: Json, marks: dict[str, Json]) -> Worn:
    """Return the badges of everything found: units, members of patterns, and what contains them."""
    units: Worn = {}
    for name, entry in {**found["patterns"], **found["types"]}.items():
        for uoa, title in _titles(entry).items():
            units.setdefault(uoa, []).append({**marks[name], "title": title})
    return units


def _titles(entry: Json) -> dict[str, str]:
    """Return what the badge of each unit tells."""
    label: str = entry["label"]
    groups: list[Json] = entry.get("groups", [])
    titles: dict[str, str] = {} if groups else dict.fromkeys(entry["units"], label)
    holders: dict[str, list[Json]] = {}
    for group in groups:
        for member in group["members"]:
            holders.setdefault(member, []).append(group)
    titles |= {uoa: f"{label}: {_place(of_unit)}" for uoa, of_unit in holders.items()}
    inside = {uoa: f"{label}: {count}" for uoa, count in entry["counts"].items()}
    return inside | titles if groups else titles | inside


def _place(groups: list[Json]) -> str:
    """Return which layers the occurrences reach from and to."""
    first = groups[0]
    if first["begins"] == first["ends"]:
        return "here"
    begins, ends = (parse(first[end]).inside or "input" for end in ("begins", "ends"))
    times = f", {first['times']} times" if first["times"] > 1 else ""
    more = f" and {len(groups) - 1} more" if len(groups) > 1 else ""
    return f"from {begins} to {ends}{times}{more}"
