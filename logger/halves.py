"""Float16 values by how often each occurs: there are so few that one pass tells all of a tensor."""

import numpy as np
from numpy.typing import NDArray

Halves = NDArray[np.float16]

PATTERNS = 1 << 16
CHUNK = 1 << 18
"""Values that are counted at once: NumPy widens them to 64 bits, which should not leave the cache."""

_VALUES = np.arange(PATTERNS, dtype=np.uint16).view(np.float16).astype(np.float64)
_ASCENDING = np.argsort(_VALUES, kind="stable")
_FINITE = _ASCENDING[np.isfinite(_VALUES[_ASCENDING])]


def counted(values: Halves) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the finite values that occur (value), ascending, and how often each does (value)."""
    patterns = np.ascontiguousarray(values).reshape(-1).view(np.uint16)
    table = np.zeros(PATTERNS, np.int64)
    for start in range(0, patterns.size, CHUNK):
        table += np.bincount(patterns[start : start + CHUNK], minlength=PATTERNS)
    counts = table[_FINITE]
    present = np.flatnonzero(counts)
    return _VALUES[_FINITE][present], counts[present]
