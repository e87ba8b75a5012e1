"""Selecting samples: brushing them, keeping a selection under a name, marking it, filtering by it."""

from dataclasses import replace

from inspectree.dashboard.events.event import Event, Handler
from inspectree.dashboard.selections import BRUSHED, Selection
from inspectree.dashboard.view import View


def _samples(view: View, event: Event) -> View:
    """Make what was brushed the selection that is marked; nothing brushed ends it."""
    return _brushed(view, Selection(BRUSHED, event["space"], tuple(sorted(set(event["samples"])))))


def _toggle_sample(view: View, event: Event) -> View:
    """Add a sample to what was brushed, or take it away; samples of another space begin anew."""
    before = view.selection(BRUSHED)
    known = set(before.samples) if before and before.space == event["space"] else set()
    return _brushed(view, Selection(BRUSHED, event["space"], tuple(sorted(known ^ {event["sample"]}))))


def _brushed(view: View, selection: Selection) -> View:
    if not selection.samples:
        return _drop(view, {"name": BRUSHED})
    others = tuple(other for other in view.selections if other.name != BRUSHED)
    return replace(view, selections=(selection, *others), lit=BRUSHED)


def _rename(view: View, event: Event) -> View:
    """Keep a selection under another name, which takes the place of one that has it already."""
    old, new = event["name"], str(event["to"]).strip()
    if not new or new == old or view.selection(old) is None:
        return view
    kept = tuple(
        replace(selection, name=new) if selection.name == old else selection
        for selection in view.selections
        if selection.name != new
    )
    return replace(
        view,
        selections=kept,
        lit=new if view.lit == old else view.lit,
        filtered=new if view.filtered == old else view.filtered,
    )


def _drop(view: View, event: Event) -> View:
    name = event["name"]
    return replace(
        view,
        selections=tuple(selection for selection in view.selections if selection.name != name),
        lit="" if view.lit == name else view.lit,
        filtered="" if view.filtered == name else view.filtered,
    )


def _light(view: View, event: Event) -> View:
    return replace(view, lit=_other(view, event["name"], view.lit))


def _filter(view: View, event: Event) -> View:
    return replace(view, filtered=_other(view, event["name"], view.filtered))


def _other(view: View, name: str, now: str) -> str:
    """Return a selection's name, or none where it is the one already, or there is no such."""
    return name if name != now and view.selection(name) else ""


SAMPLES: dict[str, Handler] = {
    "samples": _samples,
    "toggle_sample": _toggle_sample,
    "rename_selection": _rename,
    "drop_selection": _drop,
    "light": _light,
    "filter": _filter,
}
