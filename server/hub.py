"""Hands what the watcher sees to everybody who listens."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from threading import Lock

from inspectree.server.changes import Change

REMEMBERED = 1000
"""Changes that a listener who was away for a while can still be told."""


class Hub:
    """A numbered log of changes. `publish` and `close` may be called from any thread."""

    def __init__(self) -> None:
        self._log: deque[tuple[int, Change]] = deque(maxlen=REMEMBERED)
        self._lock = Lock()
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._closed = False
        self.last = 0

    def publish(self, found: Iterable[Change]) -> None:
        """Append changes and wake the listeners."""
        with self._lock:
            for change in found:
                self.last += 1
                self._log.append((self.last, change))
            self._wake()

    def close(self) -> None:
        """End every listener's stream."""
        with self._lock:
            self._closed = True
            self._wake()

    def _wake(self) -> None:
        for loop, event in self._listeners:
            loop.call_soon_threadsafe(event.set)

    async def listen(self, after: int | None = None) -> AsyncIterator[tuple[int, Change]]:
        """Yield numbered changes as they come, first those remembered after number ``after``."""
        seen = self.last if after is None or after > self.last else after
        woken = asyncio.Event()
        listener = (asyncio.get_running_loop(), woken)
        with self._lock:
            self._listeners.add(listener)
        try:
            while not self._closed:
                for number, change in self._since(seen):
                    seen = number
                    yield number, change
                await woken.wait()
                woken.clear()
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def _since(self, seen: int) -> list[tuple[int, Change]]:
        with self._lock:
            return [(number, change) for number, change in self._log if number > seen]
