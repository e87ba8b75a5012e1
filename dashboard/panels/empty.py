"""What stands in the middle while a store holds no model: how to log the first one."""

from typing import Any

from dash import html

from inspectree.dashboard.panels.action import icon

Json = dict[str, Any]

LINES = """from inspectree.logger import TreeLogger

log = TreeLogger("{store}", name="my first model", samples=(x_test, y_test))
model.fit(x, y, epochs=10, callbacks=[log])"""


def empty_store(store: str, problems: list[Json]) -> list[Any]:
    """Return the lines to add to a training script, and what is wrong with the store, if anything."""
    return [
        html.Div(
            [
                icon("binary-tree"),
                html.H2("No model here yet"),
                html.P(["Add these lines to a training script. The model appears here while it trains."]),
                html.Pre(html.Code(LINES.format(store=store)), tabIndex=0),
                html.P(["Or see a ready tree first: ", html.Code("inspectree demo")]),
                *(
                    html.P(f"{problem['where']}: {problem['what']}", className="error")
                    for problem in problems
                ),
            ],
            className="empty-store",
        )
    ]
