"""Answers in this process's memory."""

from collections import OrderedDict
from threading import Lock

from inspectree.server.cache.base import DEFAULT_BYTES
from inspectree.server.questions.body import Body

OVERHEAD = 1000
"""Bytes that an answer takes besides its content: its key and how it was made."""


class MemoryCache:
    """Keep answers in memory; beyond ``limit`` bytes those go that were not asked for the longest."""

    waits = False

    def __init__(self, limit: int = DEFAULT_BYTES) -> None:
        self.limit = limit
        self.held = 0
        self._answers: OrderedDict[str, Body] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Body | None:
        """Return the answer, or None where it is not kept."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def put(self, key: str, body: Body) -> None:
        """Keep an answer, unless it alone is larger than the limit."""
        if body.nbytes + OVERHEAD > self.limit:
            return
        with self._lock:
            self._drop(key)
            self._answers[key] = body
            self.held += body.nbytes + OVERHEAD
            while self.held > self.limit:
                self._drop(next(iter(self._answers)))

    def _drop(self, key: str) -> None:
        if (body := self._answers.pop(key, None)) is not None:
            self.held -= body.nbytes + OVERHEAD
