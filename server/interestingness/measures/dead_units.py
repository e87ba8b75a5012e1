"""The share of units that never fire."""

from math import nan

import numpy as np
from typing_extensions import override

from inspectree.logger.errors import StoreError
from inspectree.server.interestingness.measure import ACTIVATIONS, ZERO, VariableMeasure
from inspectree.server.interestingness.subjects import Variable


class DeadUnits(VariableMeasure):
    """The share of units whose output is the same for all samples, at all positions.

    A ReLU that never fires is one of them. Units whose outputs are all NaN or infinite count as neither.
    """

    name = "dead_units"
    title = "Dead units"
    description = "The share of units that never fire: their output is the same for all samples."
    kinds = ACTIVATIONS
    source = "unit statistics"
    baseline = ZERO
    without = "no statistics of its units are stored"

    @override
    def observe(self, subject: Variable) -> float:
        try:
            units = subject.moment.checkpoint.unit_statistics(subject.entry.path)
        except StoreError:  # of such a shape that no axis tells its units apart
            return nan
        known = units["finite"].to_numpy() > 0
        constant = units["minimum"].to_numpy() == units["maximum"].to_numpy()
        return float(np.mean(constant[known])) if known.any() else nan
