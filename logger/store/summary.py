"""What one cheap pass tells of stored values, and whether it is what was told when they were written."""

from dataclasses import dataclass
from math import inf, isfinite, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.logger.statistics import Statistics

ARITHMETIC = 1e-6
"""The difference that the order of summing may make, relative to the values' norm."""


@dataclass
class Summary:
    """Counts, sums and extremes of the finite values, added piece by piece."""

    count: int = 0
    finite: int = 0
    zeros: int = 0
    total: float = 0
    square: float = 0
    minimum: float = inf
    maximum: float = -inf

    def add(self, values: NDArray[Any]) -> None:
        """Take further values into account."""
        flat = values.ravel().astype(np.float64)
        finite = flat[np.isfinite(flat)]
        self.count += flat.size
        self.finite += finite.size
        self.zeros += finite.size - int(np.count_nonzero(finite))
        with np.errstate(over="ignore", invalid="ignore"):
            self.total += float(finite.sum())
            self.square += float(finite @ finite)
        self.minimum = min(self.minimum, float(finite.min(initial=inf)))
        self.maximum = max(self.maximum, float(finite.max(initial=-inf)))

    def differing(self, told: Statistics) -> str | None:
        """Return a descriptor that is not as ``told``, by more than arithmetic explains."""
        if (self.count, self.finite) != (told.count, told.finite):
            return "number of finite values"
        if self.finite == 0:
            return None
        pairs = {
            "number of zeros": (self.zeros, told.zeros, 0.0),
            "minimum": (self.minimum, told.minimum, abs(told.minimum)),
            "maximum": (self.maximum, told.maximum, abs(told.maximum)),
            "mean": (self.total / self.finite, told.mean, told.norm / sqrt(self.finite)),
            "norm": (sqrt(self.square), told.norm, told.norm),
        }
        differing = (name for name, values in pairs.items() if not _near(*values))
        return next(differing, None)


def _near(found: float, expected: float, scale: float) -> bool:
    """Tell whether two numbers agree; sums that have overflown say nothing."""
    overflown = not (isfinite(found) and isfinite(expected) and isfinite(scale))
    return overflown or abs(found - expected) <= ARITHMETIC * scale
