"""Where answers are kept, by what they were made from."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Protocol

from inspectree.server.result import Result

DEFAULT_BYTES = 256 * 1024**2


class Cache(Protocol):
    """Keeps answers. A key names the files' identities and the question, so that an answer is never stale."""

    def get(self, key: Hashable) -> Result | None:
        """Return the answer, or None where it is not kept."""

    def put(self, key: Hashable, answer: Result) -> None:
        """Keep an answer."""


class MemoryCache:
    """Keep answers in memory; beyond ``limit`` bytes those go that were not asked for the longest."""

    def __init__(self, limit: int = DEFAULT_BYTES) -> None:
        self.limit = limit
        self.held = 0
        self._answers: OrderedDict[Hashable, Result] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Result | None:
        """Return the answer, or None where it is not kept."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def put(self, key: Hashable, answer: Result) -> None:
        """Keep an answer, unless it alone is larger than the limit."""
        if answer.nbytes > self.limit:
            return
        with self._lock:
            self._drop(key)
            self._answers[key] = answer
            self.held += answer.nbytes
            while self.held > self.limit:
                self._drop(next(iter(self._answers)))

    def _drop(self, key: Hashable) -> None:
        if (answer := self._answers.pop(key, None)) is not None:
            self.held -= answer.nbytes
