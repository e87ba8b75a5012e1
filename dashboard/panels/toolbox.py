"""The toolbox: an icon per tool; those that fit nothing on this level are put away."""

from typing import Any

import dash_mantine_components as dmc
from dash import html

from inspectree.dashboard.panels.action import action, icon
from inspectree.dashboard.tools import TOOLS
from inspectree.dashboard.tools.base import Tool

FUNCTIONAL = {"note", "branch"}


def toolbox(offered: set[str], active: str) -> list[Any]:
    """Return the selection tool and every tool that fits a unit in sight (or the selected one)."""
    data = [tool for tool in TOOLS if tool.name in offered and tool.name not in FUNCTIONAL]
    functional = [tool for tool in TOOLS if tool.name in offered and tool.name in FUNCTIONAL]
    parts: list[Any] = [
        _button(
            "select", "Select and inspect", "pointer", "Click selects, double-click looks inside.", not active
        )
    ]
    for tools in (data, functional):
        if tools:
            parts += [html.Hr(), *(_tool(tool, active) for tool in tools)]
    return parts


def _tool(tool: Tool, active: str) -> dmc.Tooltip:
    return _button(tool.name, tool.title, tool.icon, tool.description, tool.name == active)


def _button(name: str, title: str, symbol: str, description: str, active: bool) -> dmc.Tooltip:
    return dmc.Tooltip(
        html.Button(
            icon(symbol),
            type="button",
            className="tool",
            **{"aria-label": title, "aria-pressed": "true" if active else "false", "data-tool": name},
            **action("tool", name=name),
        ),
        label=html.Div([html.Strong(title), html.Br(), description]),
        position="right",
        withArrow=True,
        multiline=True,
        w=240,
        openDelay=250,
    )
