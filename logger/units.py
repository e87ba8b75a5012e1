"""What is known of every unit (neuron, channel, filter) of a tensor by itself."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.logger.store.record import Array

Units = NDArray[np.void]
"""One record of `DTYPE` per unit."""

DTYPE = np.dtype(
    [
        ("finite", "<i8"),
        ("zeros", "<i8"),
        ("mean", "<f8"),
        ("variance", "<f8"),
        ("minimum", "<f8"),
        ("maximum", "<f8"),
    ]
)
"""How unit statistics stand in a file (docs/format.md)."""

FEATURES = ("channel", "unit", "out")
BLOCK = 1 << 20
"""Values that are described at once: in float64 they need eight times as many bytes."""


def unit_axis(dims: Sequence[str]) -> int | None:
    """Return the axis of the units; None where each value is a unit, or nothing is known of the axes."""
    found = [axis for axis, dim in enumerate(dims) if dim in FEATURES]
    return found[-1] if found and len(dims) > 1 else None


def describe_units(values: Array, axis: int) -> Units:
    """Return the statistics of each unit along ``axis`` over all other axes; without finite values NaN."""
    rows = np.moveaxis(values, axis, 0).reshape(values.shape[axis], -1)
    step = max(1, BLOCK // max(1, rows.shape[1]))
    blocks = [_described(rows[start : start + step]) for start in range(0, len(rows), step)]
    return np.concatenate(blocks) if blocks else np.zeros(0, DTYPE)


def _described(rows: Array) -> Units:
    """Describe each row (unit, value)."""
    wide = rows.astype(np.float64)
    finite = np.isfinite(wide)
    described = np.zeros(len(rows), DTYPE)
    described["finite"] = finite.sum(axis=1)
    described["zeros"] = (wide == 0).sum(axis=1)
    described["minimum"] = np.where(finite, wide, np.inf).min(axis=1, initial=np.inf)
    described["maximum"] = np.where(finite, wide, -np.inf).max(axis=1, initial=-np.inf)
    wide[~finite] = 0
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        described["mean"] = wide.sum(axis=1) / described["finite"]
        wide -= described["mean"][:, None]
        described["variance"] = (np.square(wide) * finite).sum(axis=1) / described["finite"]
    return _without_empty(described)


def merged(parts: Sequence[Units]) -> Units:
    """Return the statistics of all values from those of parts of them.

    The variances are joined by the parallel algorithm of Chan, Golub and LeVeque (1979).
    """
    counts = np.stack([part["finite"] for part in parts])
    joined = np.zeros(len(parts[0]), DTYPE)
    joined["finite"] = counts.sum(axis=0)
    joined["zeros"] = sum(part["zeros"] for part in parts)
    joined["minimum"] = np.fmin.reduce([part["minimum"] for part in parts])
    joined["maximum"] = np.fmax.reduce([part["maximum"] for part in parts])
    means, within = (np.nan_to_num([part[name] for part in parts]) for name in ("mean", "variance"))
    with np.errstate(invalid="ignore", divide="ignore"):
        joined["mean"] = (counts * means).sum(axis=0) / joined["finite"]
        squares = counts * (within + np.square(means - joined["mean"]))
        joined["variance"] = squares.sum(axis=0) / joined["finite"]
    return _without_empty(joined)


def as_units(**fields: Any) -> Units:
    """Return the record of every unit from its fields (unit)."""
    units = np.zeros(len(next(iter(fields.values()))), DTYPE)
    for name, values in fields.items():
        units[name] = values
    return units


def _without_empty(units: Units) -> Units:
    empty = units["finite"] == 0
    for name in ("mean", "variance", "minimum", "maximum"):
        units[name][empty] = np.nan
    return units
