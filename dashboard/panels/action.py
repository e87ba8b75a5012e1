"""Elements that act on a click: the page sends what ``data-action`` says to one callback."""

from typing import Any

import orjson
from dash import html


def action(type_: str, **details: Any) -> dict[str, str]:
    """Return the attribute that makes an element send an event."""
    return {"data-action": orjson.dumps({"type": type_, **details}).decode()}


def icon(name: str, **attributes: Any) -> html.I:
    """Return an icon; what it means is said by the text or the label beside it."""
    return html.I(className=f"icon icon-{name}", **{"aria-hidden": "true"}, **attributes)


def dot(color: str) -> html.Span:
    """Return the coloured dot that stands for a model or a class."""
    return html.Span(className="dot", style={"background": color})


def button(children: Any, label: str, event: dict[str, str], **attributes: Any) -> html.Button:
    """Return a button with an accessible name."""
    return html.Button(children, type="button", title=label, **{"aria-label": label}, **event, **attributes)
