"""Reads every file of a store, and says what is damaged and what belongs to nothing."""

import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from inspectree.logger.errors import StoreError
from inspectree.logger.store.layout import (
    HISTORY_FILE,
    MODEL_FILE,
    MODELS,
    SAVED,
    checkpoint_file,
)
from inspectree.logger.store.opening import reading
from inspectree.logger.store.reader import ModelReader
from inspectree.server.catalog import Problem
from inspectree.server.store import open_store

LEFTOVER = "a process that was killed left it half-written; it can be deleted"
ORPHAN = "it belongs to nothing in the store"

Reading = Callable[[], object]


def check(path: Path) -> Iterator[Problem | None]:
    """Yield once per file: what is wrong with it, or None; then how models do not fit into the tree.

    All values are read, as any question would read them; nothing is written. What a disk has changed in
    values that still can be read stays unseen: HDF5's default format holds no checksums.

    Raises
    ------
    StoreError
        When there is no such store.
    """
    store = open_store(path)
    for folder in sorted(path.joinpath(MODELS).glob("[!.]*")):
        yield from _model(path, folder)
    yield from (problem for problem in store.catalog.misplaced if problem.where not in store.unreadable)


def _model(store: Path, folder: Path) -> Iterator[Problem | None]:
    """Look at everything in one model's folder."""
    if not folder.joinpath(MODEL_FILE).is_file():
        what = f"it holds no {MODEL_FILE}: its training ended before it began" if folder.is_dir() else ORPHAN
        yield _problem(store, folder, what)
        return
    try:
        reader = ModelReader(folder)
    except StoreError as error:
        yield _damaged(store, folder / MODEL_FILE, error)
        return
    readings = _readings(reader)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        if file.name.startswith("."):
            # While the model is logged, that is a file which is being written.
            if ".tmp" in file.suffixes and reader.state != "training":
                yield _problem(store, file, LEFTOVER)
        elif file not in readings:
            yield _problem(store, file, ORPHAN)
        else:
            yield _read(store, file, readings[file])


def _readings(reader: ModelReader) -> dict[Path, Reading]:
    """Return how each file that belongs to a model is read as a whole."""
    numbers = reader.checkpoint_numbers()
    return {
        reader.folder / MODEL_FILE: partial(_read_model, reader),
        reader.folder / HISTORY_FILE: reader.history,
        **{checkpoint_file(reader.folder, n): partial(_read_checkpoint, reader, n) for n in numbers},
        **{path: partial(_read_saved, path) for path in _saved(reader.folder, numbers)},
    }


def _saved(folder: Path, numbers: list[int]) -> Iterator[Path]:
    return (path for n in numbers if (path := folder / SAVED / f"{n:06d}.keras").exists())


def _read_model(reader: ModelReader) -> None:
    _ = reader.graph, reader.hyperparameters
    for name in reader.samples():
        reader.read_samples(name)


def _read_checkpoint(reader: ModelReader, number: int) -> None:
    checkpoint = reader.checkpoint(number)
    if checkpoint.number != number:
        raise StoreError(f"it says that it is checkpoint {checkpoint.number}")
    checkpoint.all_statistics()
    for path in checkpoint.entries:
        checkpoint.read(path)


def _read_saved(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if (name := archive.testzip()) is not None:
            raise StoreError(f"{name} in it is damaged")


def _read(store: Path, file: Path, read: Reading) -> Problem | None:
    try:
        with reading(file):
            read()
    except StoreError as error:
        return _damaged(store, file, error)
    return None


def _damaged(store: Path, file: Path, error: StoreError) -> Problem:
    return _problem(store, file, str(error).removeprefix(f"{file} ").removeprefix("is "))


def _problem(store: Path, path: Path, what: str) -> Problem:
    return Problem(str(path.relative_to(store)), what)
