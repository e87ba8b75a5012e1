"""A model's folder while it is logged: files are written in the background, complete or not at all."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.errors import StoreError
from inspectree.logger.header import Header
from inspectree.logger.store import layout
from inspectree.logger.store.atomic import remove_leftovers, replacing
from inspectree.logger.store.catalogue import Stored
from inspectree.logger.store.checkpoint_writer import Logged, Precision, write_checkpoint
from inspectree.logger.store.hdf5 import in_memory, set_attributes
from inspectree.logger.store.history import History
from inspectree.logger.store.model_writer import write_model
from inspectree.logger.store.opening import opened
from inspectree.logger.store.process import State, alone, running
from inspectree.logger.store.reader import ModelReader
from inspectree.logger.store.record import CheckpointRecord, Samples
from inspectree.logger.store.resuming import taken
from inspectree.logger.store.superseding import set_aside
from inspectree.logger.store.worker import Task, Worker


class ModelWriter:
    """Write one model into a store.

    ``resumes`` says that the store may hold the model already, and its log may be gone on with.

    Raises
    ------
    StoreError
        When the store cannot be written, or already holds a model with this id.
    """

    def __init__(
        self,
        store: Path | str,
        header: Header,
        precision: Precision = Precision(),  # noqa: B008 - frozen
        *,
        resumes: bool = False,
    ) -> None:
        self.header = header
        self._store = Path(store)
        self.folder = layout.model_folder(self._store, header.id)
        self.next_number = 0
        self.written = self.written_bytes = 0
        self._precision = precision
        self._worker: Worker | None = None
        self._history: History | None = None
        self._create_folder(resumes)

    @property
    def vanished(self) -> bool:
        """Tell whether the folder is gone, so that nothing can be written any more."""
        return not (self.folder / layout.CHECKPOINTS).is_dir()

    def _create_folder(self, resumes: bool) -> None:
        store = self._store
        try:
            if store.exists() and not store.is_dir():
                raise StoreError(f"{store} cannot be a store: it is a file, not a folder")
            if any(path.is_file() for path in self.folder.rglob("[!.]*")):
                self._refuse(resumes)  # a folder without files is left of a start that failed, and is used
            (self.folder / layout.CHECKPOINTS).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the store {store} cannot be written: {error.strerror}") from None

    def _refuse(self, resumes: bool) -> None:
        """Raise the error that the id is taken, unless a log is there that may be gone on with."""
        if not resumes or not (self.folder / layout.MODEL_FILE).exists():
            raise taken(self._store, self.header)
        if ModelReader(self.folder).state == "training":
            raise taken(self._store, self.header, "which is being trained")

    def abandon(self) -> None:
        """Remove the folder, where the model has never started."""
        if (self.folder / layout.MODEL_FILE).exists():
            return
        with suppress(OSError):  # another process has started it
            (self.folder / layout.CHECKPOINTS).rmdir()
            self.folder.rmdir()

    def start(self, graph: ModelGraph, hyperparameters: Mapping[str, Any], samples: Samples) -> None:
        """Write what stays constant during training, and be ready for checkpoints.

        Raises
        ------
        StoreError
            When another process has started a model with this id meanwhile.
        """
        path = self.folder / layout.MODEL_FILE
        try:
            write_model(path, self.header, graph, hyperparameters, samples, running())
        except (FileExistsError, FileNotFoundError):  # not found: the faster one has cleaned up
            if not path.exists():
                raise
            raise taken(self._store, self.header) from None
        self._open(graph, samples)

    def resume(self, graph: ModelGraph, samples: Samples, step: int, epoch: int | None) -> int:
        """Go on with the log of a process that is gone; return how many checkpoints were set aside.

        They are those ahead of ``step`` and ``epoch``, where training goes on.

        Raises
        ------
        StoreError
            When a process is logging the model.
        """
        with alone(self.folder):
            self._refuse(resumes=True)
            self._set_state(running())
        aside = set_aside(self.folder, step, epoch)
        numbers = ModelReader(self.folder).checkpoint_numbers()
        self.next_number = 1 + max(numbers, default=-1)
        self._open(graph, samples)
        return aside

    def reopen(self) -> None:
        """Go on with a model for a further training run, after one that was finished or is still open."""
        self._drain()
        self._set_state(running())
        self._open(self._model.graph, self._model.samples)

    def _open(self, graph: ModelGraph, samples: Samples) -> None:
        with opened(self.folder / layout.MODEL_FILE, "model") as file:
            self._model = Logged(graph, samples, Stored.of(file).parsed())
        self.written = self.written_bytes = 0
        for folder in (self.folder, *(self.folder / name for name in (layout.CHECKPOINTS, layout.SAVED))):
            remove_leftovers(folder)
        self._history = History(self.folder / layout.HISTORY_FILE)
        self._worker = Worker(f"inspectree {self.header.name}")

    def scalars(
        self, *, epoch: int, step: int, seconds: float, metrics: Mapping[str, float], **more: Any
    ) -> None:
        """Append one epoch's scalars to the history."""
        self._append({"epoch": epoch, "step": step, "seconds": seconds, "metrics": dict(metrics), **more})

    def event(self, kind: str, **fields: Any) -> None:
        """Append to the history what else has happened, as a line of its own ``kind``."""
        self._append({"kind": kind, **fields})

    def _append(self, line: Mapping[str, Any]) -> None:
        if self._history is None:
            raise self._closed()
        try:
            self._history.append({**line, "time": datetime.now(UTC).isoformat()})
        except OSError as error:
            raise StoreError(f"the history of {self.folder} could not be written: {error.strerror}") from None

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until no checkpoint is being written, at most so many seconds; tell whether that is so."""
        return self._worker is None or self._worker.wait(seconds)

    def check(self) -> None:
        """Tell once why the last checkpoint could not be written.

        Raises
        ------
        StoreError
            When it could not.
        """
        if self._worker is not None:
            self._check(self._worker)

    def _check(self, worker: Worker) -> None:
        try:
            worker.check()
        except StoreError as error:
            raise StoreError(f"a checkpoint of {self.folder} could not be written: {error}") from None

    def checkpoint(self, record: CheckpointRecord, **costs: Any) -> None:
        """Hand over a checkpoint, and tell of it in the history; wait while the one before is being written.

        ``costs`` is what else is told of it there.

        Raises
        ------
        StoreError
            When the one before could not be written, or the log is closed.
        """
        if self._worker is None:
            raise self._closed()
        self._worker.wait()
        self.check()
        self._worker.do(partial(self._write, record))
        with suppress(StoreError):  # of a full disk, which the checkpoint meets, too
            moment = {"number": record.number, "step": record.step, "epoch": record.epoch}
            self.event("checkpoint", **moment, taken=record.taken, metrics=dict(record.metrics), **costs)

    def _write(self, record: CheckpointRecord) -> None:
        path = layout.checkpoint_file(self.folder, record.number)
        write_checkpoint(path, record, self._model, self._precision)
        self.next_number = record.number + 1
        self.written += 1
        self.written_bytes += path.stat().st_size

    def do(self, task: Task) -> None:
        """Have a task done in the background, after what is being written; `finish` may be in it."""
        if self._worker is not None:
            self._worker.do(task)

    def _closed(self) -> StoreError:
        return StoreError(f"{self.folder} is not open for writing")

    def finish(self, state: State = "finished", error: str | None = None) -> None:
        """Write what is in hand, then the state that the training ended in.

        Raises
        ------
        StoreError
            When the last checkpoint or the state could not be written.
        """
        worker = self._worker
        self._drain()
        self._set_state({"state": state, **({"error": error} if error else {})})
        if worker is not None:
            self._check(worker)

    def _drain(self) -> None:
        if (worker := self._worker) is not None:
            worker.close()
            self._worker = None
        if self._history is not None:
            self._history.close()
            self._history = None

    def _set_state(self, attributes: Mapping[str, Any]) -> None:
        path = self.folder / layout.MODEL_FILE
        with replacing(path) as temporary, in_memory(temporary, path) as file:
            file.attrs.pop("error", None)
            set_attributes(file, dict(attributes))
