"""Many whole numbers in a few characters: ``1-3,7`` is 1, 2, 3 and 7."""

import re
from collections.abc import Iterable

RANGE = re.compile(r"([0-9]{1,9})(?:-([0-9]{1,9}))?")

MOST = 100_000
"""Numbers that a text may stand for: it may come from anybody."""


def compact(numbers: Iterable[int]) -> str:
    """Return numbers as text, in order."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in runs)


def spread(text: str) -> tuple[int, ...]:
    """Return the numbers that a text stands for; none where it is no such text, or stands for too many."""
    found: set[int] = set()
    for part in text.split(","):
        match = RANGE.fullmatch(part)
        if match is None:
            return ()
        first, last = int(match[1]), int(match[2] or match[1])
        if last - first + len(found) >= MOST:
            return ()
        found.update(range(first, last + 1))
    return tuple(sorted(found))
