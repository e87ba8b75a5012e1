"""What one question may cost. Every limit has a name, a default, and can be set: ``--limit NAME=VALUE``."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Self

from pydantic import ByteSize, TypeAdapter

from inspectree.server.errors import LimitError
from inspectree.server.nearest import nearest

BYTES = ("read", "held", "body", "batch")
NOUNS = {"nesting": "levels"}
SIZE = TypeAdapter(ByteSize)


@dataclass(frozen=True)
class Limits:
    """What one question may cost; what labels the values counts, too.

    ``read`` are bytes read from files and ``held`` bytes in memory at once, ``body`` bytes of the question
    itself; ``elements`` an answer may have, ``seconds`` it may take, ``points`` may be projected;
    ``nesting`` is how deep pipelines may lie within one another, ``queries`` how many one batch may hold,
    ``batch`` the bytes of their answers, and ``units`` how many units of analysis one question is about.
    """

    read: int = 16 * 1024**3
    held: int = 2 * 1024**3
    body: int = 4 * 1024**2
    elements: int = 5_000_000
    seconds: int = 120
    points: int = 5_000
    nesting: int = 8
    queries: int = 200
    batch: int = 128 * 1024**2
    units: int = 2_000

    def check(self, name: str, cost: int, what: str, advice: str) -> None:
        """Refuse what costs more than the limit of this name; ``what`` would do so, ``advice`` is what helps.

        Raises
        ------
        LimitError
            Says how much it would be, what is allowed, what to do, and what the limit is called.
        """
        allowed = getattr(self, name)
        if cost > allowed:
            cost_, allowed_ = (_text(name, number) for number in (cost, allowed))
            raise LimitError(f"{what} {cost_}; {allowed_} are allowed (limit {name!r}): {advice}")

    def with_settings(self, settings: Iterable[str]) -> Self:
        """Return the limits with some set otherwise, as ``NAME=VALUE``; sizes may have a unit: ``held=4GB``.

        Raises
        ------
        LimitError
            When there is no such limit, or its value is no number above 0.
        """
        return replace(self, **dict(map(_parsed, settings)))


def _parsed(setting: str) -> tuple[str, int]:
    name, _, text = (part.strip() for part in setting.partition("="))
    names = [field.name for field in fields(Limits)]
    if name not in names:
        raise LimitError(f"{setting!r}: there is no limit {name!r}; {nearest(name, names)}")
    try:
        value = SIZE.validate_python(text) if name in BYTES else int(text)
    except ValueError:
        value = 0
    if value < 1:
        example = "4 GB" if name in BYTES else str(getattr(Limits(), name))
        raise LimitError(f"{setting!r}: the limit {name!r} is a number above 0, such as {name}={example}")
    return name, value


def _text(name: str, number: int) -> str:
    if name in BYTES:
        return f"{number / 1e6:,.3g} MB" if number < 1e8 else f"{number / 1e6:,.0f} MB"
    return f"{number:,} {NOUNS.get(name, name)}"
