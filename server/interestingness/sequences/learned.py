"""The layer sequences of keras.applications, as they are shipped."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from inspectree.server.interestingness.sequences.words import Path

FILE = "applications.json"
FORMAT = "1.0"


class Learned(NamedTuple):
    """Where paths were looked for, and in how many architectures each was found."""

    keras: str
    architectures: tuple[str, ...]
    counts: Counter[Path]


@cache
def learned() -> Learned:
    """Return what is shipped with inspectree."""
    return decode(files("inspectree.server.interestingness.sequences").joinpath(FILE).read_bytes())


def encode(known: Learned) -> bytes:
    """Return the file: words once, by frequency and name, and counts ``[before, previous, word, number]``."""
    frequency = Counter(word for path in known.counts for word in path)
    words = sorted(frequency, key=lambda word: (-frequency[word], word))
    number = {word: index for index, word in enumerate(words)}
    rows = sorted([*(number[word] for word in path), times] for path, times in known.counts.items())
    head = {"kind": "layer sequences", "version": FORMAT, "keras": known.keras}
    parts = [
        *(f'"{key}": {json.dumps(value)}' for key, value in head.items()),
        f'"architectures": [{_lines(known.architectures)}]',
        f'"words": [{_lines(words)}]',
        f'"counts": [{_lines(rows)}]',
    ]
    return ("{" + ",\n".join(parts) + "}\n").encode()


def decode(text: bytes) -> Learned:
    """Return what a file holds."""
    content: Mapping[str, Any] = json.loads(text)
    words = content["words"]
    counts = Counter({Path(words[a], words[b], words[c]): times for a, b, c, times in content["counts"]})
    return Learned(content["keras"], tuple(content["architectures"]), counts)


def _lines(items: Iterable[Any], per_line: int = 12) -> str:
    """Return JSON of several items per line: short, and differences can be read."""
    texts = [json.dumps(item, separators=(",", ":")) for item in items]
    return ",\n".join(", ".join(texts[at : at + per_line]) for at in range(0, len(texts), per_line))
