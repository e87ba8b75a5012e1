"""How much of a bounded activation function's output sticks to its bounds."""

from math import nan
from typing import Any

import numpy as np
from typing_extensions import override

from inspectree.logger.architecture.model_graph import Node
from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.base import ACTIVATIONS, Measure, Variable

BOUNDS = {
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "sparse_sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "hard_tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
}
"""Activation functions that have a bound on both sides, where their slope ends."""

NEAR = 0.05
"""The part of the range, at either end, in which a value counts as saturated."""


class Saturation(Measure):
    """The share of activations near the bounds of their activation function."""

    name = "saturation"
    title = "Saturation"
    description = "The share of activations within 5 % of the bounds of sigmoid, tanh and the like."
    kinds = ACTIVATIONS
    baseline = 0.0

    @override
    def raw(self, variable: Variable) -> float:
        bounds = BOUNDS.get(activation(variable.node))
        return nan if bounds is None else saturated_share(variable.statistics, *bounds)


def activation(node: Node) -> str:
    """Return the name of a layer's activation function, in lower case; empty where it has none."""
    given: Any = node.config.get("activation", node.type)
    if isinstance(given, dict):  # a serialised object
        given = given.get("config", given.get("class_name", ""))
    return str(given).lower()


def saturated_share(statistics: Statistics, low: float, high: float) -> float:
    """Return the share of values near the bounds, by the stored histogram, even within each bin."""
    if not statistics.finite:
        return nan
    near = NEAR * (high - low)
    edges, counts = statistics.edges, statistics.histogram
    below = np.concatenate([[0], np.cumsum(counts)]) / statistics.finite
    at_low, at_high = np.interp([low + near, high - near], edges, below, left=0, right=1)
    return float(at_low + (1 - at_high))
