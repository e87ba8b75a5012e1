"""Seeing widgets together."""

from collections.abc import Callable
from dataclasses import replace

from inspectree.dashboard.events.event import Event, Handler
from inspectree.dashboard.view import Group, View

LEAST = 2
"""Widgets in a group."""


def _group(view: View, event: Event) -> View:
    """Put a widget to another one, or into the group that it is in."""
    added, onto = event["id"], event["onto"]
    known = {widget.id for widget in view.widgets}
    if added == onto or not {added, onto} <= known:
        return view
    left = without(view, added)
    group = next((g for g in left.groups if onto in g.members), None)
    if group is None:
        return replace(left, groups=(*left.groups, Group(next_group_id(view), (onto, added))))
    return _changed(left, replace(group, members=(*group.members, added)))


def _leave(view: View, event: Event) -> View:
    """Take a widget out of its group."""
    return without(view, event["id"])


def _ungroup(view: View, event: Event) -> View:
    return replace(view, groups=tuple(group for group in view.groups if group.id != event["id"]))


def _common(view: View, event: Event) -> View:
    return _switched(view, event["id"], lambda group: replace(group, common=not group.common))


def _merged(view: View, event: Event) -> View:
    return _switched(view, event["id"], lambda group: replace(group, merged=not group.merged))


def _switched(view: View, id_: str, change: Callable[[Group], Group]) -> View:
    group = next((group for group in view.groups if group.id == id_), None)
    return view if group is None else _changed(view, change(group))


def _changed(view: View, changed: Group) -> View:
    return replace(view, groups=tuple(changed if g.id == changed.id else g for g in view.groups))


def without(view: View, id_: str) -> View:
    """Take a widget out of its group, which ends when it is left with one."""
    groups = (replace(g, members=tuple(m for m in g.members if m != id_)) for g in view.groups)
    return replace(view, groups=tuple(group for group in groups if len(group.members) >= LEAST))


def tidied(view: View) -> View:
    """Return the view without groups of widgets that are gone."""
    known = {widget.id for widget in view.widgets}
    gone = {member for group in view.groups for member in group.members} - known
    for member in gone:
        view = without(view, member)
    return view


def next_group_id(view: View) -> str:
    """Return an id that no group has."""
    return f"g{max((int(group.id[1:]) for group in view.groups), default=0) + 1}"


GROUPS: dict[str, Handler] = {
    "group": _group,
    "leave": _leave,
    "ungroup": _ungroup,
    "common": _common,
    "merged": _merged,
}
