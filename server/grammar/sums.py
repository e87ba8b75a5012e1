"""Sums over axes in float64, whatever the values' dtype, a block at a time; what is masked doesn't count."""

from collections.abc import Callable, Iterator

import numpy as np

from inspectree.server.grammar.groups import Axes, Values

BLOCK = 1 << 17
"""Values that are worked on at once: in float64 they do not leave the processor's cache."""

ROUNDING = 1e-9
"""A standard deviation that is smaller than so much of the mean may be the mean's rounding alone."""


def total(values: Values, axes: Axes) -> Values:
    """Return the sum over axes, which disappear."""
    return np.asanyarray(values.sum(axes, dtype=np.float64))


def total_of_squares(values: Values, axes: Axes) -> Values:
    """Return the sum of squares over axes, which disappear."""
    values, axes = _flat(values, axes)

    def squares(block: Values, _: slice) -> list[Values]:
        return [np.square(block.astype(np.float64)).sum(axes)]

    return _added(values, axes, squares)[0]


def central_moments(values: Values, axes: Axes, highest: int) -> list[Values]:
    """Return the means of (value − mean) to the powers 2 to ``highest`` over axes, which disappear."""
    values, axes = _flat(values, axes)
    mean = values.mean(axes, dtype=np.float64, keepdims=True)

    def powers(block: Values, rows: slice) -> list[Values]:
        centred = block - (mean if 0 in axes else mean[rows])
        raised = centred.copy() if highest > 2 else centred
        sums = []
        for _ in range(highest - 1):
            raised *= centred
            sums.append(raised.sum(axes))
        return sums

    count = np.ma.count(values, axes)
    moments = [moment / count for moment in _added(values, axes, powers)]
    variance, scale = np.ma.filled(moments[0], 0), np.ma.filled(mean, 0).reshape(moments[0].shape)
    if ((variance > 0) & (variance <= (ROUNDING * scale) ** 2)).any():
        where = np.ma.where if isinstance(values, np.ma.MaskedArray) else np.where
        varies = values.min(axes) != values.max(axes)
        moments = [where(varies, moment, 0) for moment in moments]
    return moments


def _added(values: Values, axes: Axes, function: Callable[[Values, slice], list[Values]]) -> list[Values]:
    """Add up each of the sums over axes that the function gives of a block of rows and of where they are."""
    join = np.ma.concatenate if isinstance(values, np.ma.MaskedArray) else np.concatenate
    parts = [function(values[rows], rows) for rows in _blocks(values)]
    return [np.asanyarray(sum(sums)) if 0 in axes else join(sums) for sums in zip(*parts, strict=True)]


def _flat(values: Values, axes: Axes) -> tuple[Values, Axes]:
    """Return values that all go as one row: the blocks are then of equal size."""
    return (values.reshape(-1), (0,)) if values.ndim == len(axes) else (values, axes)


def _blocks(values: Values) -> Iterator[slice]:
    rows = max(1, BLOCK // max(1, values[0].size))
    for start in range(0, len(values), rows):
        yield slice(start, start + rows)
