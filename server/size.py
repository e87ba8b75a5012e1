"""How much a model's files take."""

import os
from collections.abc import Iterator
from pathlib import Path


def folder_bytes(folder: Path, known: dict[str, int]) -> int:
    """Return the bytes of the files in a model's folder; hidden ones are not complete, and don't count.

    Files in inner folders never change: their sizes are kept in ``known`` by their paths.
    """
    total = 0
    for entry in _entries(folder):
        if not entry.is_dir():
            total += _size(entry)
            continue
        for file in _entries(entry.path):
            if file.path not in known:
                known[file.path] = _size(file)
            total += known[file.path]
    return total


def _entries(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from (entry for entry in entries if not entry.name.startswith("."))
    except FileNotFoundError:  # deleted meanwhile
        return


def _size(file: os.DirEntry[str]) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
