"""Workers that take turns, so that a slow question never delays a quick one."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Condition, Lock
from time import monotonic
from typing import Any, Self
from weakref import finalize

from inspectree.logger.errors import InspectreeError, StoreError
from inspectree.logger.store.head import Head
from inspectree.logger.store.jsontext import numbers
from inspectree.logger.store.layout import checkpoint_file
from inspectree.logger.store.reader import ModelReader
from inspectree.server.errors import LimitError
from inspectree.server.files import Moment
from inspectree.server.questions.body import Body
from inspectree.server.workers.forking import prepare
from inspectree.server.workers.setup import Setup
from inspectree.server.workers.wire import CRASHED, WorkerError
from inspectree.server.workers.worker import QUICK, CrashedError, Worker

MOST = 16
"""Workers at most, those with slow questions included; of many cores twice as many."""

GLANCE = 5
"""Seconds that a look into some files may take: HDF5 may never come back from a damaged one."""

SLOW = "slow"
"""The tag of questions that are known to be slow."""

ENDING = "the server is ending"
NOBODY = "nobody waits for this answer any more"

TOGETHER = 20
"""Models whose files are read by one worker at a time."""


class Pool:
    """Ask workers: as many as there are cores answer quick questions, slow ones have others to themselves.

    Of those that took long some are kept, for the like: of questions that are known to be slow, and of those
    about the whole store, whose files they have read.

    Use it as a context manager. Every method may be called from any thread.
    """

    def __init__(self, setup: Setup, cores: int | None = None) -> None:
        self.setup = setup
        _ = setup.digest  # of the files as they are now
        self._cores = cores or max(2, os.cpu_count() or 1)
        self._most = max(MOST, 2 * self._cores)
        self._changed = Condition()
        self._idle: list[Worker] = []
        self._busy: dict[Worker, float] = {}
        self._starting = 0
        self._closed = False
        finalize(self, _end, self._idle, self._busy)  # who forgets a pool forgets its workers

    def __enter__(self) -> Self:
        prepare()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._closed = True
            _end(self._busy)
            for worker in self._idle:
                worker.retire()
            self._idle.clear()
            self._changed.notify_all()

    def ask(
        self,
        question: str,
        given: Mapping[str, Any],
        models: list[str] | None = None,
        tag: str | None = None,
        ticket: "Ticket | None" = None,
    ) -> Body:
        """Return a worker's answer.

        ``models`` are the names of the folders that it is about; None stands for the whole store. Questions
        with the same ``tag`` go to the same worker where it is free: it has read what they need. A
        ``ticket`` lets others cancel it.
        """
        held = ticket or Ticket()
        try:
            return self._asked(question, given, models, tag, held)
        except CrashedError:  # of what it was asked, or of something else: the system may end what it likes
            return self._asked(question, given, models, tag, held)

    def _asked(
        self,
        question: str,
        given: Mapping[str, Any],
        models: list[str] | None,
        tag: str | None,
        ticket: "Ticket",
    ) -> Body:
        with self._worker(tag) as worker, ticket.holding(worker):
            worker.lasts = models is None or tag == SLOW
            return worker.ask(question, given, models, self.setup.limits.seconds)

    def heads(self, folders: Sequence[Path]) -> list[Head | StoreError]:
        """Return what the models' files say, or why they cannot be read."""
        groups = [list(folders[start : start + TOGETHER]) for start in range(0, len(folders), TOGETHER)]
        with ThreadPoolExecutor(self._cores) as threads:
            return [head for heads in threads.map(self._heads, groups) for head in heads]

    def _heads(self, folders: list[Path]) -> list[Head | StoreError]:
        """Read the models' files together; each by itself where one of them is too much for its reader."""
        try:
            told = self._glanced("heads", {"folders": [str(folder) for folder in folders]})
        except (InspectreeError, WorkerError):
            if len(folders) == 1:
                return [self._alone(folders[0])]
            return [head for folder in folders for head in self._heads([folder])]
        return [_head(about) for about in told]

    def _alone(self, folder: Path) -> Head | StoreError:
        """Read a model's file once more before it is blamed: its reader may have died of something else."""
        try:
            return _head(self._glanced("heads", {"folders": [str(folder)]})[0])
        except (InspectreeError, WorkerError):
            return StoreError(f"{folder} {CRASHED}")

    def moment(self, model: ModelReader, number: int) -> Moment:
        """Return when a checkpoint was taken, and the metrics then."""
        try:
            told = self._glanced("moment", {"folder": str(model.folder), "number": number})
        except (LimitError, WorkerError) as error:
            raise StoreError(f"{checkpoint_file(model.folder, number)} {CRASHED}") from error
        same_number, step, epoch, time, metrics = told
        return same_number, step, epoch, time, numbers(metrics)

    def _glanced(self, question: str, given: Mapping[str, Any]) -> Any:
        """Return what a look into files tells, for which no slow question has to be waited for."""
        with self._worker(None, urgent=True) as worker:
            return worker.ask(question, given, [], GLANCE).parsed()

    @contextmanager
    def _worker(self, tag: str | None, *, urgent: bool = False) -> Iterator[Worker]:
        worker = self._take(tag, urgent=urgent)
        worker.tag = tag
        try:
            yield worker
        finally:
            self._give(worker)

    def _take(self, tag: str | None, *, urgent: bool = False) -> Worker:
        """Return a worker that is free, or a new one where those that are busy are so with slow questions."""
        with self._changed:
            while not self._closed:
                if (idle := self._fitting(tag)) is not None:
                    return self._begun(idle)
                if urgent or self._has_room:
                    self._starting += 1
                    break
                self._changed.wait(QUICK / 5)
            else:
                raise StoreError(ENDING)
        return self._started()

    def _fitting(self, tag: str | None) -> Worker | None:
        """Take out a worker that is free and lives, best one that has had such a question before."""
        alive = [worker for worker in self._idle if worker.is_alive]
        for worker in set(self._idle) - set(alive):
            worker.end()
        self._idle[:] = alive
        fitting = next((worker for worker in alive if worker.tag == tag), None)
        fitting = fitting or next((worker for worker in reversed(alive) if not worker.is_slow), None)
        if fitting is None:
            return None
        self._idle.remove(fitting)
        return fitting

    @property
    def _has_room(self) -> bool:
        """Tell whether one more worker may be busy."""
        now = monotonic()
        quick = sum(now - since < QUICK for since in self._busy.values())
        return quick + self._starting < self._cores and len(self._busy) + self._starting < self._most

    def _started(self) -> Worker:
        """Start a worker, while others may ask those that there are."""
        worker = None
        try:
            prepare()
            worker = Worker(self.setup)
        finally:
            with self._changed:
                self._starting -= 1
                if worker is not None and not self._closed:
                    self._begun(worker)
                self._changed.notify()
        if self._closed:
            worker.end()
            raise StoreError(ENDING)
        return worker

    def _begun(self, worker: Worker) -> Worker:
        self._busy[worker] = monotonic()
        return worker

    def _give(self, worker: Worker) -> None:
        """Take a worker back; no more are kept than there are cores, and as many slow ones: the newest."""
        with self._changed:
            self._busy.pop(worker, None)
            kept = [each for each in self._idle if each.is_slow == worker.is_slow]
            room = worker.lasts if worker.is_slow else len(kept) < self._cores
            if worker.is_alive and room and not self._closed:
                self._idle.append(worker)
                if worker.is_slow:
                    same = [each for each in kept if each.tag == worker.tag]
                    self._leave_out(same or kept[: max(0, len(kept) + 1 - self._cores)])
            else:
                worker.end()
            self._changed.notify()

    def _leave_out(self, workers: list[Worker]) -> None:
        for worker in workers:
            self._idle.remove(worker)
            worker.end()


def _head(told: Mapping[str, Any]) -> Head | StoreError:
    return StoreError(told["fault"]) if "fault" in told else Head.model_validate(told)


class Ticket:
    """A question that others may cancel."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._worker: Worker | None = None
        self._cancelled = False

    @contextmanager
    def holding(self, worker: Worker) -> Iterator[None]:
        """Have a worker answer; it is nobody else's until this ends.

        Raises
        ------
        StoreError
            When the question has been cancelled.
        """
        with self._lock:
            if self._cancelled:
                raise StoreError(NOBODY)
            self._worker = worker
        try:
            yield
        finally:
            with self._lock:
                self._worker = None

    def cancel(self) -> None:
        """End the worker that has the question, or that would get it."""
        with self._lock:
            self._cancelled = True
            if self._worker is not None:
                self._worker.kill()


def _end(*workers: Iterable[Worker]) -> None:
    for worker in (each for some in workers for each in some):
        worker.end()
