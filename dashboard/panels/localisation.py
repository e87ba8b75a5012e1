"""Which unit types and structural patterns occur, and how often; those switched on wear badges."""

from typing import Any

from dash import html

from inspectree.dashboard.panels.action import action, icon

Json = dict[str, Any]

COLORS = (
    "#0b7a5e",
    "#0b7285",
    "#c2410c",
    "#6d3fd4",
    "#a61e4d",
    "#495057",
    "#5c7a0b",
    "#364fc7",
    "#862e9c",
    "#9c6b00",
)


def badges(found: Json) -> dict[str, Json]:
    """Return the badge of every type and pattern: its letter, colour and title, by name."""
    entries = {**found["types"], **found["patterns"]}
    return {
        name: {
            "text": _letters(entry["label"]),
            "color": COLORS[index % len(COLORS)],
            "title": entry["label"],
        }
        for index, (name, entry) in enumerate(entries.items())
    }


def localisation(found: Json, located: tuple[str, ...]) -> list[Any]:
    """Return a row per type and pattern with its count and its switch."""
    marks = badges(found)
    entries = {**found["types"], **found["patterns"]}
    rows = [
        html.Button(
            [
                html.Span(marks[name]["text"], className="badge", style={"background": marks[name]["color"]}),
                html.Span(entry["label"], className="name"),
                html.Span(str(entry["total"]), className="number"),
                html.Span(className="switch"),
            ],
            type="button",
            role="switch",
            className="row" + ("" if entry["total"] else " none"),
            **{"aria-checked": "true" if name in located else "false", "data-located": name},
            **action("locate", name=name),
        )
        for name, entry in entries.items()
    ]
    return [html.H2([icon("map-pin"), "Localisation"]), html.Div(rows, className="located")]


def _letters(label: str) -> str:
    words = label.split()
    return (words[0][0] + (words[1][0] if len(words) > 1 else "")).upper()
