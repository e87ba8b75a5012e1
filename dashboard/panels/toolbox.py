"""The toolbox: a button per tool, in groups; a tool that fits nothing in sight is put away."""

from typing import Any

from dash import html

from inspectree.dashboard.panels.action import action, icon
from inspectree.dashboard.tools import TOOLS
from inspectree.dashboard.tools.base import Family, Tool

FAMILIES: dict[Family, str] = {
    "training": "Training",
    "values": "Values",
    "samples": "Samples",
    "models": "Models",
    "functions": "More",
}


def toolbox(offered: set[str], active: str) -> list[Any]:
    """Return the selection tool and every tool that fits a unit in sight, by families."""
    groups = [
        _group(title, [tool for tool in TOOLS if tool.name in offered and tool.family == family], active)
        for family, title in FAMILIES.items()
    ]
    return [_always(active), *filter(None, groups)]


def _always(active: str) -> html.Div:
    """Return what is there on every level: to select, and to show the tools' names."""
    select = _button(
        "select", "Select and inspect", "pointer", "Click selects, double-click looks inside.", not active
    )
    names = html.Button(
        [icon("chevron-right"), html.Span("Hide names", className="tool-name")],
        type="button",
        className="tool toggle-names",
        title="Show or hide names",
        tabIndex=-1,
        **{"aria-label": "Show or hide names", "data-local": "names"},
    )
    return html.Div([select, names], className="tool-group", role="group", **{"aria-label": "Pointer"})


def _group(title: str, tools: list[Tool], active: str) -> html.Div | None:
    if not tools:
        return None
    buttons = [
        _button(tool.name, tool.title, tool.icon, tool.description, tool.name == active) for tool in tools
    ]
    heading = html.Span(title, className="tool-family", **{"aria-hidden": "true"})
    return html.Div(
        [heading, *buttons], key=title, className="tool-group", role="group", **{"aria-label": title}
    )


def _button(name: str, title: str, symbol: str, description: str, active: bool) -> html.Button:
    """Return a tool's button with what it is for; of all of them only the one in use is in the tab order."""
    return html.Button(
        [icon(symbol), html.Span(title, className="tool-name")],
        key=name,
        type="button",
        className="tool",
        tabIndex=0 if active else -1,
        **{"aria-label": title, "aria-pressed": "true" if active else "false"},
        **{"data-tool": name, "data-purpose": description},
        **action("tool", name=name),
    )
