"""Regions as one component each: to Dash the elements inside are text.

With every change of the page Dash asks each of its components whether it has changed, and every element
of ``dash.html`` compares itself with all paths that were ever updated. Hundreds of rows and buttons made
every click wait for seconds; as text they cost what they cost the browser.
"""

from dataclasses import dataclass
from typing import Any

import orjson
from dash import html
from dash.development.base_component import Component
from markdown_it import MarkdownIt

from inspectree.dashboard.components import Markup

MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")
"""Text comes from links and others' stores: nothing of it becomes markup, nor asks others for images."""

LONGEST = 50_000
"""Characters that are shown as Markdown: for so long nobody else is answered."""


@dataclass(frozen=True)
class Prose:
    """Markdown as an element of its own."""

    text: str
    className: str = "markdown"  # noqa: N815 - as React names it


def rendered(text: str) -> str:
    """Return Markdown as HTML, with its images and the writer's markup as text."""
    return str(MARKDOWN.render(text[:LONGEST]))


def markup(children: Any) -> str:
    """Return elements of ``dash.html``, texts and `Prose` as the JSON that `Markup` builds them of.

    Raises
    ------
    TypeError
        For anything else: other components have a life in Dash, which they would lose.

    """
    return orjson.dumps(_all(children)).decode()


def region(tag: str, children: Any = (), id: str | None = None, **attributes: Any) -> Markup:  # noqa: A002
    """Return an element of the page that Dash takes for one component, whatever it holds."""
    named = {"id": id} if id else {}
    return Markup(tag=tag, attributes=attributes, content=markup(children), **named)


def _all(children: Any) -> list[Any]:
    if children is None:
        return []
    parts = children if isinstance(children, list | tuple) else [children]
    return [_one(part) for part in parts if part is not None]


def _one(part: Any) -> Any:
    if isinstance(part, str | int | float):
        return str(part)
    if isinstance(part, Prose):
        return [
            "div",
            {"className": part.className, "dangerouslySetInnerHTML": {"__html": rendered(part.text)}},
            [],
        ]
    if not isinstance(part, Component) or part._namespace != html.Div._namespace:
        raise TypeError(f"no element of dash.html: {type(part).__name__}")
    attributes = part.to_plotly_json()["props"]
    children = attributes.pop("children", None)
    return [part._type.lower(), attributes, _all(children)]
