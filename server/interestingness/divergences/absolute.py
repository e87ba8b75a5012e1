"""The difference of two numbers."""

from math import isclose

from typing_extensions import override

from inspectree.server.interestingness.divergence import Divergence

ROUNDING = 1e-9
"""Numbers that differ by less, relative to the larger one, are the same."""


class Absolute(Divergence):
    """The absolute difference of two numbers; what differs by no more than rounding does not differ."""

    name = "absolute"
    title = "Absolute deviation"
    description = "The absolute difference between value and baseline."
    of_distributions = False

    @override
    def between(self, observed: float, expected: float) -> float:
        return 0.0 if isclose(observed, expected, rel_tol=ROUNDING) else abs(observed - expected)
