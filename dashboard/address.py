"""The view as the part of the address after ``#``, and back."""

import json
import re
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from inspectree.dashboard.unit import Level
from inspectree.dashboard.uoa import parse
from inspectree.dashboard.view import EDGES, View, WidgetSpec

WIDGET_ID = re.compile(r"w[0-9]{1,9}")
NUMBER = re.compile(r"[0-9]{1,9}")


def write(view: View) -> str:
    """Return the address of a view; what is as at the start is left out."""
    parts: dict[str, Any] = {
        "at": view.focus,
        "level": view.level if view.focus else "",
        "checkpoint": "" if view.checkpoint == "last" else view.checkpoint,
        "off": json.dumps(view.off) if view.off else "",
        "measure": view.measure,
        "baseline": view.baseline,
        "located": ",".join(view.located),
        "selected": view.selected,
        "edges": view.edges if view.edges != EDGES else "",
        "widgets": json.dumps([asdict(widget) for widget in view.widgets], separators=(",", ":"))
        if view.widgets
        else "",
    }
    return urlencode({name: value for name, value in parts.items() if value != ""}, safe="/,@:[]{}")


def read(address: str) -> View:
    """Return the view of an address; what cannot be read of it is as at the start.

    Addresses are sent around and cut off on the way: nothing in them is taken on trust.
    """
    parts = dict(parse_qsl(address.removeprefix("#")))
    focus = parts.get("at", "")
    return View(
        focus=focus,
        level=_level(focus, parts.get("level", "")),
        checkpoint="last" if (checkpoint := _number(parts.get("checkpoint", ""))) is None else checkpoint,
        off=_names(_list(parts.get("off", ""))),
        measure=parts.get("measure", ""),
        baseline=parts.get("baseline", ""),
        located=_names([name for name in parts.get("located", "").split(",") if name]),
        selected=parts.get("selected", ""),
        edges=_number(parts.get("edges", "")) or EDGES,
        widgets=_widgets(_list(parts.get("widgets", ""))),
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


def _widgets(found: list[Any]) -> tuple[WidgetSpec, ...]:
    """Return the widgets that are such, each id once."""
    widgets = {item["id"]: WidgetSpec(**item) for item in reversed(found) if _is_widget(item)}
    return tuple(reversed(widgets.values()))


def _is_widget(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and item.keys() == {"id", "tool", "uoa", "settings"}
        and all(isinstance(item[name], str) for name in ("id", "tool", "uoa"))
        and WIDGET_ID.fullmatch(item["id"]) is not None
        and isinstance(item["settings"], dict)
    )
