"""Which precision values can be rounded to without losing what they say."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.logger.store.record import Array


def rounded(values: Array, precision: str) -> Array:
    """Return values in the first of ``precision`` and float32 whose range they fit, else as they are."""
    if values.dtype.kind != "f":
        return values
    for dtype in (np.dtype(precision), np.dtype(np.float32)):
        if dtype.itemsize < values.dtype.itemsize and fits(values, dtype):
            return values.astype(dtype)
    return values


def fits(values: NDArray[Any], dtype: np.dtype[Any]) -> bool:
    """Tell whether no finite value is too large for ``dtype``, and not most of those but 0 are too small."""
    return _largest(values) <= float(np.finfo(dtype).max) and not _mostly_subnormal(values, dtype)


def _largest(values: NDArray[Any]) -> float:
    """Return the largest finite magnitude; NaN and infinities survive any rounding."""
    with np.errstate(invalid="ignore"):
        largest = max(-float(np.nanmin(values, initial=0)), float(np.nanmax(values, initial=0)))
    if np.isfinite(largest):
        return largest
    return float(np.abs(values[np.isfinite(values)]).max(initial=0))


def _mostly_subnormal(values: NDArray[Any], dtype: np.dtype[Any]) -> bool:
    """Tell whether ``dtype`` would lose digits, or all, of more than half of the finite values but 0."""
    least = float(np.finfo(dtype).smallest_normal)
    nonzero = int(np.count_nonzero(values))
    small = int(np.count_nonzero((values < least) & (values > -least))) - (values.size - nonzero)
    if small == 0:
        return False
    return 2 * small > nonzero - int(np.count_nonzero(~np.isfinite(values)))
