"""A folder of models as Python objects that follow it while training runs."""

from collections.abc import Collection, Sequence
from pathlib import Path
from threading import Event, Lock
from typing import Any

from inspectree.logger.errors import StoreError
from inspectree.logger.store.head import Head
from inspectree.logger.store.layout import MODEL_FILE, MODELS
from inspectree.logger.store.reader import ModelReader
from inspectree.server.catalog import Catalog, Experiment, Problem
from inspectree.server.files import Files, Here
from inspectree.server.grammar import GRAMMAR, Grammar
from inspectree.server.model import Fingerprint, Model
from inspectree.server.query import ask
from inspectree.server.resolve import Unit, resolve
from inspectree.server.result import Value
from inspectree.server.uoa import UnitOfAnalysis


class Store:
    """All models below a folder. `refresh` looks again and reads only what has changed; it is thread-safe.

    ``files`` read the models' files, in this process where none are given.
    """

    def __init__(self, path: Path, files: Files | None = None) -> None:
        self.path = path
        self._files = files or Here()
        self.catalog = Catalog()
        self._refreshing = Lock()
        self._loaded = Event()
        self._folders: dict[Path, Model] = {}
        self._unreadable: dict[Path, tuple[Fingerprint, Problem]] = {}

    @property
    def is_loaded(self) -> bool:
        """Tell whether the whole folder has been looked at."""
        return self._loaded.is_set()

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
        units = [self.resolve(each) for each in uoas]
        return ask(units, grammar.parse(pipeline), resolve=self.resolve).value

    def refresh(self, only: Collection[str] | None = None) -> Catalog:
        """Look at the folder again; return the store's catalogue, a new one where something is new.

        ``only`` names the models' folders to look at; None stands for all that there are.
        """
        with self._refreshing:
            looked_at = None if only is None else {self.path / MODELS / name for name in only}
            folders = self._present(looked_at)
            gone = self._forget(looked_at, set(folders))
            changed = self._look_at(folders)
            if gone or changed:
                self.catalog = self._assemble()
                self._folders |= {model.folder: model for model in self.models}
            if only is None:
                self._loaded.set()
            return self.catalog

    def restless(self) -> set[str]:
        """Return the folders where something may be new: unknown and unreadable ones, those in training."""
        known = {*self._folders, *self._unreadable}
        unknown = {folder.name for folder in self._listed() if folder not in known}
        training = {model.folder.name for model in self.models if model.state == "training"}
        return unknown | training | self.unreadable

    def _listed(self) -> list[Path]:
        return sorted(self.path.joinpath(MODELS).glob("[!.]*"))

    def _present(self, looked_at: set[Path] | None) -> list[Path]:
        """Return the folders that hold a model's file, of those that are looked at (None: all)."""
        folders = self._listed() if looked_at is None else sorted(looked_at)
        return [folder for folder in folders if folder.joinpath(MODEL_FILE).exists()]

    def _forget(self, looked_at: set[Path] | None, present: set[Path]) -> bool:
        """Forget models that are gone, of those that were looked at; tell whether there were some."""
        gone = {*self._folders, *self._unreadable} - present
        gone = gone if looked_at is None else gone & looked_at
        for folder in gone:
            self._folders.pop(folder, None)
            self._unreadable.pop(folder, None)
        return bool(gone)

    def _look_at(self, folders: Sequence[Path]) -> bool:
        """Read what is new; tell whether there was something."""
        prints = {folder: Fingerprint.of(folder) for folder in folders}
        changed = [folder for folder, fingerprint in prints.items() if self._is_new(folder, fingerprint)]
        rewritten = [folder for folder in changed if not self._has_same_file(folder, prints[folder])]
        heads = dict(zip(rewritten, self._files.heads(rewritten), strict=True))
        for folder in changed:
            self._take(folder, prints[folder], heads.get(folder))
        return bool(changed)

    def _is_new(self, folder: Path, fingerprint: Fingerprint) -> bool:
        known, failed = self._folders.get(folder), self._unreadable.get(folder)
        return not ((known and known.is_current(fingerprint)) or (failed and failed[0] == fingerprint))

    def _has_same_file(self, folder: Path, fingerprint: Fingerprint) -> bool:
        known = self._folders.get(folder)
        return known is not None and known.fingerprint.model == fingerprint.model

    def _take(self, folder: Path, fingerprint: Fingerprint, head: Head | StoreError | None) -> None:
        """Keep a model as it is now; ``head`` is None where its file is the same as before."""
        known = self._folders.get(folder)
        if isinstance(head, StoreError):
            self._folders.pop(folder, None)
            self._unreadable[folder] = fingerprint, Problem(folder.name, str(head))
            return
        self._unreadable.pop(folder, None)
        reader = ModelReader(folder, head) if head is not None or known is None else known.reader
        self._folders[folder] = Model(reader, fingerprint, self._files, known)

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
