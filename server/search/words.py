"""Words of names and texts, and how well a word that is looked for fits one."""

import difflib
import re
from collections.abc import Iterable, Iterator

WORD = re.compile(r"[^\W_]+")
HUMP = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+[A-Z]?")

LEAST_INSIDE = 3
"""Letters that a word needs to be found inside of others."""

ALIKE = 0.72
"""How alike a misspelt word and the right one are at least (the ratio of `difflib`)."""


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the words of a text in lower case, each with where it begins and ends.

    A part between blanks is one word, and so are its own parts: of ``MaxPooling2D_1`` these are ``Max``,
    ``Pooling``, ``2D``, ``MaxPooling2D`` and ``1``.
    """
    for piece in re.finditer(r"\S+", text):
        yield piece.group().lower(), piece.start(), piece.end()
        for word in WORD.finditer(text, piece.start(), piece.end()):
            if word.group() != piece.group():
                yield word.group().lower(), word.start(), word.end()
            for hump in HUMP.finditer(text, word.start(), word.end()):
                if hump.group() != word.group():
                    yield hump.group().lower(), hump.start(), hump.end()


def fitting(wanted: str, known: Iterable[str]) -> dict[str, float]:
    """Return the words that fit one that is looked for, from 0 (not) to 1 (the same).

    A beginning fits better than a part in the middle; only where nothing does are words taken that are
    spelt alike.
    """
    names = list(known)
    found = {name: _share(wanted, name) for name in names if wanted in name}
    found = {name: share for name, share in found.items() if share}
    if found:
        return found
    near = difflib.get_close_matches(wanted, names, n=8, cutoff=ALIKE)
    return {name: 0.5 * difflib.SequenceMatcher(None, wanted, name).ratio() for name in near}


def _share(wanted: str, name: str) -> float:
    length = len(wanted) / len(name)
    if length == 1:
        return 1.0
    if name.startswith(wanted):
        return 0.6 + 0.3 * length
    return 0.3 + 0.2 * length if len(wanted) >= LEAST_INSIDE else 0.0
