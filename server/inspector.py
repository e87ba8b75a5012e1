"""Reads files in a process of its own: HDF5 may crash, or never come back, on a file that is damaged.

``python -m inspectree.server.inspector`` is that process: a line of JSON asks for a file, and one answers.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from threading import Event, Timer
from typing import Any, Literal, Self

from inspectree.logger.errors import NewerVersionError, StoreError
from inspectree.logger.store.layout import CHECKPOINTS, HISTORY_FILE, MODEL_FILE, SAVED, SUPERSEDED
from inspectree.logger.store.reader import ModelReader
from inspectree.logger.store.verifying import (
    verify_checkpoint,
    verify_history,
    verify_model,
    verify_saved,
)

PATIENCE = 20.0
"""Seconds that reading a small file may take."""

SLOWEST = 10e6
"""Bytes per second; a large file may take longer accordingly."""

Kind = Literal["model", "checkpoint", "history", "saved"]


@dataclass(frozen=True)
class Answer:
    """What is wrong with a file (None: nothing), and what a model's file says."""

    fault: str | None = None
    newer: bool = False
    id: str = ""
    parents: tuple[str, ...] = ()
    training: bool = False


class Inspector:
    """Have files read by another process, which is begun anew when a file was too much for it.

    Use it as a context manager.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def ask(self, kind: Kind, folder: Path, file: Path) -> Answer:
        """Return what is wrong with a file of the model in ``folder``.

        Raises
        ------
        FileNotFoundError
            When it is not there.
        """
        limit = self._patience + file.stat().st_size / SLOWEST
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        late = Event()

        def end() -> None:
            late.set()
            process.kill()

        ending = Timer(limit, end)
        ending.start()
        try:
            process.stdin.write(json.dumps([kind, str(folder), str(file)]) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            ending.cancel()
            ending.join()  # it may be about to act
        if late.is_set() or not line:
            self._end()  # also where it has answered just before: it will not answer again
        if line:
            return Answer(**json.loads(line))
        if late.is_set():
            return Answer(f"cannot be read: HDF5 had not come to an end after {limit:.0f} s")
        return Answer("cannot be read: it brings the process down that reads it")

    def _running(self) -> "subprocess.Popen[str]":
        if self._process is None:
            command = [sys.executable, "-P", "-m", "inspectree.server.inspector"]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
            )
            assert self._process.stdout is not None
            self._process.stdout.readline()  # its imports don't count as reading
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _of_model(folder: Path, _: Path) -> Answer:
    _reader.cache_clear()
    model = verify_model(folder)
    header = model.header
    return Answer(id=header.id, parents=tuple(header.parents), training=model.state == "training")


def _of_checkpoint(folder: Path, file: Path) -> Answer:
    verify_checkpoint(_reader(folder), file)
    return Answer()


def _of_history(_: Path, file: Path) -> Answer:
    verify_history(file)
    return Answer()


def _of_saved(_: Path, file: Path) -> Answer:
    verify_saved(file)
    return Answer()


@lru_cache(maxsize=1)
def _reader(folder: Path) -> ModelReader:
    return ModelReader(folder)


QUESTIONS: dict[Kind, Callable[[Path, Path], Answer]] = {
    "model": _of_model,
    "checkpoint": _of_checkpoint,
    "history": _of_history,
    "saved": _of_saved,
}


NAMES: tuple[tuple[str, Kind], ...] = (
    (re.escape(MODEL_FILE), "model"),
    (re.escape(HISTORY_FILE), "history"),
    (rf"{CHECKPOINTS}/(\d{{6}}|[1-9]\d{{6,}})\.h5", "checkpoint"),
    (rf"{SAVED}/(\d{{6}}|[1-9]\d{{6,}})\.keras", "saved"),
    (rf"{SUPERSEDED}/\d{{6,}}\.\d+\.h5", "checkpoint"),
    (rf"{SUPERSEDED}/\d{{6,}}\.\d+\.keras", "saved"),
    (rf"{SUPERSEDED}/history\.\d+\.jsonl", "history"),
)
"""What the files in a model's folder are called (docs/format.md)."""


def kind_of(folder: Path, file: Path) -> Kind | None:
    """Return what a file in a model's folder is by its name; None where it is nothing of the format's."""
    name = file.relative_to(folder).as_posix()
    return next((kind for pattern, kind in NAMES if re.fullmatch(pattern, name, re.ASCII)), None)


def answer(kind: Kind, folder: Path, file: Path) -> Answer:
    """Read a file to its end, and return what is wrong with it."""
    try:
        return QUESTIONS[kind](folder, file)
    except StoreError as error:
        fault = str(error).removeprefix(f"{file} ").removeprefix("is ")
        return Answer(fault, newer=isinstance(error, NewerVersionError))
    except Exception as error:  # whatever it is, it comes of what the file holds
        return Answer(f"damaged: {type(error).__name__}: {' '.join(str(error).split())}")


def main() -> None:
    """Say that it is ready, then answer until nothing is asked any more."""
    print("ready", flush=True)
    for line in sys.stdin:
        question: list[Any] = json.loads(line)
        kind, folder, file = question
        print(json.dumps(asdict(answer(kind, Path(folder), Path(file)))), flush=True)


if __name__ == "__main__":
    main()
