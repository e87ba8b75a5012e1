"""The help: keys, what the page's words mean, and the tour."""

from dash import html

from inspectree.dashboard.panels.glossary import glossary

SHORTCUTS = {
    "Everywhere": (
        ("/", "find a model, a layer or a tool"),
        ("?", "this help"),
        ("Tab", "to the next part of the page"),
        ("Esc", "close, put the tool away, or go up a level"),
    ),
    "Graph": (
        ("Click, Space", "select a unit, or apply the chosen tool"),
        ("Double-click, Enter", "look inside"),
        ("Shift+Enter", "unfold a nested model or a repeated block in its place, fold it again"),
        ("Right-click, Menu key", "tools for this unit"),
        ("Double-click an edge", "both models side by side"),
        ("Arrow keys", "from unit to unit, or move the picture"),
        ("Shift+Arrow keys", "from a model to an edge of the tree; Enter shows both models side by side"),
        ("+ − 0", "zoom in, zoom out, show everything"),
    ),
    "Tools and widgets": (
        ("Arrow keys", "from tool to tool, from picture to picture"),
        ("Enter", "choose a tool; then Tab into the graph and press Space on a unit"),
        ("Drag a widget's head", "onto another one: a group; between others: its place"),
        ("… on a widget", "the same by keyboard: pin, copy, group, move, export"),
        ("Space", "select the sample in focus; play the checkpoints"),
        ("← →", "in the checkpoint bar: from checkpoint to checkpoint"),
    ),
}


def help_dialog() -> html.Dialog:
    """Return the help, which the page opens."""
    keys = [
        part
        for title, rows in SHORTCUTS.items()
        for part in (
            html.H3(title),
            html.Dl([each for key, what in rows for each in (html.Dt(key), html.Dd(what))], className="keys"),
        )
    ]
    buttons = html.Form(
        [
            html.Button("Take the tour", type="button", className="second", **{"data-local": "tour"}),
            html.Button("Close"),
        ],
        method="dialog",
    )
    return html.Dialog(
        [html.H2("Keyboard and mouse", id="help-title"), *keys, glossary(), buttons],
        id="help",
        **{"aria-labelledby": "help-title"},
    )
