"""Files that are almost as they were written: cut, flipped, filled and mixed up, the same ones every time."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal

from inspectree.logger.store.digest import SIZE, sealed

STRUCTURE = (b"TREE", b"SNOD", b"HEAP", b"OHDR", b"GCOL", b"FRHP")
"""How HDF5 begins what tells where everything is: damage is worst there, and all else is mostly values."""

NEAR = 320
"""Bytes behind such a beginning that belong to it, about."""

File = Literal["model", "checkpoint", "history"]
Change = Callable[[bytearray, Random, int], None]


@dataclass(frozen=True)
class Variant:
    """One damaged file of one model: ``honest`` where its digest is the one that it had before."""

    number: int
    file: File
    honest: bool
    kind: str

    def made_of(self, content: bytes) -> bytes:
        """Return the damaged content of a file."""
        random, damaged = Random(self.number), bytearray(content)
        CHANGES[self.kind](damaged, random, _place(content, random))
        if not self.honest and len(damaged) > SIZE:
            sealed(memoryview(damaged))
        return bytes(damaged)


def variants(count: int, file: File, *, honest: bool, start: int = 0) -> list[Variant]:
    """Return so many variants of one file, of every kind in turn."""
    kinds = list(CHANGES)
    return [Variant(start + n, file, honest, kinds[n % len(kinds)]) for n in range(count)]


def _place(content: bytes, random: Random) -> int:
    """Return a place in a file, mostly one in its structure."""
    begins = [place for word in STRUCTURE for place in _all(content, word)]
    if begins and random.random() < 0.7:
        return min(len(content) - 8, random.choice(begins) + random.randrange(NEAR))
    return random.randrange(min(SIZE, len(content) // 4), len(content) - 8)


def _all(content: bytes, word: bytes) -> list[int]:
    places, place = [], content.find(word)
    while place >= 0:
        places.append(place)
        place = content.find(word, place + 1)
    return places


def _bit(content: bytearray, random: Random, at: int) -> None:
    content[at] ^= 1 << random.randrange(8)


def _byte(content: bytearray, random: Random, at: int) -> None:
    content[at] = random.choice([0, 255, random.randrange(256)])


def _number(content: bytearray, random: Random, at: int) -> None:
    """Write a number of 2, 4 or 8 bytes: none, the largest of all, or a place in the file."""
    width = random.choice([2, 4, 8])
    values = [0, 1, 2 ** (8 * width) - 1, 2 ** (8 * width - 1) - 1, random.randrange(len(content))]
    content[at : at + width] = random.choice(values).to_bytes(8, "little")[:width]


def _many(content: bytearray, random: Random, at: int) -> None:
    for _ in range(random.randrange(2, 30)):
        _byte(content, random, random.randrange(min(SIZE, at), len(content)))


def _zeros(content: bytearray, random: Random, at: int) -> None:
    end = min(len(content), at + random.choice([8, 64, 1024]))
    content[at:end] = bytes(end - at)


def _copy(content: bytearray, random: Random, at: int) -> None:
    """Write what stands somewhere else."""
    length, source = random.choice([8, 64, 512]), random.randrange(len(content))
    piece = content[source : source + length]
    content[at : at + len(piece)] = piece


def _insert(content: bytearray, random: Random, at: int) -> None:
    content[at:at] = random.randbytes(random.choice([1, 7, 64]))


def _cut(content: bytearray, random: Random, at: int) -> None:
    del content[at:]


def _remove(content: bytearray, random: Random, at: int) -> None:
    del content[at : at + random.choice([1, 8, 512])]


CHANGES: dict[str, Change] = {
    "bit": _bit,
    "byte": _byte,
    "number": _number,
    "many": _many,
    "zeros": _zeros,
    "copy": _copy,
    "insert": _insert,
    "cut": _cut,
    "remove": _remove,
}
