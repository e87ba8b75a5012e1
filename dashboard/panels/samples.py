"""The selections of samples: what was brushed, what was kept under a name, and what is done with them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import orjson
from dash import html

from inspectree.dashboard.index import Index
from inspectree.dashboard.panels.action import action, button, icon
from inspectree.dashboard.panels.heading import heading
from inspectree.dashboard.selections import Selection
from inspectree.dashboard.view import View

MOST_THUMBNAILS = 12
"""Of a selection, the first samples that are shown."""

CHANNELS = {1, 3, 4}
"""Grey, colour, colour with transparency."""

HINT = (
    "Click a picture, a row or a point, or draw around some with a plot's lasso: they are marked everywhere."
)


def samples_panel(view: View, index: Index) -> list[Any]:
    """Return a row for each selection, with its first samples where they are images.

    ``data-previews`` tells the page which model to ask for the images of each space.
    """
    pictured = models_with_images(index)
    rows = [_row(selection, view, pictured.get(selection.space)) for selection in view.selections]
    return [
        heading("lasso", "Samples"),
        html.Div(
            rows or html.P(HINT, className="empty"),
            className="selections",
            **{"data-previews": orjson.dumps(pictured).decode()},
        ),
        html.P(f"Widgets show only “{view.filtered}”.", className="filtering") if view.filtered else None,
    ]


def models_with_images(index: Index) -> dict[str, str]:
    """Return a model for each space whose samples are images."""
    found: dict[str, str] = {}
    for model in index.models.values():
        first = (model["inputs"] or [()])[0]
        if model["samples"] and is_image(first):
            found.setdefault(model["samples"], model["id"])
    return found


def is_image(shape: Sequence[int | None]) -> bool:
    """Tell whether samples of a shape are images (y, x, channel)."""
    return len(shape) == 3 and shape[-1] in CHANNELS


def _row(selection: Selection, view: View, model: str | None) -> html.Div:
    name, count = selection.name, len(selection.samples)
    marked, filtering = view.lit == name, view.filtered == name
    return html.Div(
        [
            html.Div(
                [
                    html.Div(
                        [
                            html.Span(name, className="name", title=name),
                            html.Small(f"{count:,} sample{'' if count == 1 else 's'}"),
                        ],
                        className="selection-what",
                    ),
                    _rename(name),
                    _switch("bulb", f"Mark {name} in every widget", "light", name, marked),
                    _switch("filter", f"Show only {name} in every widget", "filter", name, filtering),
                    button(
                        icon("x"),
                        f"Drop {name}",
                        action("drop_selection", name=name),
                        className="icon-button",
                    ),
                ],
                className="selection-head",
            ),
            _thumbnails(selection, model) if model else None,
        ],
        key=name,
        className="selection marked" if marked else "selection",
        **{"data-selection": name},
    )


def _rename(name: str) -> html.Button:
    """Return the button whose click has the page put a field in place of the name."""
    return button(icon("pencil"), f"Rename {name}", {"data-local": "rename"}, className="icon-button")


def _switch(name: str, label: str, event: str, selection: str, on: bool) -> html.Button:
    return button(
        icon(name),
        label,
        action(event, name=selection),
        className="icon-button",
        **{"aria-pressed": "true" if on else "false"},
    )


def _thumbnails(selection: Selection, model: str) -> html.Div:
    more = len(selection.samples) - MOST_THUMBNAILS
    return html.Div(
        [
            *(_thumbnail(selection.space, sample, model) for sample in selection.samples[:MOST_THUMBNAILS]),
            html.Small(f"+{more:,}") if more > 0 else None,
        ],
        className="thumbnails",
    )


def _thumbnail(space: str, sample: int, model: str) -> html.Span:
    return html.Span(
        html.Img(src=f"/api/samples/{quote(model, safe='')}/{sample}.png", alt=""),
        title=f"sample {sample}",
        role="button",
        tabIndex=0,
        **{"data-sample": f"{space}:{sample}", "aria-label": f"sample {sample}: select it or not"},
    )
