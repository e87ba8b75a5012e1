"""What the page shows, as one value; and how it changes, as one pure function."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from inspectree.dashboard.unit import Level
from inspectree.dashboard.uoa import is_experiment, parse

Event = dict[str, Any]

EDGES = 40
"""Weights that L1 draws as edges, until the slider says otherwise."""


@dataclass(frozen=True)
class WidgetSpec:
    """A widget on the panel: a tool applied to a unit, with the settings that were changed."""

    id: str
    tool: str
    uoa: str
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """The whole state of the page; it lives in the address bar.

    ``focus`` is the path that the inspection panel is inside of (empty: all experiments), ``checkpoint`` a
    number or ``last``, ``baseline`` the kind that the measure is compared with (empty: its own), ``off`` the
    classes that are switched off, ``located`` the unit types and patterns that wear badges; both are sets,
    kept in the order of the alphabet.
    """

    focus: str = ""
    level: Level = "L3"
    checkpoint: int | str = "last"
    off: tuple[str, ...] = ()
    measure: str = ""
    baseline: str = ""
    located: tuple[str, ...] = ()
    selected: str = ""
    tool: str = ""
    edges: int = EDGES
    widgets: tuple[WidgetSpec, ...] = ()

    def __post_init__(self) -> None:
        for name in ("off", "located"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    def as_slices(self) -> dict[str, Any]:
        """Return the fields as JSON values."""
        return asdict(self) | {"off": list(self.off), "located": list(self.located)}

    @classmethod
    def from_slices(cls, slices: dict[str, Any]) -> "View":
        """Return the view whose fields these are."""
        widgets = tuple(WidgetSpec(**widget) for widget in slices["widgets"])
        lists = {name: tuple(slices[name]) for name in ("off", "located")}
        return cls(**{**slices, **lists, "widgets": widgets})


def step(view: View, event: Event) -> View:
    """Return the view after something happened; what doesn't concern it leaves it as it is."""
    handler = HANDLERS.get(event.get("type", ""))
    return handler(view, event) if handler else view


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


def _tool(view: View, event: Event) -> View:
    return replace(view, tool="" if event["name"] in {view.tool, "select"} else event["name"])


def _apply(view: View, event: Event) -> View:
    """Put a widget on top of the panel; the tool is done then."""
    spec = WidgetSpec(_next_id(view), event.get("tool") or view.tool, event["uoa"])
    if not spec.tool:
        return view
    same = (widget for widget in view.widgets if (widget.tool, widget.uoa) == (spec.tool, spec.uoa))
    if next(same, None) and spec.tool not in {"note", "branch"}:
        return replace(view, tool="", selected=event["uoa"])
    return replace(view, widgets=(spec, *view.widgets), tool="", selected=event["uoa"])


def _next_id(view: View) -> str:
    return f"w{max((int(widget.id[1:]) for widget in view.widgets), default=0) + 1}"


def _remove(view: View, event: Event) -> View:
    return replace(view, widgets=tuple(widget for widget in view.widgets if widget.id != event["id"]))


def _set(view: View, event: Event) -> View:
    """Change one setting of one widget."""
    widgets = tuple(
        replace(widget, settings={**widget.settings, event["name"]: event["value"]})
        if widget.id == event["id"]
        else widget
        for widget in view.widgets
    )
    return replace(view, widgets=widgets)


def _toggle_class(view: View, event: Event) -> View:
    return replace(view, off=_toggled(view.off, event["name"]))


def _classes(view: View, event: Event) -> View:
    names = tuple(event["names"])
    off = {"all": (), "none": names, "invert": tuple(name for name in names if name not in view.off)}
    return replace(view, off=off[event["which"]])


def _checkpoint(view: View, event: Event) -> View:
    return replace(view, checkpoint=event["value"])


def _measure(view: View, event: Event) -> View:
    """Choose a measure, or none; what it is compared with is its own baseline then."""
    return replace(view, measure="" if event["name"] == view.measure else event["name"], baseline="")


def _baseline(view: View, event: Event) -> View:
    return replace(view, baseline="" if event["name"] == view.baseline else event["name"])


def _locate(view: View, event: Event) -> View:
    return replace(view, located=_toggled(view.located, event["name"]))


def _edges(view: View, event: Event) -> View:
    return replace(view, edges=int(event["value"]))


def _toggled(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(other for other in names if other != name) if name in names else (*names, name)


HANDLERS: dict[str, Callable[[View, Event], View]] = {
    "descend": _descend,
    "ascend": _ascend,
    "focus": _focus,
    "level": _level,
    "select": _select,
    "tool": _tool,
    "apply": _apply,
    "remove": _remove,
    "set": _set,
    "toggle_class": _toggle_class,
    "classes": _classes,
    "checkpoint": _checkpoint,
    "measure": _measure,
    "baseline": _baseline,
    "locate": _locate,
    "edges": _edges,
}
