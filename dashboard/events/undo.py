"""Taking back that widgets were closed, or that a group was taken apart."""

from dataclasses import replace
from typing import Any

from inspectree.dashboard import address
from inspectree.dashboard.events.event import Event, Handler
from inspectree.dashboard.events.groups import LEAST, next_group_id, without
from inspectree.dashboard.events.widgets import next_id
from inspectree.dashboard.view import View, WidgetSpec


def _put(view: View, event: Event) -> View:
    """Put widgets back to where they stood, and into their groups; what is no widget is left out.

    Each of ``widgets`` is one with the widget ``before`` which it stood. An id that another widget has by now
    is not taken from it.
    """
    renamed: dict[str, str] = {}
    for item in reversed(event["widgets"]):
        spec = address.widget(item["widget"])
        if spec is None:
            continue
        id_ = next_id(view) if any(widget.id == spec.id for widget in view.widgets) else spec.id
        renamed[spec.id] = id_
        view = _inserted(view, replace(spec, id=id_), item["before"])
    for group in event["groups"]:
        view = _grouped(view, group, renamed)
    return view


def _inserted(view: View, spec: WidgetSpec, before: str | None) -> View:
    at = next((i for i, widget in enumerate(view.widgets) if widget.id == before), len(view.widgets))
    return replace(view, widgets=(*view.widgets[:at], spec, *view.widgets[at:]))


def _grouped(view: View, item: Any, renamed: dict[str, str]) -> View:
    """Return the view with a group as it was, of those of its members that are there."""
    group = address.group(item)
    if group is None:
        return view
    there = {widget.id for widget in view.widgets}
    members = tuple(renamed.get(member, member) for member in group.members)
    members = tuple(member for member in members if member in there)
    for member in members:
        view = without(view, member)
    if len(members) < LEAST:
        return view
    taken = any(other.id == group.id for other in view.groups)
    restored = replace(group, id=next_group_id(view) if taken else group.id, members=members)
    return replace(view, groups=(*view.groups, restored))


UNDO: dict[str, Handler] = {"put": _put}
