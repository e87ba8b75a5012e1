"""Of which kind data are, and how one sample of each kind is seen."""

from collections.abc import Sequence
from typing import Any, Literal, NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.images import GREY, extremes, uri
from inspectree.dashboard.samples import drawings

Values = NDArray[Any]

Kind = Literal["text", "tokens", "image", "series", "vector", "map", "number"]

MOST_LINES = 8
"""Channels of a series that are told apart as lines; of more it is a map."""

MOST_BARS = 64
MOST_TEXT = 400
"""Characters of a text."""

COLORS = (1, 3, 4)
"""Channels of an image: grey, colour, colour with transparency."""


class Seen(TypedDict):
    """How a sample is seen: as an image or as words."""

    src: NotRequired[str]
    text: NotRequired[str]


def kind_of(shape: Sequence[int], dtype: np.dtype[Any], *, words: bool = False) -> Kind:
    """Return of which kind samples of a shape are; ``words`` says that their numbers stand for such."""
    if dtype.kind not in "biuf":
        return "text"
    if words and len(shape) <= 1:
        return "tokens"
    if not shape or shape == (1,):
        return "number"
    if len(shape) == 1:
        return "vector" if shape[0] <= MOST_BARS else "map"
    if len(shape) == 2:
        return "series" if shape[1] <= MOST_LINES else "image" if shape[0] > 1 else "map"
    return "image" if len(shape) == 3 and _color_axis(shape) is not None else "map"


def see(values: Values, kind: Kind, limits: tuple[float, float], words: Sequence[str] = ()) -> Seen:
    """Return one sample as it is seen; ``limits`` are those of all that are shown beside it."""
    if kind == "text":
        return {"text": cut(" ".join(map(str, values.reshape(-1))))}
    if kind == "tokens":
        return {"text": cut(as_text(values.reshape(-1), words))}
    if kind == "number":
        return {"text": f"{float(values.reshape(-1)[0]):.4g}"}
    if kind == "vector":
        return {"src": drawings.bars(values.reshape(-1).astype(np.float64), limits)}
    if kind == "series":
        return {"src": drawings.series(values.astype(np.float64), limits)}
    pixels = as_image(values) if kind == "image" else None
    return {"src": uri(flattened(values) if pixels is None else pixels, GREY)}


def as_image(values: Values) -> Values | None:
    """Return values (y, x), (y, x, channel) or (channel, y, x) as an image; None where they are not such."""
    axis = _color_axis(values.shape) if values.ndim == 3 else None
    if axis is not None:
        values = np.moveaxis(values, axis, -1)
        values = values[..., 0] if values.shape[-1] == 1 else values[..., :3]
    fits = values.ndim == 2 or axis is not None
    return values.astype(np.float32) if fits and min(values.shape[:2]) > 1 else None


def _color_axis(shape: Sequence[int]) -> int | None:
    """Return which of three axes holds the colours; the last one, or the first where only that can."""
    if shape[-1] in COLORS and min(shape[:2]) > 1:
        return -1
    return 0 if shape[0] in (1, 3) and min(shape[1:]) > 1 else None


def flattened(values: Values) -> Values:
    """Return values in rows: the first axis downwards; a vector in as many rows as columns, about."""
    if values.ndim != 1:
        return values.reshape(len(values), -1).astype(np.float32)
    width = int(np.ceil(np.sqrt(len(values))))
    rows = np.full((-(-len(values) // width), width), np.nan, np.float32)
    rows.reshape(-1)[: len(values)] = values
    return rows


def as_text(numbers: Values, words: Sequence[str]) -> str:
    """Return the words of a sequence without the padding (0) at its ends; numbers without one as they are."""
    inside = np.flatnonzero(numbers)
    kept = numbers[inside[0] : inside[-1] + 1].astype(np.int64).tolist() if inside.size else []
    return " ".join((words[n] if 0 <= n < len(words) else "") or str(n) for n in kept)


def cut(text: str) -> str:
    """Return the begin of a text that is too long to be shown."""
    return text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"


def common_limits(values: Values) -> tuple[float, float]:
    """Return the lowest and the highest number of all samples; of words there is none."""
    return extremes(np.asarray(values, np.float64)) if values.dtype.kind in "biuf" else (0.0, 1.0)


def whole(values: Values) -> bool:
    """Tell whether all numbers are whole ones from 0 on, as those of a vocabulary are."""
    if values.dtype.kind in "iu":
        return bool((values >= 0).all())
    return values.dtype.kind == "f" and bool((np.isfinite(values) & (values >= 0) & (values % 1 == 0)).all())
