"""How much of a bounded activation function's output sticks to its bounds."""

from math import nan
from types import MappingProxyType

import numpy as np
from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.functions import activation
from inspectree.server.interestingness.measure import ACTIVATIONS, ZERO, StatisticsMeasure
from inspectree.server.interestingness.subjects import Variable

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


class Saturation(StatisticsMeasure):
    """The share of activations within 5 % of the bounds of sigmoid, tanh and the like.

    There the slope is next to 0 and so are the gradients (Glorot and Bengio, 2010). The share is read off
    the stored histogram, even within each bin.
    """

    name = "saturation"
    title = "Saturation"
    description = "The share of activations within 5 % of the bounds of sigmoid, tanh and the like."
    kinds = ACTIVATIONS
    baseline = ZERO
    constants = MappingProxyType({"bounds": {name: [*ends] for name, ends in BOUNDS.items()}, "near": NEAR})
    without = "its activation function has no two bounds, or no statistics are stored"

    @override
    def of(self, statistics: Statistics, variable: Variable) -> float:
        bounds = BOUNDS.get(activation(variable.node))
        return nan if bounds is None else saturated_share(statistics, *bounds)


def saturated_share(statistics: Statistics, low: float, high: float) -> float:
    """Return the share of values near the bounds, by the stored histogram."""
    total = statistics.histogram.sum()
    if not total:
        return nan
    near = NEAR * (high - low)
    below = np.concatenate([[0], np.cumsum(statistics.histogram)]) / total
    at_low, at_high = np.interp([low + near, high - near], statistics.edges, below, left=0, right=1)
    return float(at_low + (1 - at_high))
