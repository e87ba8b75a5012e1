"""The view as the part of the address after ``#``, and back."""

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

import orjson

from inspectree.dashboard.numbers import compact, spread
from inspectree.dashboard.selections import Selection
from inspectree.dashboard.unit import Level
from inspectree.dashboard.uoa import parse
from inspectree.dashboard.view import EDGES, KINDS, Group, View, WidgetSpec

WIDGET_ID = re.compile(r"w[0-9]{1,9}")
GROUP_ID = re.compile(r"g[0-9]{1,9}")
NUMBER = re.compile(r"[0-9]{1,9}")

Json = dict[str, Any]
Found = TypeVar("Found")


def write(view: View) -> str:
    """Return the address of a view; what is as at the start is left out."""
    parts: Json = {
        "at": view.focus,
        "level": view.level if view.focus else "",
        "beside": view.compared,
        "unfolded": _json(view.unfolded),
        "checkpoint": "" if view.checkpoint == "last" else view.checkpoint,
        "off": _json(view.off),
        "measure": view.measure,
        "baseline": view.baseline,
        "scored": view.scored,
        "located": ",".join(view.located),
        "selected": view.selected,
        "edges": view.edges if view.edges != EDGES else "",
        "widgets": _json([_without_nothing(asdict(each)) for each in view.widgets]),
        "groups": _json([_without_nothing(asdict(each)) for each in view.groups]),
        "samples": _json([[each.name, each.space, compact(each.samples)] for each in view.selections]),
        "lit": view.lit,
        "filter": view.filtered,
    }
    return urlencode({name: value for name, value in parts.items() if value != ""}, safe="/,@:[]{}")


def _json(found: Any) -> str:
    return json.dumps(found, separators=(",", ":")) if found else ""


def _without_nothing(found: Json) -> Json:
    """Leave out what is as at the start."""
    return {
        name: value for name, value in found.items() if not (value is None or value is False or value == {})
    }


def read(address: str) -> View:
    """Return the view of an address; what cannot be read of it is as at the start.

    Addresses are sent around and cut off on the way: nothing in them is taken on trust.
    """
    parts = dict(parse_qsl(address.removeprefix("#")))
    focus = parts.get("at", "")
    level = _level(focus, parts.get("level", ""))
    widgets = _each(parts, "widgets", widget)
    selections = _each(parts, "samples", _selection)
    named = {selection.name for selection in selections}
    return View(
        focus=focus,
        level=level,
        compared=parts.get("beside", "") if level == "L2" else "",
        unfolded=_names(_list(parts.get("unfolded", ""))),
        checkpoint="last" if (checkpoint := _number(parts.get("checkpoint", ""))) is None else checkpoint,
        off=_names(_list(parts.get("off", ""))),
        measure=parts.get("measure", ""),
        baseline=parts.get("baseline", ""),
        scored=kind if (kind := parts.get("scored", "")) in KINDS else "",
        located=_names([name for name in parts.get("located", "").split(",") if name]),
        selected=parts.get("selected", ""),
        edges=_number(parts.get("edges", "")) or EDGES,
        widgets=widgets,
        groups=_groups(_each(parts, "groups", group), {each.id for each in widgets}),
        selections=selections,
        lit=name if (name := parts.get("lit", "")) in named else "",
        filtered=name if (name := parts.get("filter", "")) in named else "",
    )


def _level(focus: str, level: str) -> Level:
    """Return the level asked for, where there is such a one at the place in focus."""
    if not focus:
        return "L3"
    return "L1" if level == "L1" and parse(focus).inside else "L2"


def _number(text: str) -> int | None:
    return int(text) if NUMBER.fullmatch(text) else None


def _list(text: str) -> list[Any]:
    try:
        found = orjson.loads(text or "[]")
    except orjson.JSONDecodeError:
        return []
    return found if isinstance(found, list) else []


def _names(found: list[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in found if isinstance(name, str)))


def _each(parts: dict[str, str], name: str, kind: Callable[[Any], Found | None]) -> tuple[Found, ...]:
    """Return what can be read of a list; of several with the same id or name the first."""
    found = [thing for item in _list(parts.get(name, "")) if (thing := kind(item)) is not None]
    known: dict[str, Found] = {}
    for thing in found:
        called: str = getattr(thing, "id", "") or getattr(thing, "name", "")
        known.setdefault(called, thing)
    return tuple(known.values())


def widget(item: Any) -> WidgetSpec | None:
    """Return the widget that a JSON value stands for; None where it is none."""
    if not isinstance(item, dict) or not {"id", "tool", "uoa"} <= item.keys():
        return None
    found = {"settings": {}, "pin": None, **item}
    pin = found["pin"]
    fits = (
        found.keys() == {"id", "tool", "uoa", "settings", "pin"}
        and all(isinstance(found[name], str) for name in ("id", "tool", "uoa"))
        and WIDGET_ID.fullmatch(found["id"]) is not None
        and isinstance(found["settings"], dict)
        and (pin is None or (type(pin) is int and pin >= 0))
    )
    return WidgetSpec(**found) if fits else None


def group(item: Any) -> Group | None:
    """Return the group that a JSON value stands for; None where it is none."""
    if not isinstance(item, dict) or not {"id", "members"} <= item.keys():
        return None
    found = {"common": False, "merged": False, **item}
    fits = (
        found.keys() == {"id", "members", "common", "merged"}
        and isinstance(found["id"], str)
        and GROUP_ID.fullmatch(found["id"]) is not None
        and isinstance(found["members"], list)
        and isinstance(found["common"], bool)
        and isinstance(found["merged"], bool)
    )
    return Group(**{**found, "members": _names(found["members"])}) if fits else None


def _groups(groups: tuple[Group, ...], widgets: set[str]) -> tuple[Group, ...]:
    """Return the groups of widgets that are there, each widget in one."""
    kept, free = [], set(widgets)
    for each in groups:
        if len(each.members) > 1 and free.issuperset(each.members):
            free -= set(each.members)
            kept.append(each)
    return tuple(kept)


def _selection(item: Any) -> Selection | None:
    if not (isinstance(item, list) and len(item) == 3 and all(isinstance(part, str) for part in item)):
        return None
    name, space, numbers = item
    samples = spread(numbers)
    return Selection(name, space, samples) if name and samples else None
