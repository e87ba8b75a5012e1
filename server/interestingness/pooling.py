"""Many observations as one: the median of numbers, the mixture of distributions."""

from collections.abc import Sequence
from math import nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.server.interestingness.distribution import Distribution, mixture, mixtures_of_others
from inspectree.server.interestingness.observed import Observed


def typical(values: Sequence[Observed]) -> Observed:
    """Return the median or the mixture of what is known; NaN where nothing is.

    Infinite numbers don't count: a diverged model is no baseline.
    """
    distributions = [value for value in values if isinstance(value, Distribution)]
    if distributions:
        return mixture(distributions)
    numbers = np.array([value for value in values if not isinstance(value, Distribution)], np.float64)
    finite = numbers[np.isfinite(numbers)]
    return float(np.median(finite)) if finite.size else nan


def others(values: Sequence[Observed]) -> list[Observed]:
    """Return for each value what is typical of all others; NaN where there are none."""
    found: list[Observed] = [nan] * len(values)
    where = [index for index, value in enumerate(values) if isinstance(value, Distribution)]
    if where:
        return _other_distributions(values, where, found)
    return list(other_medians(np.array(values, np.float64)).tolist())


def _other_distributions(values: Sequence[Any], where: list[int], found: list[Observed]) -> list[Observed]:
    if len(where) > 1:
        mixed = mixtures_of_others([values[index] for index in where])
        for index, each in zip(where, mixed, strict=True):
            found[index] = each
    return found


def other_medians(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each number the median of all other finite ones; NaN where there are none."""
    finite = np.isfinite(numbers)
    ascending = np.sort(numbers[finite])
    if not len(ascending):
        return np.full(len(numbers), nan)
    rank = np.full(len(numbers), len(ascending))  # what is not finite is none of them
    rank[finite] = np.argsort(np.argsort(numbers[finite], kind="stable"), kind="stable")
    rest = len(ascending) - finite.astype(int)

    def at(position: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what stands there when the number itself is taken out: all above it move down by one."""
        return ascending[np.clip(position + (position >= rank), 0, len(ascending) - 1)]

    return np.where(rest > 0, (at((rest - 1) // 2) + at(rest // 2)) / 2, nan)
