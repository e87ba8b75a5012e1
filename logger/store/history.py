"""What is known of a training over time: a file of JSON lines that grows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from inspectree.logger.errors import StoreError, reason_of
from inspectree.logger.store import layout
from inspectree.logger.store.jsontext import dumps, numbers

NUMBERS = {"epoch": int, "step": int, "seconds": float}
KEYS = {*NUMBERS, "time", "metrics"}
"""What every line of an epoch tells."""

FIRST_LINE = {"kind": "history", "version": layout.FORMAT_VERSION}


class History:
    """Append lines to a ``history.jsonl``, whole ones only; the file is made when it is missing.

    A line that a killed process left without an end is cut off. What a full disk does not take waits, and
    is written with the next line.
    """

    def __init__(self, path: Path) -> None:
        whole = len(b"".join(whole_lines(path)))
        self._file = path.open("ab", buffering=0)
        self._file.truncate(whole)
        self._waiting = bytearray()
        if not whole:
            self.append(FIRST_LINE)

    def append(self, line: Mapping[str, Any]) -> None:
        """Write a line; it can be read at once.

        Raises
        ------
        OSError
            When it cannot be written now.
        """
        self._waiting += (dumps(dict(line)) + "\n").encode()
        while self._waiting:
            del self._waiting[: self._file.write(self._waiting)]

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def whole_lines(path: Path) -> list[bytes]:
    """Return the lines of a file with their ends, but a last one without; none where there is no file."""
    if not path.is_file():  # a pipe is never read to its end
        return []
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return []
    return lines if not lines or lines[-1].endswith(b"\n") else lines[:-1]


def fault(line: bytes, number: int) -> str | None:
    """Return what is wrong with a history's line of this number, counted from 1."""
    try:
        _parsed(line, number)
    except Exception as error:  # JSON can hold anything
        return reason_of(error)
    return None


def sound_lines(path: Path) -> tuple[list[dict[str, Any]], str | None]:
    """Return a history's lines but for damaged ones, and what is wrong with the first of these."""
    told, wrong = [], None
    for number, line in enumerate(whole_lines(path), 1):
        try:
            told.append(_parsed(line, number))
        except Exception as error:  # JSON can hold anything
            wrong = wrong or f"{path} is damaged: line {number}: {reason_of(error)}"
    return told, wrong


def _parsed(line: bytes, number: int) -> dict[str, Any]:
    """Return what a line tells, with numbers that are numbers.

    Raises
    ------
    StoreError, ValueError, KeyError, TypeError, AttributeError
        When it cannot be a history's line.
    """
    told: dict[str, Any] = orjson.loads(line)
    if number == 1:
        if told["kind"] != "history" or not told["version"]:
            raise StoreError("it is no history's first")
        return told
    if "kind" not in told and (missing := KEYS - set(told)):
        raise StoreError(f"it has no {', '.join(sorted(missing))}")
    return {**told, **{key: _known(key, told[key]) for key in KEYS & set(told)}}


def _known(key: str, value: Any) -> Any:
    """Return what a field holds; refuse what it cannot hold."""
    if key == "metrics":
        return {name: float(number) for name, number in numbers(value).items()}
    return NUMBERS[key](value) if key in NUMBERS else str(value)
