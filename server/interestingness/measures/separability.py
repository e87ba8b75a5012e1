"""How well activations tell the classes apart."""

from math import inf, nan

import numpy as np
from typing_extensions import override

from inspectree.server.interestingness.measure import ACTIVATIONS, VariableMeasure
from inspectree.server.interestingness.subjects import Variable

LEAST = 1e-4
"""The part of the squared norm that must vary: below, the rounding of stored activations is as large."""


class Separability(VariableMeasure):
    """How well activations tell the classes apart.

    The variation between the class means over the whole variation of the samples, tr S_b / tr S_t
    (Fukunaga, 1990; the η² of an analysis of variance): 0 where all classes have the same mean, 1 where all
    samples of a class give the same. It follows from stored class means, norm and class sizes. Of N samples
    in C classes, random activations have about (C − 1) / (N − 1).
    """

    name = "separability"
    title = "Class separability"
    description = "How well activations tell the classes apart: variation between classes over all variation."
    kinds = ACTIVATIONS
    source = "class means"
    without = "its class means are not stored, not all samples have a class, or it does not vary"

    @override
    def observe(self, subject: Variable) -> float:
        statistics, entry, sizes = subject.statistics, subject.class_means, subject.moment.class_sizes
        if statistics is None or entry is None or statistics.finite < statistics.count:
            return nan
        if (
            len(sizes) < 2
            or set(entry.classes) != set(sizes)
            or sum(sizes.values()) != subject.entry.shape[0]
        ):
            return nan
        means = subject.moment.checkpoint[entry.path].values.astype(np.float64)
        counts = np.array([sizes[each] for each in entry.classes])
        return between_share(means.reshape(len(counts), -1), counts, statistics.norm)


def between_share(
    means: np.typing.NDArray[np.float64], counts: np.typing.NDArray[np.int64], norm: float
) -> float:
    """Return the variation between classes over all variation, from class means (class, value)."""
    grand = counts.sum() * np.square(counts @ means / counts.sum()).sum()
    square = norm * norm
    total = square - grand
    if not LEAST * square < total < inf:
        return nan
    return float(np.clip((counts @ np.square(means).sum(axis=1) - grand) / total, 0, 1))
