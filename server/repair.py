"""Sets aside what is damaged in a store: it is moved, with a line that says why, and never deleted."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from inspectree.logger.store.atomic import replacing
from inspectree.logger.store.jsontext import dumps
from inspectree.logger.store.layout import HISTORY_FILE
from inspectree.logger.store.verifying import sound_history
from inspectree.server.check import DAMAGED, Finding

REASONS = "reasons.jsonl"
"""The file beside what was moved: a line for each, with where it was, where it is, and why."""


def set_aside(store: Path, finding: Finding) -> Path:
    """Move what a finding names to the same path below ``damaged/``; return where it is now.

    Nothing is overwritten: what has been moved there before keeps its name. Of a history the lines that can
    be read are written anew.

    Raises
    ------
    OSError
        When it cannot be moved; it is then where it was.
    """
    path = finding.aside
    assert path is not None, "what cannot be moved is not asked for"
    names = _names(store / DAMAGED / path.relative_to(store))
    target = next(name for name in names if not os.path.lexists(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    _note(store, {"from": _within(store, path), "to": _within(store, target), "reason": finding.what})
    path.rename(target)
    if path.name == HISTORY_FILE and target.is_file():
        _write(path, sound_history(target))
    return target


def _names(path: Path) -> Iterator[Path]:
    """Yield names for what is moved to ``path``: this one, then with a number at its end."""
    yield path
    number = 2
    while True:
        yield path.with_name(f"{path.name}.{number}")
        number += 1


def _note(store: Path, line: dict[str, str]) -> None:
    with (store / DAMAGED / REASONS).open("a", encoding="utf-8") as file:
        file.write(dumps({"time": datetime.now(UTC).isoformat(), **line}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _within(store: Path, path: Path) -> str:
    return path.relative_to(store).as_posix()


def _write(path: Path, content: bytes) -> None:
    with replacing(path, new=True) as temporary:
        temporary.write_bytes(content)
