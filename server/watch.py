"""Follows a store while models are being trained."""

from collections.abc import Callable
from pathlib import PurePath
from threading import Event, Thread
from typing import Self

from watchfiles import Change as FileChange
from watchfiles import watch

from inspectree.server.changes import Change, changes
from inspectree.server.store import Store

GROUP_MS = 100
"""Changes of files that come within this time are looked at together."""

LOOK_AGAIN_MS = 1000
"""The store is looked at after this time anyway: network disks don't notify, and processes end unseen."""


class Watcher:
    """Refresh a store whenever its folder changes, and tell ``publish`` what is new.

    A thread of its own waits for the file system's notifications (the environment variable
    ``WATCHFILES_FORCE_POLLING`` has it poll instead). Use it as a context manager.
    """

    def __init__(self, store: Store, publish: Callable[[list[Change]], None]) -> None:
        self._store, self._publish = store, publish
        self._stop = Event()
        self._thread = Thread(target=self._follow, name="inspectree watcher", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _follow(self) -> None:
        looks = watch(
            self._store.path,
            watch_filter=_is_complete,
            debounce=GROUP_MS,
            rust_timeout=LOOK_AGAIN_MS,
            yield_on_timeout=True,
            stop_event=self._stop,
            ignore_permission_denied=True,
        )
        for _ in looks:
            self._look()

    def _look(self) -> None:
        before = self._store.catalog
        if found := changes(before, self._store.refresh()):
            self._publish(found)


def _is_complete(_: FileChange, path: str) -> bool:
    return not PurePath(path).name.startswith(".")
