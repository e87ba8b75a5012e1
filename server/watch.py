"""Follows a store while models are being trained."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import count
from pathlib import PurePath
from threading import Event, Thread
from time import monotonic
from typing import Literal, Self

from watchfiles import Change as FileChange
from watchfiles import watch

from inspectree.logger.errors import reason_of
from inspectree.logger.store.layout import MODELS
from inspectree.server.changes import Change, changes
from inspectree.server.store import Store
from inspectree.server.summary import overview_json

LOG = logging.getLogger("inspectree")

GROUP_MS = 100
"""Changes of files that come within this time are looked at together."""

LOOK_AGAIN_MS = 1000
"""New models and those in training are looked at then: network disks don't notify, processes end unseen."""

LOOK_AT_ALL_S = 10
"""Seconds after which every model is looked at, however quiet it is."""


class Watcher:
    """Refresh a store whenever its folder changes, and tell ``publish`` what is new.

    A thread of its own waits for the file system's notifications (the environment variable
    ``WATCHFILES_FORCE_POLLING`` has it poll instead). Where there are none it looks every second. Nothing
    that goes wrong ends it; ``trouble`` says what last did. Use it as a context manager.
    """

    def __init__(self, store: Store, publish: Callable[[list[Change]], None]) -> None:
        self._store, self._publish = store, publish
        self._stop = Event()
        self._thread: Thread | None = None
        self._unnotified: str | None = None
        self._unread: str | None = None

    @property
    def by(self) -> Literal["notifications", "polling"]:
        """Return how it comes to know that something has changed."""
        return "notifications" if self._unnotified is None else "polling"

    @property
    def trouble(self) -> str | None:
        """Return in one line what keeps it from following the store as it should; None where nothing does."""
        return self._unread or self._unnotified

    def begin(self) -> None:
        """Begin to follow the store, unless that has been done."""
        if self._thread is None:
            self._stop.clear()
            self._thread = Thread(target=self._follow, name="inspectree watcher", daemon=True)
            self._thread.start()

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _follow(self) -> None:
        self._look()
        looked = monotonic()
        looks = watch(
            self._store.path,
            watch_filter=_is_complete,
            debounce=GROUP_MS,
            rust_timeout=LOOK_AGAIN_MS,
            yield_on_timeout=True,
            stop_event=self._stop,
            ignore_permission_denied=True,
        )
        try:
            for found in looks:
                if monotonic() - looked > LOOK_AT_ALL_S:
                    self._look()
                    looked = monotonic()
                else:
                    self._look(self._named(found))
        except Exception as error:  # too many watches, say: whatever it is, the store must be followed
            self._unnotified = f"the file system does not notify, so the store is polled: {reason_of(error)}"
            LOG.warning(self._unnotified)
        for number in count(1):
            if self._stop.wait(LOOK_AGAIN_MS / 1000):
                return
            self._look(() if number % LOOK_AT_ALL_S else None)

    def _named(self, found: Iterable[tuple[FileChange, str]]) -> Iterator[str]:
        """Yield the folders of the models of which files have changed."""
        models = self._store.path / MODELS
        for _, path in found:
            if PurePath(path).is_relative_to(models) and path != str(models):
                yield PurePath(path).relative_to(models).parts[0]

    def _look(self, named: Iterable[str] | None = None) -> None:
        """Look at the models in folders that are named, and where something may be new; None: at all."""
        try:
            self._tell(None if named is None else {*self._store.restless(), *named})
        except Exception as error:  # it may be gone the next time
            self._cannot_read(f"the store cannot be looked at: {reason_of(error)}")
        else:
            self._unread = None

    def _tell(self, only: Collection[str] | None) -> None:
        before, is_first = self._store.catalog, not self._store.is_loaded
        after = self._store.refresh(only)
        if is_first:
            overview_json(self._store)  # what everybody asks first, who then need not wait for it
        elif found := changes(before, after):
            self._publish(found)

    def _cannot_read(self, trouble: str) -> None:
        if trouble != self._unread:
            LOG.warning(trouble)
        self._unread = trouble


def _is_complete(_: FileChange, path: str) -> bool:
    return not PurePath(path).name.startswith(".")
