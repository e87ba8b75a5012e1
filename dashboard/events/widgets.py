"""Making widgets, changing them, and taking them away."""

from dataclasses import replace
from typing import Any

from inspectree.dashboard.events.event import Event, Handler
from inspectree.dashboard.view import View, WidgetSpec

REPEATABLE = {"note", "branch"}
"""Tools of which a unit may have several widgets that begin alike."""


def _apply(view: View, event: Event) -> View:
    """Put a widget on top of the panel; the tool is done then."""
    spec = WidgetSpec(next_id(view), event.get("tool") or view.tool, event["uoa"])
    if not spec.tool:
        return view
    same = (w for w in view.widgets if (w.tool, w.uoa, w.settings, w.pin) == (spec.tool, spec.uoa, {}, None))
    if next(same, None) and spec.tool not in REPEATABLE:
        return replace(view, tool="", selected=event["uoa"])
    return replace(view, widgets=(spec, *view.widgets), tool="", selected=event["uoa"])


def next_id(view: View) -> str:
    """Return an id that no widget has."""
    return f"w{max((int(widget.id[1:]) for widget in view.widgets), default=0) + 1}"


def _remove(view: View, event: Event) -> View:
    return replace(view, widgets=tuple(widget for widget in view.widgets if widget.id != event["id"]))


def _set(view: View, event: Event) -> View:
    """Change one setting of one widget."""
    name, value = event["name"], event["value"]
    return _changed(view, event["id"], lambda widget: {"settings": {**widget.settings, name: value}})


def _pin(view: View, event: Event) -> View:
    """Keep a widget at a checkpoint; None lets it follow the checkpoint bar again."""
    return _changed(view, event["id"], lambda _: {"pin": event["checkpoint"]})


def _reapply(view: View, event: Event) -> View:
    """Show the same, with the same settings, of another unit; the tool is done then."""
    changed = _changed(view, event["id"], lambda _: {"uoa": event["uoa"]})
    return replace(changed, tool="", selected=event["uoa"])


def _changed(view: View, id_: str, change: Any) -> View:
    return replace(view, widgets=tuple(replace(w, **change(w)) if w.id == id_ else w for w in view.widgets))


def _duplicate(view: View, event: Event) -> View:
    """Put a copy of a widget before it."""
    index = next((i for i, widget in enumerate(view.widgets) if widget.id == event["id"]), None)
    if index is None:
        return view
    copy = replace(view.widgets[index], id=next_id(view))
    return replace(view, widgets=(*view.widgets[:index], copy, *view.widgets[index:]))


def _move(view: View, event: Event) -> View:
    """Put a widget before another one, or at the end."""
    moved = next((widget for widget in view.widgets if widget.id == event["id"]), None)
    if moved is None or event["before"] == event["id"]:
        return view
    others = [widget for widget in view.widgets if widget.id != event["id"]]
    place = next((i for i, widget in enumerate(others) if widget.id == event["before"]), len(others))
    return replace(view, widgets=(*others[:place], moved, *others[place:]))


WIDGETS: dict[str, Handler] = {
    "apply": _apply,
    "remove": _remove,
    "set": _set,
    "pin": _pin,
    "reapply": _reapply,
    "duplicate": _duplicate,
    "move": _move,
}
