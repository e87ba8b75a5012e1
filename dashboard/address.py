"""The view as the part of the address after ``#``, and back."""

import json
from dataclasses import asdict
from typing import Any
from urllib.parse import parse_qsl, urlencode

from inspectree.dashboard.view import EDGES, View, WidgetSpec


def write(view: View) -> str:
    """Return the address of a view; what is as at the start is left out."""
    parts: dict[str, Any] = {
        "at": view.focus,
        "level": view.level if view.focus else "",
        "checkpoint": "" if view.checkpoint == "last" else view.checkpoint,
        "off": json.dumps(view.off) if view.off else "",
        "measure": view.measure,
        "located": ",".join(view.located),
        "selected": view.selected,
        "edges": view.edges if view.edges != EDGES else "",
        "widgets": json.dumps([asdict(widget) for widget in view.widgets], separators=(",", ":"))
        if view.widgets
        else "",
    }
    return urlencode({name: value for name, value in parts.items() if value != ""}, safe="/,@:[]{}")


def read(address: str) -> View:
    """Return the view of an address; what cannot be read of it is as at the start."""
    try:
        return _read(dict(parse_qsl(address.lstrip("#"))))
    except (ValueError, TypeError, KeyError):
        return View()


def _read(parts: dict[str, str]) -> View:
    checkpoint = parts.get("checkpoint", "last")
    level = parts.get("level", "L3")
    if level not in {"L3", "L2", "L1"}:
        raise ValueError(level)
    return View(
        focus=parts.get("at", ""),
        level=level,  # type: ignore[arg-type] # checked above
        checkpoint=int(checkpoint) if checkpoint.isdigit() else "last",
        off=tuple(json.loads(parts.get("off", "[]"))),
        measure=parts.get("measure", ""),
        located=tuple(name for name in parts.get("located", "").split(",") if name),
        selected=parts.get("selected", ""),
        edges=int(parts.get("edges", EDGES)),
        widgets=tuple(WidgetSpec(**widget) for widget in json.loads(parts.get("widgets", "[]"))),
    )
