"""The heading of a part of the sidebar, by which it folds."""

from typing import Any

from dash import html

from inspectree.dashboard.panels.action import icon
from inspectree.dashboard.panels.glossary import told


def heading(symbol: str, title: str, beside: Any = ()) -> html.H2:
    """Return the title, what stands beside it, and the button that folds the part."""
    fold = html.Button(
        icon("chevron-down"),
        type="button",
        className="fold",
        title=f"Fold or unfold {title}",
        **{"aria-label": f"{title}: show what is in it", "aria-expanded": "true", "data-local": "fold"},
    )
    name = html.Span(title, **told(title.lower()))
    return html.H2([icon(symbol), name, html.Span(beside, className="right"), fold])
