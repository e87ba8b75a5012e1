"""The class selector: everything that depends on classes follows it."""

from typing import Any

from dash import html

from inspectree.dashboard.colors import class_color
from inspectree.dashboard.panels.action import action, dot
from inspectree.dashboard.panels.heading import heading


def class_selector(names: list[str], off: tuple[str, ...], images: dict[str, str]) -> list[Any]:
    """Return the classes with their mean images, and the ways to switch several at once."""
    if not names:
        return [
            heading("tag", "Classes"),
            html.P("This model was logged without classes.", className="empty"),
        ]
    ways = [
        html.Button(which, type="button", className="link", **action("classes", which=which, names=names))
        for which in ("all", "none", "invert")
    ]
    buttons = [
        html.Button(
            [
                html.Img(src=images[name], alt="") if name in images else None,
                html.Span(name, className="name"),
                dot(class_color(index)),
            ],
            type="button",
            className="class",
            title=name,
            **{"aria-pressed": "false" if name in off else "true", "data-class": name},
            **action("toggle_class", name=name),
        )
        for index, name in enumerate(names)
    ]
    return [heading("tag", "Classes", ways), html.Div(buttons, className="classes")]
