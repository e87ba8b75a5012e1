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

MOST_FACTS = 11
"""In sight at once: with more of them, what is interesting would be out of sight."""


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
        _list(facts[:MOST_FACTS]),
        _rest(facts[MOST_FACTS:]),
    ]


def _list(facts: list[Fact]) -> html.Dl:
    return html.Dl([part for fact in facts for part in _fact(*fact)])


def _rest(facts: list[Fact]) -> html.Details | None:
    return html.Details([html.Summary(f"{len(facts)} more"), _list(facts)], key="rest") if facts else None


def _fact(name: str, value: str) -> tuple[html.Dt, html.Dd]:
    return html.Dt(name, **told(TERMS.get(name, ""))), html.Dd(value, title=value)


def nothing_selected() -> list[Any]:
    """Say how a unit is selected."""
    return [
        heading("box", "Selection"),
        html.P("Click a unit to see what is known of it; double-click it to look inside.", className="empty"),
    ]
