"""Axes that go together as the last one of a table."""

from collections.abc import Callable

import numpy as np

from inspectree.server.grammar.groups import Axes, Values


def rows(values: Values, axes: Axes) -> Values:
    """Return values whose last axis is all these axes; the others stay in their order."""
    kept = [axis for axis in range(values.ndim) if axis not in axes]
    return values.transpose(*kept, *axes).reshape(*(values.shape[axis] for axis in kept), -1)


def filled_rows(values: Values, axes: Axes) -> Values:
    """Return such rows, NaN where they are masked: only what is not finite is, which whole numbers are."""
    table = rows(values, axes)
    return np.ma.filled(table, np.nan) if table.dtype.kind == "f" else np.ma.getdata(table)


def map_rows(values: Values, axes: Axes, function: Callable[[Values], Values]) -> Values:
    """Return what a function makes of the table of these axes, in the shape of the values."""
    order = [*(axis for axis in range(values.ndim) if axis not in axes), *axes]
    shape = [values.shape[axis] for axis in order]
    return function(rows(values, axes)).reshape(shape).transpose(np.argsort(order))
