"""Which checkpoints of a store can go, and how they go."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inspectree.logger.store.layout import SAVED, checkpoint_file
from inspectree.server.errors import RequestError, UnknownUnitError
from inspectree.server.model import Model
from inspectree.server.store import Store

WORDS = ("first", "last", "best")
EVERY = re.compile(r"every:(0*[1-9][0-9]*)")


@dataclass(frozen=True)
class Keep:
    """What stays: checkpoints by the words that a unit of analysis knows, and every n-th number from 0."""

    words: tuple[str, ...] = WORDS
    every: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Keep":
        """Return what ``first,last,best,every:5`` says.

        Raises
        ------
        RequestError
            When a part of it is none of these.
        """
        words, every = [], None
        for part in (part.strip() for part in text.split(",")):
            if part in WORDS:
                words.append(part)
            elif (step := EVERY.fullmatch(part)) is not None:
                every = int(step[1])
            else:
                raise RequestError(f"{part!r} is nothing to keep: write first, last, best, every:N")
        return cls(tuple(words), every)

    def numbers(self, model: Model) -> set[int]:
        """Return the numbers of the checkpoints that stay; a word that fits none keeps none."""
        kept = {number for number in model.checkpoint_numbers if self.every and number % self.every == 0}
        for word in self.words:
            try:
                kept.add(model.checkpoint(word).number)
            except UnknownUnitError:
                continue
        return kept


@dataclass(frozen=True)
class Pruning:
    """The files of one model that go: checkpoints, and the saved models that belong to them."""

    model: Model
    numbers: tuple[int, ...]

    @property
    def files(self) -> list[Path]:
        """Return them; no other file needs them, for a checkpoint links to its own ``model.h5`` only."""
        folder = self.model.folder
        pairs = ((checkpoint_file(folder, n), folder / SAVED / f"{n:06d}.keras") for n in self.numbers)
        return [path for pair in pairs for path in pair if path.exists()]

    @property
    def nbytes(self) -> int:
        """Return the bytes that become free."""
        return sum(path.stat().st_size for path in self.files)

    def carry_out(self) -> None:
        """Delete the files."""
        for path in self.files:
            path.unlink()


def prunings(store: Store, keep: Keep) -> Iterator[Pruning]:
    """Yield what goes, model by model.

    A model that is being trained stays as it is, and so does one of which nothing would be left.
    """
    for model in store.models:
        kept = set() if model.state == "training" else keep.numbers(model)
        gone = tuple(number for number in model.checkpoint_numbers if number not in kept)
        if kept and gone:
            yield Pruning(model, gone)
