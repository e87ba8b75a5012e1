"""A folder of models as Python objects that follow it while training runs."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from inspectree.logger.errors import StoreError
from inspectree.logger.store.layout import MODEL_FILE, MODELS
from inspectree.logger.store.opening import reading
from inspectree.server.catalog import Catalog, Experiment, Problem
from inspectree.server.grammar import GRAMMAR, Grammar
from inspectree.server.model import Fingerprint, Model
from inspectree.server.query import ask
from inspectree.server.resolve import Unit, resolve
from inspectree.server.result import Value
from inspectree.server.uoa import UnitOfAnalysis


class Store:
    """All models below a folder. `refresh` looks again and reads only what has changed; it is thread-safe."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.catalog = Catalog()
        self._refreshing = Lock()
        self._folders: dict[Path, Model] = {}
        self._unreadable: dict[Path, tuple[Fingerprint, Problem]] = {}

    @property
    def models(self) -> list[Model]:
        """Return all models that can be read."""
        return list(self.catalog.by_id.values())

    @property
    def experiments(self) -> list[Experiment]:
        """Return the connected sets of models."""
        return list(self.catalog.experiments)

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong: unreadable models, ids used twice, parents missing or in a circle."""
        return list(self.catalog.problems)

    @property
    def unreadable(self) -> set[str]:
        """Return the folders of the models that cannot be read."""
        return {folder.name for folder in self._unreadable}

    def __getitem__(self, wanted: str) -> Model:
        return self.catalog.find(wanted)

    def resolve(self, uoa: str | UnitOfAnalysis) -> Unit:
        """Return what an address stands for; an `UnknownUnitError` says which part of it failed."""
        return resolve(self.catalog, uoa if isinstance(uoa, UnitOfAnalysis) else UnitOfAnalysis.parse(uoa))

    def query(
        self, uoa: str | Sequence[str], pipeline: Sequence[Any] = (), *, grammar: Grammar = GRAMMAR
    ) -> Value:
        """Return what a pipeline makes of the values of one unit of analysis or several.

        Raises
        ------
        UnitError, PipelineError, RequestError, LimitError
            Before any value is read; in one line what was wrong and what would have been right.
        """
        uoas = [uoa] if isinstance(uoa, str) else uoa
        return ask([self.resolve(each) for each in uoas], grammar.parse(pipeline)).value

    def refresh(self) -> Catalog:
        """Look at the folder again; return the store's catalogue, a new one where something is new."""
        with self._refreshing:
            folders = [
                f for f in sorted(self.path.joinpath(MODELS).glob("[!.]*")) if f.joinpath(MODEL_FILE).exists()
            ]
            gone = self._forget_all_but(set(folders))
            changed = [folder for folder in folders if self._look_at(folder)]
            if gone or changed:
                self.catalog = self._assemble()
                self._folders |= {model.folder: model for model in self.models}
            return self.catalog

    def _forget_all_but(self, folders: set[Path]) -> bool:
        """Tell whether there was something to forget."""
        gone = {*self._folders, *self._unreadable} - folders
        for folder in gone:
            self._folders.pop(folder, None)
            self._unreadable.pop(folder, None)
        return bool(gone)

    def _look_at(self, folder: Path) -> bool:
        """Read what is new; tell whether there was something."""
        fingerprint = Fingerprint.of(folder)
        known, failed = self._folders.get(folder), self._unreadable.get(folder)
        if (known and known.is_current(fingerprint)) or (failed and failed[0] == fingerprint):
            return False
        try:
            with reading(folder / MODEL_FILE):
                self._folders[folder] = Model(folder, fingerprint, known)
            self._unreadable.pop(folder, None)
        except StoreError as error:
            self._folders.pop(folder, None)
            self._unreadable[folder] = fingerprint, Problem(folder.name, str(error))
        return True

    def _assemble(self) -> Catalog:
        by_id: dict[str, Model] = {}
        problems = [problem for _, problem in self._unreadable.values()]
        for model in sorted(self._folders.values(), key=lambda m: (m.folder.name != m.id, m.age)):
            if model.id in by_id:
                first = by_id[model.id].folder.name
                problems.append(
                    Problem(model.folder.name, f"it has the same id as {first}: {model.id}; left out")
                )
            else:
                by_id[model.id] = model
        by_age = sorted(by_id.values(), key=lambda model: model.age)
        return Catalog({model.id: model for model in by_age}, tuple(problems))


def open_store(path: Path | str) -> Store:
    """Open a store for reading.

    Raises
    ------
    StoreError
        When there is no such folder.
    """
    store = Store(existing(Path(path)))
    store.refresh()
    return store


def existing(folder: Path) -> Path:
    """Return the folder of a store.

    Raises
    ------
    StoreError
        When there is no such folder.
    """
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.exists() else "does not exist"
        raise StoreError(f"the store {folder} {what}")
    return folder
