"""Answers in a folder, which outlive the server and may be shared by several on one machine."""

import os
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex
from threading import Lock

from inspectree.logger.errors import reason_of
from inspectree.server.cache.base import DEFAULT_BYTES
from inspectree.server.errors import CacheError
from inspectree.server.questions.body import Body

SUFFIX = ".answer"
DIGEST = 32
LOOKED_AFTER = 0.05
"""The part of the limit after which it is counted anew: other servers may fill the folder, too."""

ROOM = 0.9
"""The part of the limit that is left filled when files are removed: not each new one must remove another."""


class FolderCache:
    """Keep each answer in a file of its own; beyond ``limit`` bytes the longest unused ones go.

    A file holds a digest of its content, and takes its name when it is complete: a damaged one is no answer.

    Raises
    ------
    CacheError
        When the folder cannot be made or written.
    """

    waits = True

    def __init__(self, folder: Path, limit: int = DEFAULT_BYTES) -> None:
        self.folder, self.limit = folder, limit
        self._lock = Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._write("begun", b"")
            self._path("begun").unlink()
        except OSError as error:
            raise CacheError(f"the cache {folder} cannot be written: {reason_of(error)}") from None
        self.held, self._added = sum(size for _, size, _ in self._files()), 0

    def get(self, key: str) -> Body | None:
        """Return the answer, or None where it is not kept."""
        path = self._path(key)
        try:
            content = path.read_bytes()
            if content[:DIGEST] != _digest(content[DIGEST:]):
                return None
            os.utime(path)
            return Body.unpacked(content[DIGEST:])
        except (OSError, ValueError, KeyError):
            return None

    def put(self, key: str, body: Body) -> None:
        """Keep an answer, unless it alone is larger than the limit; a full disk keeps none."""
        packed = body.packed()
        if len(packed) > self.limit:
            return
        with suppress(OSError), self._lock:
            self._write(key, packed)
            self.held += len(packed) + DIGEST
            self._added += len(packed) + DIGEST
            if self.held > self.limit or self._added > LOOKED_AFTER * self.limit:
                self._make_room()

    def _write(self, key: str, packed: bytes) -> None:
        temporary = self.folder / f".{key}.{token_hex(4)}.tmp"
        try:
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(_digest(packed) + packed)
            temporary.replace(self._path(key))
        finally:
            temporary.unlink(missing_ok=True)

    def _make_room(self) -> None:
        """Remove files, the longest unused first, until there is some room; others may remove them, too."""
        files = sorted(self._files())
        self.held, self._added = sum(size for _, size, _ in files), 0
        wanted = self.limit if self.held <= self.limit else ROOM * self.limit
        for _, size, path in files:
            if self.held <= wanted:
                return
            path.unlink(missing_ok=True)
            self.held -= size

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        """Yield when each answer was last asked for, its size, and its file."""
        for path in self.folder.glob(f"*{SUFFIX}"):
            with suppress(FileNotFoundError):
                stat = path.stat()
                yield stat.st_mtime_ns, stat.st_size, path

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{SUFFIX}"


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=DIGEST).digest()
