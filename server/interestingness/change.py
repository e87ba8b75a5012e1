"""How far a weight has moved since training began."""

from math import nan

import numpy as np
from typing_extensions import override

from inspectree.server.interestingness.base import WEIGHTS, Measure, Variable


class Change(Measure):
    """The distance from the initial values, relative to these."""

    name = "change"
    title = "Change"
    description = "The norm of the difference to checkpoint 0, relative to the norm there; for weights."
    kinds = WEIGHTS
    baseline = 0.0

    @override
    def raw(self, variable: Variable) -> float:
        path = variable.entry.path
        if path not in variable.initial or variable.initial.entry(path).shape != variable.entry.shape:
            return nan
        before = variable.initial[path].values.astype(np.float64)
        norm = np.linalg.norm(before)
        if norm == 0:
            return nan
        return float(np.linalg.norm(variable.checkpoint[path].values - before) / norm)
