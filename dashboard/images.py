"""Arrays as small PNG images."""

from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.floating[Any]]

GREY = tuple((level, level, level) for level in range(256))

_STOPS = np.linspace(0, 1, 5)
_DARK_TO_BRIGHT = ((24, 28, 64), (38, 78, 140), (60, 150, 190), (240, 180, 90), (255, 250, 200))
ACTIVATION = tuple(
    tuple(int(np.interp(level, _STOPS, [stop[band] for stop in _DARK_TO_BRIGHT])) for band in range(3))
    for level in np.linspace(0, 1, 256)
)
"""Navy over teal and orange to cream: low to high activation."""

_SIGNED = ((37, 99, 199), (150, 184, 232), (245, 246, 248), (244, 164, 140), (214, 48, 49))
SIGNED = tuple(
    tuple(int(np.interp(level, _STOPS, [stop[band] for stop in _SIGNED])) for band in range(3))
    for level in np.linspace(0, 1, 256)
)
"""Blue below, white at, red above the middle: for weights."""

ROUNDING = 1e-6
"""Relative differences that are no more than the rounding of sums."""

Palette = Sequence[tuple[int, ...]]


def uri(pixels: Floats, palette: Palette = GREY, limits: tuple[float, float] | None = None) -> str:
    """Return an image (y, x) or (y, x, 3) as a data URI; ``limits`` become the ends of the palette."""
    return "data:image/png;base64," + b64encode(png(pixels, palette, limits)).decode()


def png(pixels: Floats, palette: Palette = GREY, limits: tuple[float, float] | None = None) -> bytes:
    """Return an image (y, x) or (y, x, 3) as PNG; ``limits`` are the palette's ends, else its extremes."""
    levels = _levels(pixels, limits or extremes(pixels))
    if pixels.ndim == 3:
        image = Image.fromarray(levels, "RGB")
    else:
        image = Image.fromarray(levels, "L").convert("P")
        image.putpalette([band for color in palette for band in color])
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def sheet(
    images: Sequence[Floats], palette: Palette, columns: int, limits: tuple[float, float] | None = None
) -> str:
    """Return equal-sized images (y, x) in rows of ``columns`` as one data URI, a pixel apart."""
    limits = limits or extremes(np.stack(images))
    height, width = images[0].shape
    colors = np.array([(*color, 255) for color in palette], np.uint8)
    lines = -(-len(images) // columns)
    canvas = np.zeros((lines * (height + 1) - 1, min(columns, len(images)) * (width + 1) - 1, 4), np.uint8)
    for index, pixels in enumerate(images):
        line, column = divmod(index, columns)
        top, left = line * (height + 1), column * (width + 1)
        canvas[top : top + height, left : left + width] = colors[_levels(pixels, limits)]
    buffer = BytesIO()
    Image.fromarray(canvas, "RGBA").save(buffer, "PNG")
    return "data:image/png;base64," + b64encode(buffer.getvalue()).decode()


def extremes(pixels: Floats) -> tuple[float, float]:
    """Return the lowest and the highest finite value; 0 and 1 where there is none."""
    finite = pixels[np.isfinite(pixels)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)


def symmetric(pixels: Floats) -> tuple[float, float]:
    """Return limits that put 0 in the middle of the palette."""
    low, high = extremes(pixels)
    most = max(abs(low), abs(high)) or 1.0
    return -most, most


def _levels(pixels: Floats, limits: tuple[float, float]) -> NDArray[np.uint8]:
    low, high = limits
    span = high - low
    if span <= ROUNDING * max(abs(low), abs(high)):
        span = 1.0  # one value, but for what summing in another order changes: not to be blown up
    finite = np.nan_to_num(pixels.astype(np.float64), nan=low, posinf=high, neginf=low)
    scaled = (finite - low) / span
    return np.asarray(np.clip(scaled, 0, 1) * 255, dtype=np.uint8)
