"""What tells that a file is still the same, without reading it."""

from pathlib import Path

Identity = tuple[int, int, int]


def identity(path: Path) -> Identity | None:
    """Return inode, size and time of change of a file or folder; None where there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
