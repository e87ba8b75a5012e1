"""How evenly the values fill their range."""

from math import nan

import numpy as np
from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.measure import StatisticsMeasure
from inspectree.server.interestingness.subjects import Variable


class Entropy(StatisticsMeasure):
    """How evenly the values fill their range: Shannon's entropy of the stored histogram, in bits.

    With 64 bins between the extremes it is from 0 (all in one bin) to 6 (as many in each). It sees the
    shape, not the scale; of fewer than some hundred values it is the lower, the fewer there are.
    """

    name = "entropy"
    title = "Entropy"
    description = "How evenly the values fill their range: bits of the stored histogram, 0 to 6."

    @override
    def of(self, statistics: Statistics, variable: Variable) -> float:
        counts = statistics.histogram[statistics.histogram > 0]
        total = counts.sum()
        # log₂ of the total less the mean log₂ of the counts: exactly 0 where there is one bin
        return float(np.log2(total) - counts @ np.log2(counts) / total) if total else nan
