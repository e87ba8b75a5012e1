"""What is known of the selected unit."""

from typing import Any

from dash import dcc, html

from inspectree.dashboard.panels.action import icon
from inspectree.dashboard.panels.glossary import told

Fact = tuple[str, str]

TERMS = {
    "checkpoints": "checkpoint",
    "epochs": "epoch",
    "FLOPs per sample": "FLOPs",
    "generations": "generation",
    "layers": "layer",
    "models": "model",
    "parameters": "parameters",
}
"""The names of facts that the glossary knows."""


def selection(title: str, kind: str, color: str, facts: list[Fact], notes: str = "") -> list[Any]:
    """Return the selected unit's name and type, its notes (Markdown) and facts."""
    return [
        _heading(),
        html.Div(
            [
                html.Span(className="dot", style={"background": color}),
                html.Span(title, className="name"),
                html.Small(kind),
            ],
            className="selected",
        ),
        dcc.Markdown(_without_images(notes), className="notes") if notes else None,
        html.Dl([part for fact in facts for part in _fact(*fact)]),
    ]


def _fact(name: str, value: str) -> tuple[html.Dt, html.Dd]:
    return html.Dt(name, **told(TERMS.get(name, ""))), html.Dd(value, title=value)


def nothing_selected() -> list[Any]:
    """Say how a unit is selected."""
    return [
        _heading(),
        html.P("Click a unit to see what is known of it; double-click it to look inside.", className="empty"),
    ]


def _heading() -> html.H2:
    return html.H2([icon("box"), "Selection"])


def _without_images(markdown: str) -> str:
    """Return a note of anybody's with its images as text: others' servers would be asked for them."""
    return markdown.replace("![", "!\\[")
