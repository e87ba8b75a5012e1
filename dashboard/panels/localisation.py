"""Which unit types and structural patterns occur, and how often; those switched on wear badges."""

from typing import Any

from dash import html

from inspectree.dashboard.panels.action import action
from inspectree.dashboard.panels.heading import heading

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

MOST_ROWS = 500
"""Of a family: a store of ten thousand named types would be a page of its own."""

FAMILIES = {
    "patterns": "Structure",
    "layers": "Layers",
    "activations": "Activation functions",
    "operations": "Operations",
    "variables": "Variables",
}


def badges(found: Json) -> dict[str, Json]:
    """Return the badge of every type and pattern: its letter, colour and title, by name."""
    return {
        name: {
            "text": _letters(entry["label"]),
            "color": COLORS[index % len(COLORS)],
            "title": entry["label"],
        }
        for index, (name, entry) in enumerate(_entries(found).items())
    }


def localisation(found: Json, located: tuple[str, ...]) -> list[Any]:
    """Return a row per type and pattern with its count and its switch; special types fold away."""
    marks, entries = badges(found), _entries(found)
    parts: list[Any] = [heading("map-pin", "Localisation")]
    for family, title in FAMILIES.items():
        names = [name for name, entry in entries.items() if entry["family"] == family]
        kept = _most_frequent(names, entries, located)
        rows = {name: _row(name, entries[name], marks[name], name in located) for name in kept}
        if len(kept) < len(names):
            title = f"{title} · the {len(kept)} most frequent of {len(names)}"
        if rows:
            parts += [
                html.H3(title, key=title),
                html.Div(_folded(rows, located), key=family, className="located"),
            ]
    if gaps := found.get("without_graph"):
        parts.append(html.P(_gaps(gaps), className="empty"))
    return parts


def _entries(found: Json) -> Json:
    return {**found["patterns"], **found["types"]}


def _most_frequent(names: list[str], entries: Json, located: tuple[str, ...]) -> list[str]:
    """Return as many names as a page can bear, in their order: those that are on, then the most frequent."""
    ranked = sorted(names, key=lambda name: (name not in located, ":" in name, -entries[name]["total"]))
    kept = set(ranked[:MOST_ROWS])
    return [name for name in names if name in kept]


def _folded(rows: dict[str, Any], located: tuple[str, ...]) -> list[Any]:
    """Return the rows of general types, then those of one layer type, function or name, folded."""
    special = [name for name in rows if ":" in name]
    general = [row for name, row in rows.items() if name not in special]
    if not special:
        return general
    summary = html.Summary(f"{len(special)} by name")
    is_open = not set(located).isdisjoint(special)
    return [*general, html.Details([summary, *(rows[name] for name in special)], open=is_open)]


def _row(name: str, entry: Json, mark: Json, on: bool) -> html.Button:
    return html.Button(
        [
            html.Span(mark["text"], className="badge", style={"background": mark["color"]}),
            html.Span(entry["label"], className="name"),
            html.Span(str(entry["total"]), className="number"),
            html.Span(className="switch"),
        ],
        key=name,
        type="button",
        role="switch",
        className="row" + ("" if entry["total"] else " none"),
        title=entry.get("description") or entry["label"],
        **{"aria-checked": "true" if on else "false", "data-located": name},
        **action("locate", name=name),
    )


def _gaps(gaps: list[Json]) -> str:
    places = f"{gaps[0]['uoa'].partition('/')[2] or 'a model'}"
    more = f" and {len(gaps) - 1} more" if len(gaps) > 1 else ""
    return f"No structure can be told of {places}{more}: {gaps[0]['what']}."


def _letters(label: str) -> str:
    words = label.replace("–", " ").split()
    return (words[0][0] + (words[1][0] if len(words) > 1 else "")).upper()
