"""How evenly values are spread."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field
from typing_extensions import override

from inspectree.logger.statistics import BINS, Statistics
from inspectree.server.errors import PipelineError
from inspectree.server.grammar.counting import Floats, count, equal_edges, extent
from inspectree.server.grammar.groups import Axes, Values
from inspectree.server.grammar.reduce import Reduce
from inspectree.server.grammar.rows import filled_rows


class Entropy(Reduce):
    """Shannon entropy in bits: of the values' histogram, or of the values as probabilities.

    A histogram has equal bins from the smallest to the largest value; its entropy is 0 where all values
    are in one bin, and log2(bins) where each bin has as many. Probabilities are the values' shares of their
    sum; NaN where one is negative or all are 0.
    """

    example: ClassVar[Mapping[str, Any]] = {"op": "entropy", "over": ["sample", "y", "x"], "bins": 32}

    op: Literal["entropy"] = "entropy"
    of: Annotated[Literal["histogram", "probabilities"], Field(description="what the entropy is of")] = (
        "histogram"
    )
    bins: Annotated[int, Field(ge=1, le=10_000, description="number of the histogram's bins")] = BINS

    @override
    def _reduce(self, values: Values, axes: Axes) -> Values:
        table = filled_rows(values, axes)
        if self.of == "histogram":
            return np.apply_along_axis(self._of_row, -1, table)
        return entropy(np.where(np.isfinite(table), table, 0).astype(np.float64))

    def _of_row(self, row: Values) -> float:
        floats: Floats = row if row.dtype.kind == "f" else row.astype(np.float64)
        if (ends := extent(floats)) is None:
            return np.nan
        try:
            edges = equal_edges(floats.dtype, self.bins, ends)
        except PipelineError:  # so few different values are so close that each has a bin of its own
            return float(entropy(np.unique(floats[np.isfinite(floats)], return_counts=True)[1]))
        return float(entropy(count(floats, edges)))

    @override
    def _stored(self, statistics: Statistics) -> float | None:
        if self.of != "histogram" or self.bins != BINS:
            return None
        return float(entropy(statistics.histogram))


def entropy(weights: Values) -> Values:
    """Return the entropy in bits of weights along the last axis; NaN where they make no probabilities."""
    total = weights.sum(axis=-1, keepdims=True)
    shares = weights / np.where(total > 0, total, np.nan)
    information = shares * np.log2(shares, out=np.zeros_like(shares), where=shares != 0)
    return np.asarray(0.0 - information.sum(axis=-1))
