"""The page: where its regions are. What they show comes from `callbacks`."""

from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from inspectree.dashboard import ids
from inspectree.dashboard.callbacks import SHOWN
from inspectree.dashboard.components import CheckpointBar, GraphView, MatrixView, WidgetPanel
from inspectree.dashboard.panels.action import button, icon
from inspectree.dashboard.tools import TOOLS
from inspectree.dashboard.unit import LEVEL_TITLES
from inspectree.dashboard.view import View

HINTS = {
    "L3": "No widget yet. Choose a tool on the left, then click a model or an experiment.",
    "L2": "No widget yet. Choose a tool, then click a layer or one of its variables.",
    "L1": "No widget yet. Look inside a layer, choose a tool, then click a neuron.",
}

SHORTCUTS = (
    ("Click", "select a unit, or apply the chosen tool"),
    ("Double-click, Enter", "look inside"),
    ("Esc", "put the tool away, or go up a level"),
    ("Right-click, Menu key", "tools for this unit"),
    ("Tab, arrow keys", "from unit to unit"),
    ("+ − 0", "zoom in, zoom out, show everything"),
    ("/", "find a model, a layer or a tool"),
    ("?", "this list"),
)

INDEX = """<!DOCTYPE html>
<html lang="en">
  <head>
    <script src="/static/js/first.js"></script>
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
</html>"""


def page() -> dmc.MantineProvider:
    """Return the whole page."""
    stores = [dcc.Store(id=name) for name in (ids.EVENT, ids.LIVE, ids.ADDRESS, ids.FINDABLE, ids.WRITTEN)]
    stores += [dcc.Store(id=ids.view(field)) for field in View().as_slices()]
    stores += [dcc.Store(id=ids.shown(region)) for region in SHOWN]
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
                _help(),
                html.Div(id=ids.NOTICE, className="notice", role="alert"),
            ],
            className="app",
        ),
    )


def _header() -> html.Header:
    return html.Header(
        [
            html.Div([html.Span(className="mark"), html.H1("inspectree")], className="logo"),
            html.Nav(id=ids.BREADCRUMBS, className="breadcrumbs", **{"aria-label": "Breadcrumbs"}),
            html.Div(id=ids.WATCHING, className="watching", role="status"),
            html.Div(["server lost, connecting again"], className="lost", role="status"),
            html.Div(id=ids.LEVEL, className="levels", role="group", **{"aria-label": "Level"}),
            dmc.Select(
                id=ids.SEARCH,
                placeholder="Find name, type, note, tool",
                searchable=True,
                searchValue="",
                filter={"function": "findable"},
                data=[],
                value=None,  # left out, it turns None with the first data, and wipes what was typed
                size="xs",
                w=210,
                leftSection=icon("search"),
                rightSection=dmc.Kbd("/", size="xs"),
                nothingFoundMessage="Nothing of that name, nor in what is written of models and layers",
                maxDropdownHeight=360,
                **{"aria-label": "Find model, layer or tool"},
            ),
            button(
                icon("share-2"),
                "Copy the link to this view",
                {"data-local": "link"},
                className="header-button",
            ),
            button(icon("help"), "Keyboard shortcuts", {"data-local": "help"}, className="header-button"),
            button(icon("moon"), "Light or dark", {"data-local": "theme"}, className="header-button theme"),
        ],
        className="header",
    )


def _toolbox() -> html.Div:
    return html.Div(id=ids.TOOLBOX, className="toolbox", role="toolbar", **{"aria-label": "Tools"})


def _sidebar() -> html.Aside:
    sections = (ids.CLASSES, ids.INTERESTINGNESS, ids.SELECTION, ids.SAMPLES, ids.LOCALISATION)
    return html.Aside(
        [html.Section(id=name) for name in sections],
        className="sidebar",
        tabIndex=0,
        **{"aria-label": "Settings"},
    )


def _centre() -> html.Main:
    tools = [{"name": tool.name, "title": tool.title, "icon": tool.icon} for tool in TOOLS]
    return html.Main(
        [
            html.Div(
                [GraphView(id=ids.GRAPH, tools=tools), MatrixView(id=ids.MATRIX), html.Div(id=ids.EMPTY)],
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


def _help() -> Any:
    rows = [part for keys, what in SHORTCUTS for part in (html.Dt(keys), html.Dd(what))]
    return html.Dialog(
        [html.H2("Keyboard and mouse"), html.Dl(rows), html.Form(html.Button("Close"), method="dialog")],
        id="help",
    )
