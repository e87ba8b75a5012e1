"""How far a weight has moved since training began."""

from math import inf, isnan, nan

import numpy as np
from typing_extensions import override

from inspectree.server.interestingness.measure import WEIGHTS, ZERO, VariableMeasure
from inspectree.server.interestingness.subjects import Variable


class Change(VariableMeasure):
    """How far a weight has moved since training began.

    The Euclidean norm of the difference to the first checkpoint, relative to the norm there. It is infinite
    of what has become NaN.
    """

    name = "change"
    title = "Change"
    description = "How far a weight is from where it began, relative to its norm there."
    kinds = WEIGHTS
    source = "values"
    baseline = ZERO
    without = "at the first checkpoint it was 0 or not finite, was not there, or had another shape"
    temporal = True

    @override
    def observe(self, subject: Variable) -> float:
        return distance(subject, subject.at(subject.moment.first))


def distance(variable: Variable, before: Variable | None) -> float:
    """Return the norm of the difference relative to the norm before; NaN where they cannot be compared."""
    if before is None or before.entry.shape != variable.entry.shape:
        return nan
    old = _values(before)
    norm = float(np.linalg.norm(old))
    if not 0 < norm < inf:
        return nan
    moved = float(np.linalg.norm(_values(variable) - old))
    return inf if isnan(moved) else moved / norm  # what has become NaN has moved farther than anything


def _values(variable: Variable) -> np.typing.NDArray[np.float64]:
    values = variable.moment.checkpoint[variable.entry.path].values
    return np.asarray(values, np.float64).ravel()
