"""Axes that go together as the last one of a table."""

from inspectree.server.grammar.groups import Axes, Values


def rows(values: Values, axes: Axes) -> Values:
    """Return values whose last axis is all these axes; the others stay in their order."""
    kept = [axis for axis in range(values.ndim) if axis not in axes]
    return values.transpose(*kept, *axes).reshape(*(values.shape[axis] for axis in kept), -1)
