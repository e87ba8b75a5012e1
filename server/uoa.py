"""The address of a unit of analysis: ``MODEL[@CHECKPOINT][/LAYER…[/VARIABLE]][#UNIT]``."""

from dataclasses import dataclass, replace

from inspectree.logger.store.layout import decode, encode
from inspectree.server.errors import UnitError

CHECKPOINT_WORDS = ("last", "first", "best")


@dataclass(frozen=True)
class UnitOfAnalysis:
    """An address, taken apart. Names are as people gave them; `str` percent-encodes them again.

    ``model`` is an id, a prefix of one, or a name. ``checkpoint`` None stands for ``last``. ``path`` holds
    the names from the layer down to the variable; which of them is which only a store can tell.
    """

    model: str
    checkpoint: int | str | None = None
    path: tuple[str, ...] = ()
    unit: int | None = None

    def __str__(self) -> str:
        checkpoint = "" if self.checkpoint is None else f"@{self.checkpoint}"
        unit = "" if self.unit is None else f"#{self.unit}"
        return "/".join([encode(self.model) + checkpoint, *map(encode, self.path)]) + unit

    @property
    def encoded_path(self) -> str:
        """Return the path as the ids of layers and variables are written."""
        return "/".join(map(encode, self.path))

    def at(self, checkpoint: int | str | None) -> "UnitOfAnalysis":
        """Return the same unit at another checkpoint."""
        return replace(self, checkpoint=checkpoint)

    @classmethod
    def parse(cls, text: str) -> "UnitOfAnalysis":
        """Take an address apart.

        Raises
        ------
        UnitError
            When it is not written correctly; names the part that is wrong.
        """
        address, hash_sign, unit = text.partition("#")
        head, *path = address.split("/")
        model, at_sign, checkpoint = head.partition("@")
        if not model:
            raise UnitError(
                f"{text!r} names no model: write MODEL[@CHECKPOINT][/LAYER[/VARIABLE]][#UNIT]", text
            )
        if not all(path):
            raise UnitError(f"{text!r} has an empty name between two slashes", text)
        return cls(
            model=decode(model),
            checkpoint=parse_checkpoint(checkpoint, text) if at_sign else None,
            path=tuple(map(decode, path)),
            unit=_unit(unit, text) if hash_sign else None,
        )


def parse_checkpoint(word: str, text: str) -> int | str:
    """Return the number or the word that stands for a checkpoint; ``text`` is what it was given in.

    Raises
    ------
    UnitError
        When it is neither.
    """
    if word in CHECKPOINT_WORDS:
        return word
    if word.isascii() and word.isdigit():
        return int(word)
    raise UnitError(
        f"{text!r}: {word!r} is no checkpoint: write a number, {', '.join(CHECKPOINT_WORDS)}", text
    )


def _unit(word: str, text: str) -> int:
    if word.isascii() and word.isdigit():
        return int(word)
    raise UnitError(f"{text!r}: {word!r} is no unit: write a number from 0", text)
