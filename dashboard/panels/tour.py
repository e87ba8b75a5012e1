"""The steps of the tour: what a first-time user has to know of each region."""

import orjson
from dash import html

STEPS = (
    (
        ".graph-view",
        "Your models, and what is inside them",
        "Each box is a model, each arrow leads to a model that was derived from it. Double-click a model to "
        "see its layers, a layer to see its neurons. Esc leads back.",
    ),
    (
        ".toolbox",
        "Tools",
        "Choose a tool, then click what it should show: a model, a layer, a kernel. Only tools that fit "
        "something in sight are here; point at one to read what it is for.",
    ),
    (
        ".widgets",
        "Widgets",
        "What tools show collects here, by level. Every widget can be adjusted, enlarged, pinned to a "
        "checkpoint and saved.",
    ),
    (
        ".sidebar",
        "What to look at",
        "Switch classes off, let a measure colour what is interesting, mark types of layers. What you have "
        "selected is described here, too.",
    ),
    (
        ".checkpoint-bar",
        "Through the training",
        "Move along the checkpoints, or play them: the graph and the widgets follow.",
    ),
    (
        ".header",
        "Finding and sharing",
        "Press / to find anything. The link in the address bar holds all that you see. Press ? for the keys, "
        "for what the words mean, and for this tour.",
    ),
)
"""The region by its selector, the title, and what is said."""


def tour_steps() -> html.Div:
    """Return the steps as the page's script reads them."""
    steps = [{"target": target, "title": title, "text": text} for target, title, text in STEPS]
    return html.Div(id="tour-steps", hidden=True, **{"data-steps": orjson.dumps(steps).decode()})
