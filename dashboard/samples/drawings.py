"""Small drawings of series and vectors, as SVG in data URIs: they are read on light and on dark pages."""

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.colors import class_color

Floats = NDArray[np.floating[Any]]

SIZE = 64
MARGIN = 3
MOST_STEPS = 200
"""Steps of a series that are drawn: of longer ones evenly spaced ones."""

POSITIVE, NEGATIVE, ZERO = "#4c6ef5", "#f76707", "#8d98ab"
"""Bars upwards, bars downwards, and the line between them: mid-tones that show on any page."""

Limits = tuple[float, float]


def series(values: Floats, limits: Limits) -> str:
    """Return lines (time, channel) between ``limits``, one per channel; what is not finite interrupts it."""
    count = len(values)
    steps = np.unique(np.linspace(0, count - 1, min(count, MOST_STEPS)).round().astype(int))
    across = MARGIN + steps / max(1, count - 1) * (SIZE - 2 * MARGIN)
    parts = []
    for channel, heights in enumerate(values[steps].T):
        up = _heights(heights, limits)
        stroke = f'stroke="{class_color(channel)}" stroke-width="2" stroke-linejoin="round"'
        parts.append(f'<path fill="none" {stroke} d="{_path(across, up)}"/>')
    return _svg(parts)


def bars(values: Floats, limits: Limits) -> str:
    """Return bars (unit) up and down from 0, between ``limits``, which are widened to hold it."""
    limits = min(0.0, limits[0]), max(0.0, limits[1])
    zero = float(_heights(np.zeros(1), limits)[0])
    width = (SIZE - 2 * MARGIN) / max(1, len(values))
    parts = [f'<path stroke="{ZERO}" d="M{MARGIN} {zero:.2f}H{SIZE - MARGIN}"/>']
    for index, (value, up) in enumerate(zip(values, _heights(values, limits), strict=True)):
        if np.isfinite(value):
            color, top = (POSITIVE, up) if value >= 0 else (NEGATIVE, zero)
            left = MARGIN + index * width
            place = f'x="{left:.2f}" y="{top:.2f}" width="{max(width * 0.85, 0.6):.2f}"'
            parts.append(f'<rect {place} height="{max(abs(up - zero), 0.5):.2f}" fill="{color}"/>')
    return _svg(parts)


def _heights(values: Floats, limits: Limits) -> Floats:
    """Return how far from the top values lie; the lowest of the limits is at the bottom."""
    low, high = limits
    shares = (np.clip(values.astype(np.float64), low, high) - low) / ((high - low) or 1.0)
    return np.asarray(SIZE - MARGIN - shares * (SIZE - 2 * MARGIN))


def _path(across: Floats, up: Floats) -> str:
    """Return a path through points, which begins anew after each that is not finite."""
    drawn, pen = [], "M"
    for x, y in zip(across, up, strict=True):
        if np.isfinite(y):
            drawn.append(f"{pen}{x:.2f} {y:.2f}")
        pen = "L" if np.isfinite(y) else "M"
    return "".join(drawn)


def _svg(parts: Iterable[str]) -> str:
    text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">{"".join(parts)}</svg>'
    return "data:image/svg+xml;base64," + b64encode(text.encode()).decode()
