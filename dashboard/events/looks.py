"""Looking otherwise at the same place: checkpoint, classes, measures, badges, edges."""

from dataclasses import replace

from inspectree.dashboard.events.event import Event, Handler, toggled
from inspectree.dashboard.view import View


def _tool(view: View, event: Event) -> View:
    return replace(view, tool="" if event["name"] in {view.tool, "select"} else event["name"])


def _toggle_class(view: View, event: Event) -> View:
    return replace(view, off=toggled(view.off, event["name"]))


def _classes(view: View, event: Event) -> View:
    names = tuple(event["names"])
    off = {"all": (), "none": names, "invert": tuple(name for name in names if name not in view.off)}
    return replace(view, off=off[event["which"]])


def _checkpoint(view: View, event: Event) -> View:
    return replace(view, checkpoint=event["value"])


def _measure(view: View, event: Event) -> View:
    """Choose a measure, or none; it scores all that it speaks of then, against its own baseline."""
    return replace(
        view, measure="" if event["name"] == view.measure else event["name"], baseline="", scored=""
    )


def _baseline(view: View, event: Event) -> View:
    return replace(view, baseline="" if event["name"] == view.baseline else event["name"])


def _scored(view: View, event: Event) -> View:
    return replace(view, scored=event["name"])


def _locate(view: View, event: Event) -> View:
    return replace(view, located=toggled(view.located, event["name"]))


def _edges(view: View, event: Event) -> View:
    return replace(view, edges=int(event["value"]))


LOOKS: dict[str, Handler] = {
    "tool": _tool,
    "toggle_class": _toggle_class,
    "classes": _classes,
    "checkpoint": _checkpoint,
    "measure": _measure,
    "baseline": _baseline,
    "scored": _scored,
    "locate": _locate,
    "edges": _edges,
}
