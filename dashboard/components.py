"""The page's own components: plain JavaScript modules below ``js/``, without a build step.

`assets/components.js` registers them under the namespace ``inspectree``. They are components of their own
because Dash mounts everything below a parent anew whenever its ``children`` change, which a graph or fifty
plots cannot bear.
"""

from typing import Any

from dash.development.base_component import Component


class _Own(Component):  # type: ignore[misc] # Dash ships no types
    """A component whose properties are written out in ``properties``."""

    properties: tuple[str, ...] = ()
    _children_props: list[str] = []  # noqa: RUF012 - read by Dash as it is
    _base_nodes = ["children"]  # noqa: RUF012
    _namespace = "inspectree"

    def __init__(self, **values: Any) -> None:
        self._prop_names = self.available_properties = ["id", *self.properties]
        self._valid_wildcard_attributes: list[str] = []
        self.available_wildcard_properties: list[str] = []
        super().__init__(**values)


class Markup(_Own):
    """An element ``tag`` with ``attributes`` that holds the elements of ``content`` (`markup.markup`)."""

    properties = ("tag", "attributes", "content")
    _type = "Markup"


class GraphView(_Own):
    """The inspection panel: zoom, pan, minimap, keyboard; boxes and edges of one level."""

    properties = ("graph", "changes", "scores", "badges", "selected", "tool", "tools")
    _type = "GraphView"


class WidgetPanel(_Own):
    """The widgets in three flaps; ``slots`` are their places from top to bottom, which ask for their content.

    ``groups`` are seen together, ``lit`` is the selection of samples that is marked, ``about`` names the
    store and the version for what is exported, and the checkpoint that all this is of.
    """

    properties = ("slots", "groups", "lit", "about", "sections")
    _type = "WidgetPanel"


class MatrixView(_Own):
    """Neurons × classes: every unit's mean activation for every class, sorted by a click on a class."""

    properties = ("matrix",)
    _type = "MatrixView"


class CheckpointBar(_Own):
    """Scrub and play over the checkpoints."""

    properties = ("bar",)
    _type = "CheckpointBar"
