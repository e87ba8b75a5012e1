"""What is known of the selected unit."""

from typing import Any

from dash import html

from inspectree.dashboard.markup import Prose
from inspectree.dashboard.panels.glossary import told
from inspectree.dashboard.panels.heading import heading

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
        heading("box", "Selection"),
        html.Div(
            [
                html.Span(className="dot", style={"background": color}),
                html.Span(title, className="name"),
                html.Small(kind),
            ],
            className="selected",
        ),
        Prose(notes, "notes") if notes else None,
        html.Dl([part for fact in facts for part in _fact(*fact)]),
    ]


def _fact(name: str, value: str) -> tuple[html.Dt, html.Dd]:
    return html.Dt(name, **told(TERMS.get(name, ""))), html.Dd(value, title=value)


def nothing_selected() -> list[Any]:
    """Say how a unit is selected."""
    return [
        heading("box", "Selection"),
        html.P("Click a unit to see what is known of it; double-click it to look inside.", className="empty"),
    ]
