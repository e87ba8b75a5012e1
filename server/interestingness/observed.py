"""What a measure sees: a number or a distribution."""

from math import isnan

from inspectree.server.interestingness.distribution import Distribution

Observed = float | Distribution
"""NaN stands for nothing."""


def known(value: Observed) -> bool:
    """Tell whether there is something."""
    return isinstance(value, Distribution) or not isnan(value)
