"""Files that appear under their name only when they are complete."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

TEMPORARY = ".{name}.tmp{suffix}"


@contextmanager
def replacing(path: Path, *, new: bool = False, suffix: str = "") -> Iterator[Path]:
    """Yield a temporary path beside ``path``; rename it to ``path`` when the block has succeeded.

    The data and the folder are synced, so that after a crash either the old or the new file is there.
    ``suffix`` ends the temporary name, for those who tell a file's format by it.

    Raises
    ------
    FileExistsError
        With ``new``, when another process was faster: of several one succeeds.
    """
    temporary = path.with_name(TEMPORARY.format(name=f"{path.name}.{uuid4().hex[:8]}", suffix=suffix))
    try:
        yield temporary
        _sync(temporary)
        if new:
            _name(temporary, path)
        else:
            temporary.replace(path)
        _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Delete the temporary files that a killed process left in ``folder``."""
    for suffix in ("", ".*"):
        for leftover in folder.glob(TEMPORARY.format(name="*", suffix=suffix)):
            leftover.unlink(missing_ok=True)


def _name(temporary: Path, path: Path) -> None:
    """Give a file its name, unless another has it: a link, unlike a rename, replaces nothing."""
    try:
        path.hardlink_to(temporary)
    except (FileExistsError, FileNotFoundError):
        raise
    except OSError:  # a disk without hard links
        if path.exists():
            raise FileExistsError(path) from None
        temporary.replace(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
