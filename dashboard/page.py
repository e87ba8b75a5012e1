"""The page: where its regions are. What they show comes from `callbacks`."""

from pathlib import Path

import dash_mantine_components as dmc
from dash import dcc, html

from inspectree.dashboard import ids
from inspectree.dashboard.callbacks import SHOWN
from inspectree.dashboard.components import CheckpointBar, GraphView, Markup, MatrixView, WidgetPanel
from inspectree.dashboard.markup import region
from inspectree.dashboard.panels.action import button, icon
from inspectree.dashboard.panels.help import help_dialog
from inspectree.dashboard.panels.toolbox import FAMILIES
from inspectree.dashboard.panels.tour import tour_steps
from inspectree.dashboard.tools import TOOLS
from inspectree.dashboard.unit import LEVEL_TITLES
from inspectree.dashboard.view import View

HINTS = {
    "L3": "No widget yet. Choose a tool on the left, then click a model or an experiment.",
    "L2": "No widget yet. Choose a tool, then click a layer or one of its variables.",
    "L1": "No widget yet. Look inside a layer, choose a tool, then click a neuron.",
}

JS = Path(__file__).parent / "js"

MODULES = "".join(
    f'<link rel="modulepreload" href="/static/js/{path.relative_to(JS).as_posix()}">'
    for path in sorted(JS.rglob("*.js"))
    if path.name != "first.js"
)
"""Lets a browser fetch all modules at once, not one after the other as they import each other."""

INDEX = """<!DOCTYPE html>
<html lang="en">
  <head>
    <script src="/static/js/first.js"></script>
    {%modules%}
    {%metas%}
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{%title%}</title>
    {%favicon%}
    {%css%}
  </head>
  <body>
    {%app_entry%}
    <footer>{%config%}{%scripts%}{%renderer%}</footer>
  </body>
</html>""".replace("{%modules%}", MODULES)


def page() -> dmc.MantineProvider:
    """Return the whole page."""
    stores = [dcc.Store(id=name) for name in (ids.EVENT, ids.LIVE, ids.ADDRESS, ids.FINDABLE, ids.WRITTEN)]
    stores += [dcc.Store(id=ids.view(field)) for field in View().as_slices()]
    stores += [dcc.Store(id=ids.shown(name)) for name in SHOWN]
    return dmc.MantineProvider(
        id="mantine",
        theme={"fontFamily": "Inter, sans-serif", "primaryColor": "indigo", "defaultRadius": "md"},
        children=html.Div(
            [
                *stores,
                _header(),
                _toolbox(),
                _sidebar(),
                _centre(),
                _widgets(),
                region("div", [help_dialog(), tour_steps()]),
                html.Div(id=ids.NOTICE, className="notice", role="alert"),
            ],
            className="app",
        ),
    )


def _header() -> html.Header:
    logo = [html.Span(className="mark"), html.H1("inspectree")]
    return html.Header(
        [
            region("div", logo, className="logo"),
            region("nav", id=ids.BREADCRUMBS, className="breadcrumbs", **{"aria-label": "Breadcrumbs"}),
            region("div", id=ids.WATCHING, className="watching", role="status"),
            region("div", "server lost, connecting again", className="lost", role="status"),
            region("div", id=ids.LEVEL, className="levels", role="group", **{"aria-label": "Level"}),
            _search(),
            region("div", _page_buttons(), className="header-buttons"),
        ],
        className="header",
    )


def _search() -> dmc.Select:
    return dmc.Select(
        id=ids.SEARCH,
        placeholder="Find name, type, note, tool",
        searchable=True,
        searchValue="",
        filter={"function": "findable"},
        data=[],
        value=None,  # left out, it turns None with the first data, and wipes what was typed
        size="xs",
        w=210,
        leftSection=region("i", className="icon icon-search", **{"aria-hidden": "true"}),
        rightSection=dmc.Kbd("/", size="xs"),
        nothingFoundMessage="Nothing of that name, nor in what is written of models and layers",
        maxDropdownHeight=360,
        **{"aria-label": "Find model, layer or tool"},
    )


def _page_buttons() -> list[html.Button]:
    """Return the buttons for what the page does without the server."""
    buttons = (
        ("share-2", "Copy the link to this view", "link"),
        ("help", "Help: keys, words, tour", "help"),
        ("moon", "Light or dark", "theme"),
    )
    return [
        button(icon(symbol), label, {"data-local": does}, className=f"header-button {does}")
        for symbol, label, does in buttons
    ]


def _toolbox() -> Markup:
    return region("div", id=ids.TOOLBOX, className="toolbox", role="toolbar", **{"aria-label": "Tools"})


def _sidebar() -> html.Aside:
    sections = (ids.CLASSES, ids.SELECTION, ids.SAMPLES, ids.INTERESTINGNESS, ids.LOCALISATION)
    return html.Aside(
        [region("section", id=name) for name in sections],
        className="sidebar",
        tabIndex=0,
        **{"aria-label": "Settings"},
    )


def _centre() -> html.Main:
    tools = [
        {"name": tool.name, "title": tool.title, "icon": tool.icon, "family": title}
        for family, title in FAMILIES.items()
        for tool in TOOLS
        if tool.family == family
    ]
    return html.Main(
        [
            html.Div(
                [
                    GraphView(id=ids.GRAPH, tools=tools),
                    MatrixView(id=ids.MATRIX),
                    region("div", id=ids.EMPTY),
                    region("div", id="tool-hint", className="tool-hint", role="status"),
                ],
                className="inspection",
            ),
            CheckpointBar(id=ids.CHECKPOINTS),
        ],
        className="centre",
    )


def _widgets() -> html.Div:
    sections = [
        {"level": level, "title": title, "hint": HINTS[level]} for level, title in LEVEL_TITLES.items()
    ]
    return html.Div(WidgetPanel(id=ids.WIDGETS, sections=sections, slots=[], groups=[]), className="widgets")
