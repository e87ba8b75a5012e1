"""Reads every file of a store, and says what is damaged and what belongs to nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inspectree.logger.store.layout import MODEL_FILE, MODELS
from inspectree.server.catalog import Problem
from inspectree.server.family import Family
from inspectree.server.inspector import Answer, Inspector, kind_of
from inspectree.server.store import existing

DAMAGED = "damaged"
"""The folder of a store that damaged files are moved to, below it by their paths in the store."""

LEFTOVER = "a process that was killed left it half-written; it can be deleted"
ORPHAN = "it belongs to nothing in the store"
EMPTY = f"it holds no {MODEL_FILE}: its training ended before it began"
HEADLESS = f"it holds no {MODEL_FILE}, without which nothing in it can be read"


@dataclass(frozen=True)
class Finding(Problem):
    """Something that is not as it should be, and what can be moved away to mend it (None: nothing).

    What is ``harmless`` no reader ever sees: it does not make a store unsound.
    """

    aside: Path | None = None
    harmless: bool = False


@dataclass(frozen=True)
class Known:
    """A model whose file can be read."""

    folder: Path
    answer: Answer

    @property
    def misnamed(self) -> bool:
        """Tell whether its folder does not have its id as its name."""
        return self.folder.name != self.answer.id


def check(path: Path, inspector: Inspector) -> Iterator[Finding | None]:
    """Yield once per file: what is wrong with it, or None; then how models do not fit into the tree.

    All values are read by the inspector, and compared with the statistics and the digest that were written
    with them, which no changed bit escapes. Nothing is changed.

    Raises
    ------
    StoreError
        When there is no such store.
    """
    models: list[Known] = []
    for folder in sorted(existing(path).joinpath(MODELS).glob("[!.]*")):
        yield from _folder(Checked(path, inspector), folder, models)
    yield from _tree(path, models)


@dataclass(frozen=True)
class Checked:
    """A store that is checked, and who reads it."""

    path: Path
    inspector: Inspector

    def finding(self, path: Path, what: str, **more: Path | bool | None) -> Finding:
        """Return a finding at a path in the store, which is what has to go unless told otherwise."""
        return Finding(str(path.relative_to(self.path)), what, **{"aside": path, **more})  # type: ignore[arg-type] # by name


def _folder(store: Checked, folder: Path, models: list[Known]) -> Iterator[Finding | None]:
    """Look at everything in one model's folder; add the model to ``models`` where it can be read."""
    file = folder / MODEL_FILE
    if not file.is_file():
        yield _without_model(store, folder)
        return
    try:
        answer = store.inspector.ask("model", folder, file)
    except FileNotFoundError:
        return  # removed meanwhile, by `inspectree prune`
    if answer.fault is not None:
        yield store.finding(file, answer.fault, aside=None if answer.newer else folder)
        return
    models.append(Known(folder, answer))
    yield None
    for path in sorted(path for path in folder.rglob("*") if path != file and not path.is_dir()):
        yield from _file(store, folder, path, training=answer.training)


def _without_model(store: Checked, folder: Path) -> Finding:
    if not folder.is_dir():
        return store.finding(folder, ORPHAN)
    if any(path.is_file() for path in folder.rglob("[!.]*")):
        return store.finding(folder, HEADLESS)
    return store.finding(folder, EMPTY, aside=None, harmless=True)  # a start with this id may come and use it


def _file(store: Checked, folder: Path, path: Path, *, training: bool) -> Iterator[Finding | None]:
    """Look at one file beside ``model.h5``; what a living process logs stays where it is."""
    aside = None if training else path
    kind = kind_of(folder, path)
    if path.name.startswith("."):
        if ".tmp" in path.suffixes and not training:
            yield store.finding(path, LEFTOVER, harmless=True)
    elif kind is None or not path.is_file():
        yield store.finding(path, ORPHAN, aside=aside)
    else:
        try:
            answer = store.inspector.ask(kind, folder, path)
        except FileNotFoundError:
            return  # removed meanwhile, by the training or by `inspectree prune`
        if answer.fault is None:
            yield None
        else:
            yield store.finding(path, answer.fault, aside=None if answer.newer else aside)


def _tree(path: Path, models: list[Known]) -> Iterator[Finding]:
    """Say which models do not fit into the tree."""
    by_id: dict[str, Known] = {}
    for model in sorted(models, key=lambda model: (model.misnamed, model.folder.name)):
        id_, name = model.answer.id, model.folder.name
        if (first := by_id.setdefault(id_, model)) is not model:
            what = f"it has the same id as {first.folder.name}: {id_}; left out"
            yield Finding(name, what, aside=None if model.answer.training else model.folder)
        elif model.misnamed:
            yield Finding(name, f"its header has the id {id_}, which its folder should have as its name")
    family = Family({id_: model.answer.parents for id_, model in by_id.items()})
    for child, parents in family.missing.items():
        for parent in parents:
            if not (path / DAMAGED / MODELS / parent).is_dir():
                yield Finding(child, f"its parent {parent} is not in the store")
    for child, parent in family.cycles:
        yield Finding(child, f"its parent {parent} descends from it; this link is left out")
