"""Where to look first: measures of variables, scored and propagated. `MEASURES` lists every measure."""

from inspectree.server.interestingness.base import Measure
from inspectree.server.interestingness.change import Change
from inspectree.server.interestingness.descriptors import (
    Kurtosis,
    Maximum,
    Minimum,
    Skew,
    Sparsity,
    Variance,
)
from inspectree.server.interestingness.saturation import Saturation

MEASURES: tuple[Measure, ...] = (
    Variance(),
    Skew(),
    Kurtosis(),
    Minimum(),
    Maximum(),
    Sparsity(),
    Saturation(),
    Change(),
)

__all__ = ["MEASURES", "Measure"]
