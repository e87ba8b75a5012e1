"""Going somewhere: into units, up again, from level to level."""

from dataclasses import replace

from inspectree.dashboard.events.event import Event, Handler
from inspectree.dashboard.unit import Level
from inspectree.dashboard.uoa import is_experiment, parse
from inspectree.dashboard.view import View


def _descend(view: View, event: Event) -> View:
    kind, uoa = event["kind"], event["uoa"]
    if kind == "experiment":
        return replace(view, selected=uoa)
    if kind == "model":
        return replace(view, focus=uoa, level="L2", selected=uoa)
    if kind == "group":
        return replace(view, focus=uoa, level="L2", selected=uoa)
    if kind == "layer":
        return replace(view, focus=uoa, level="L1", selected=uoa)
    if kind in {"operation", "weights"}:
        layer = uoa.rpartition("/")[0]
        return replace(view, focus=layer, level="L1", selected=uoa)
    return replace(view, selected=uoa)


def _ascend(view: View, _event: Event) -> View:
    if not view.focus:
        return view
    outer = view.focus.rpartition("/")[0]
    return replace(view, focus=outer, level="L2" if outer else "L3", selected=view.focus)


def _focus(view: View, event: Event) -> View:
    """Jump to the place where a unit is seen: its level is told by the event."""
    uoa: str = event["uoa"]
    level: Level = event["level"]
    place = "" if level == "L3" else event.get("focus", uoa)
    return replace(view, focus=place, level=level, selected=uoa or view.selected)


def _level(view: View, event: Event) -> View:
    """Go to a level, at the unit that is selected or was looked at last."""
    level: Level = event["level"]
    place = view.focus if is_experiment(view.selected) else view.selected or view.focus
    if level == "L3" or not place:
        return replace(view, focus="", level="L3")
    if level == "L2":
        return replace(view, focus=parse(place).model, level="L2")
    layer: str | None = event.get("layer")
    return replace(view, focus=layer, level="L1", selected=layer) if layer else view


def _select(view: View, event: Event) -> View:
    return replace(view, selected=event.get("uoa") or "")


def _compare(view: View, event: Event) -> View:
    """See a model beside another one."""
    model: str = event["uoa"]
    return replace(view, focus=model, level="L2", compared=event["with"], selected=model)


def _unfold(view: View, event: Event) -> View:
    """Show what is inside a box in its place, or fold it again with all that was unfolded in it."""
    uoa: str = event["uoa"]
    if uoa not in view.unfolded:
        return replace(view, unfolded=(*view.unfolded, uoa))
    kept = tuple(other for other in view.unfolded if other != uoa and not other.startswith(f"{uoa}/"))
    return replace(view, unfolded=kept)


PLACES: dict[str, Handler] = {
    "descend": _descend,
    "ascend": _ascend,
    "focus": _focus,
    "level": _level,
    "select": _select,
    "compare": _compare,
    "unfold": _unfold,
}
