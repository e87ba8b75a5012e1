"""The breadcrumbs, and whether the server is followed."""

from typing import Any

from dash import html

from inspectree.dashboard.index import Index
from inspectree.dashboard.panels.action import action, dot, icon
from inspectree.dashboard.uoa import parse
from inspectree.dashboard.view import View

LEVEL_NAMES = {"L3": "Models", "L2": "Layers", "L1": "Neurons"}


def breadcrumbs(view: View, index: Index) -> list[Any]:
    """Return the way from all experiments to where the view is."""
    crumbs = [_crumb([icon("stack-2"), "All experiments"], "", "L3", not view.focus)]
    model = index.model(view.focus)
    if model is None:
        return crumbs
    inside = parse(view.focus).inside
    names = inside.split("/") if inside else []
    title = [dot(index.colors[model["id"]]), html.Span(model["label"], className="name")]
    crumbs += [icon("chevron-right"), _crumb(title, model["id"], "L2", not names)]
    for depth, name in enumerate(names, start=1):
        last = depth == len(names)
        level = "L1" if last and view.level == "L1" else "L2"
        place = "/".join([model["id"], *names[:depth]])
        crumbs += [
            icon("chevron-right"),
            _crumb([icon("box"), html.Span(name, className="name")], place, level, last),
        ]
    return crumbs + _beside(view, index)


def _beside(view: View, index: Index) -> list[Any]:
    """Name the model that the one in focus is compared with."""
    other = index.model(view.compared)
    if other is None:
        return []
    color = dot(index.colors[other["id"]])
    parts = [icon("columns-2"), html.Span("beside"), color, html.Span(other["label"], className="name")]
    return [html.Span(parts, className="compared")]


def watching(index: Index) -> list[Any]:
    """Say which store is followed and how much it holds."""
    count = len(index.models)
    training = sum(model["state"] == "training" for model in index.models.values())
    text = f"watching {index.answer['store']} · {count} model{'' if count == 1 else 's'}"
    return [html.Span(className="pulse"), text + (f" · {training} training" if training else "")]


def levels(view: View, inside: bool) -> list[Any]:
    """Return the switch between the three levels; ``inside`` tells whether there is a model to look into."""
    return [
        html.Button(
            f"{level} {name}",
            type="button",
            disabled=level != "L3" and not inside,
            title="" if level == "L3" or inside else "Select a model first",
            **{"aria-pressed": "true" if level == view.level else "false", "data-level": level},
            **action("level", level=level),
        )
        for level, name in LEVEL_NAMES.items()
    ]


def _crumb(children: list[Any], uoa: str, level: str, current: bool) -> html.Button:
    here = {"aria-current": "page"} if current else {}
    return html.Button(children, type="button", **here, **action("focus", uoa=uoa, level=level))
