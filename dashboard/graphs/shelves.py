"""Frames that have nothing to do with each other, in rows like books on shelves."""

from collections.abc import Sequence
from itertools import accumulate
from math import log

from inspectree.dashboard.graphs.layered import Point

ASPECT = 1.35
"""Width over height that the whole makes for: about that of the inspection panel."""


def shelves(sizes: Sequence[Point], gap: float) -> list[Point]:
    """Return the left upper corner of each (width, height), in reading order.

    Of all widths at which a first shelf can end, the one that makes the whole of the wanted shape.
    """
    ends = accumulate(width + gap for width, _ in sizes)
    widest = max((width for width, _ in sizes), default=0.0)
    room = {max(widest, end - gap) for end in ends}
    options = [_filled(sizes, gap, width) for width in _sampled(sorted(room))]
    return min(options, key=lambda corners: _misfit(corners, sizes), default=[])


def _sampled(widths: Sequence[float], most: int = 60) -> Sequence[float]:
    """Return some of the widths, from all over."""
    return widths[:: max(1, len(widths) // most)]


def _filled(sizes: Sequence[Point], gap: float, room: float) -> list[Point]:
    corners: list[Point] = []
    left = top = height = 0.0
    for width, high in sizes:
        if left > 0 and left + width > room:
            left, top, height = 0.0, top + height + gap, 0.0
        corners.append((left, top))
        left, height = left + width + gap, max(height, high)
    return corners


def _misfit(corners: Sequence[Point], sizes: Sequence[Point]) -> float:
    right = max(left + width for (left, _), (width, _) in zip(corners, sizes, strict=True))
    bottom = max(top + height for (_, top), (_, height) in zip(corners, sizes, strict=True))
    return abs(log(right / bottom / ASPECT))
