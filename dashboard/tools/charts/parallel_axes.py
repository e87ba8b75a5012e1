"""The axes of parallel coordinates: where a value lies along one, and what is written beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, log10

from inspectree.dashboard.tools.questions.hyperparameters import Value

RATIO = 100
"""From so many times the smallest value on an axis is logarithmic."""

MOST_WORDS = 6
LONGEST = 12


@dataclass(frozen=True)
class Axis:
    """A name, the place of each model's value from 0 to 1 (None: it has none), and marks at places."""

    name: str
    places: tuple[float | None, ...]
    texts: tuple[str, ...]
    marks: tuple[tuple[float, str], ...]


def axis_of(name: str, values: Sequence[Value]) -> Axis:
    """Return the axis of values: of numbers where all that are known are such, else of words."""
    known = [value for value in values if value is not None]
    if all(isinstance(value, int | float) for value in known):
        return _of_numbers(name, [_finite(value) for value in values])
    return _of_words(name, [None if value is None else _text(value) for value in values])


def _finite(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) and isfinite(value) else None


def _of_numbers(name: str, values: Sequence[float | None]) -> Axis:
    known = [value for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 0.0)
    log = low > 0 and high / low >= RATIO
    places = tuple(None if value is None else _place(value, low, high, log=log) for value in values)
    ends = {_place(end, low, high, log=log): _text(end) for end in (low, high)} if known else {}
    return Axis(
        name, places, tuple("–" if value is None else _text(value) for value in values), tuple(ends.items())
    )


def _place(value: float, low: float, high: float, *, log: bool) -> float:
    if low == high:
        return 0.5
    if log:
        value, low, high = log10(value), log10(low), log10(high)
    return (value - low) / (high - low)


def _of_words(name: str, values: Sequence[str | None]) -> Axis:
    words = list(dict.fromkeys(value for value in values if value is not None))
    spread = {word: place / (len(words) - 1) if len(words) > 1 else 0.5 for place, word in enumerate(words)}
    marked = words if len(words) <= MOST_WORDS else [words[0], words[-1]]
    return Axis(
        name,
        tuple(None if value is None else spread[value] for value in values),
        tuple("–" if value is None else value for value in values),
        tuple((spread[word], word if len(word) <= LONGEST else f"{word[: LONGEST - 1]}…") for word in marked),
    )


def _text(value: float | str) -> str:
    if isinstance(value, str):
        return value
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:.3g}"
