"""The activation function of a layer."""

from typing import Any

from inspectree.logger.architecture.model_graph import Node


def activation(node: Node) -> str:
    """Return the name of a layer's activation function, in lower case; of one without, its own type."""
    given: Any = node.config.get("activation", node.type)
    if isinstance(given, dict):  # a layer or an object with settings of its own
        given = given.get("class", "")
    return str(given).lower()
