"""A model's folder while it is logged: files are written in the background, complete or not at all."""

import atexit
import queue
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.errors import StoreError
from inspectree.logger.header import Header
from inspectree.logger.store import layout
from inspectree.logger.store.atomic import remove_leftovers, replacing
from inspectree.logger.store.checkpoint_writer import Precision, write_checkpoint
from inspectree.logger.store.hdf5 import in_memory, set_attributes
from inspectree.logger.store.jsontext import dumps
from inspectree.logger.store.model_writer import write_model
from inspectree.logger.store.process import State, running
from inspectree.logger.store.record import CheckpointRecord, Samples

WAITING = 2
"""Checkpoints that may wait for the disk before training has to; it bounds the memory."""


class ModelWriter:
    """Write one model into a store.

    Raises
    ------
    StoreError
        When the store cannot be written, or already holds a model with this id.
    """

    def __init__(self, store: Path | str, header: Header, precision: Precision = Precision()) -> None:  # noqa: B008 - frozen
        self.header = header
        self.folder = layout.model_folder(Path(store), header.id)
        self._precision = precision
        self._queue: queue.Queue[CheckpointRecord | None]
        self._failure: Exception | None = None
        self._thread: threading.Thread | None = None
        self._history: TextIO | None = None
        self._create_folder(Path(store))

    def _create_folder(self, store: Path) -> None:
        try:
            if store.exists() and not store.is_dir():
                raise StoreError(f"{store} cannot be a store: it is a file, not a folder")
            if any(path.is_file() for path in self.folder.rglob("[!.]*")):
                raise self._taken()  # a folder without files is left of a start that failed, and is used
            (self.folder / layout.CHECKPOINTS).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the store {store} cannot be written: {error.strerror}") from None

    def _taken(self) -> StoreError:
        store = self.folder.parent.parent
        return StoreError(f"{store} already holds a model with the id {self.header.id}")

    def start(self, graph: ModelGraph, hyperparameters: Mapping[str, Any], samples: Samples) -> None:
        """Write what stays constant during training, and be ready for checkpoints.

        Raises
        ------
        StoreError
            When another process has started a model with this id meanwhile.
        """
        self._graph, self._samples = graph, samples
        path = self.folder / layout.MODEL_FILE
        try:
            write_model(path, self.header, graph, hyperparameters, samples, running())
        except (FileExistsError, FileNotFoundError):  # not found: the faster one has cleaned up
            if not path.exists():
                raise
            raise self._taken() from None
        history = self.folder / layout.HISTORY_FILE
        history.write_text(dumps({"kind": "history", "version": layout.FORMAT_VERSION}) + "\n")
        self._open()

    def reopen(self) -> None:
        """Go on with a model for a further training run, after one that was finished or interrupted."""
        self._drain()  # Keras does not tell of Ctrl-C: the run before may still be open
        self._set_state(running())
        self._open()

    def _open(self) -> None:
        for folder in (self.folder, *(self.folder / name for name in (layout.CHECKPOINTS, layout.SAVED))):
            remove_leftovers(folder)
        self._history = (self.folder / layout.HISTORY_FILE).open("a", encoding="utf-8")
        self._queue = queue.Queue(WAITING)  # each worker has its own: none takes what ends another
        self._thread = threading.Thread(
            target=self._work, args=(self._queue,), name=f"inspectree {self.header.name}", daemon=True
        )
        self._thread.start()
        atexit.register(self._drain)

    def scalars(self, *, epoch: int, step: int, seconds: float, metrics: Mapping[str, float]) -> None:
        """Append one epoch's scalars to the history."""
        line = {"epoch": epoch, "step": step, "time": _now(), "seconds": seconds, "metrics": dict(metrics)}
        if self._history is None:
            raise self._closed()
        self._history.write(dumps(line) + "\n")
        self._history.flush()

    def checkpoint(self, record: CheckpointRecord) -> None:
        """Hand over a checkpoint; wait only while `WAITING` others do.

        Raises
        ------
        StoreError
            When an earlier checkpoint could not be written, or the log is closed.
        """
        self._raise_failure()
        if self._thread is None:
            raise self._closed()
        self._queue.put(record)

    def _closed(self) -> StoreError:
        return StoreError(f"{self.folder} is not open for writing")

    def finish(self, state: State = "finished", error: str | None = None) -> None:
        """Write everything that waits, then the state that the training ended in."""
        self._drain()
        self._set_state({"state": state, **({"error": error} if error else {})})
        self._raise_failure()

    def _drain(self) -> None:
        atexit.unregister(self._drain)
        if self._thread is not None:
            if self._thread.is_alive():
                self._queue.put(None)
            self._thread.join()
            self._thread = None
        if self._history is not None:
            self._history.close()
            self._history = None

    def _work(self, waiting: queue.Queue[CheckpointRecord | None]) -> None:
        while (record := waiting.get()) is not None:
            if self._failure is not None:
                continue  # keep emptying the queue, so that training never waits for a broken disk
            try:
                path = layout.checkpoint_file(self.folder, record.number)
                write_checkpoint(path, record, self._graph, self._samples, self._precision)
            except Exception as error:  # told in the training thread, by the next call
                self._failure = error
            del record

    def _raise_failure(self) -> None:
        if self._failure is not None:
            text = getattr(self._failure, "strerror", None) or str(self._failure)
            reason = " ".join(text.split()) or type(self._failure).__name__
            raise StoreError(
                f"a checkpoint of {self.folder} could not be written: {reason}"
            ) from self._failure

    def _set_state(self, attributes: Mapping[str, Any]) -> None:
        path = self.folder / layout.MODEL_FILE
        with replacing(path) as temporary, in_memory(temporary, path) as file:
            file.attrs.pop("error", None)
            set_attributes(file, dict(attributes))


def _now() -> str:
    return datetime.now(UTC).isoformat()
