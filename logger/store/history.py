"""What is known of a training over time: a file of JSON lines that grows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inspectree.logger.store import layout
from inspectree.logger.store.jsontext import dumps

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
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return []
    return lines if not lines or lines[-1].endswith(b"\n") else lines[:-1]
