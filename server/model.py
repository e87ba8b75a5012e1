"""One model as the server sees it at one moment."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.errors import StoreError
from inspectree.logger.header import Header
from inspectree.logger.store.layout import CHECKPOINTS, HISTORY_FILE, MODEL_FILE, checkpoint_file
from inspectree.logger.store.opening import reading
from inspectree.logger.store.reader import ModelReader
from inspectree.server.checkpoint import Checkpoint
from inspectree.server.errors import UnknownUnitError
from inspectree.server.identity import Identity, identity
from inspectree.server.nearest import nearest
from inspectree.server.size import folder_bytes

if TYPE_CHECKING:
    from inspectree.server.catalog import Catalog

HISTORY_COLUMNS = ("epoch", "step", "time", "seconds")

BEST_BY = ("val_loss", "loss")
"""The metric by which a checkpoint is the best: the lowest of the first of these that is recorded."""


@dataclass(frozen=True)
class Fingerprint:
    """What tells, without opening a file, that something of a model has changed."""

    model: Identity | None
    history: Identity | None
    checkpoints: Identity | None

    @classmethod
    def of(cls, folder: Path) -> "Fingerprint":
        """Return the present fingerprint of a model's folder."""
        return cls(*(identity(folder / name) for name in (MODEL_FILE, HISTORY_FILE, CHECKPOINTS)))


class Model:
    """One generation: its header, place in the tree, architecture, history and checkpoints.

    It shows the model at the time of one of the store's refreshes, in the catalogue that was made then.
    ``previous`` is the model as it was at the refresh before; what has not changed since is taken over.
    """

    def __init__(self, folder: Path, fingerprint: Fingerprint, previous: "Model | None" = None) -> None:
        self._catalog: Catalog
        self.folder, self.fingerprint = folder, fingerprint
        self._reader: ModelReader
        self._numbers: tuple[int, ...]
        self._checkpoints: dict[int, Checkpoint] = {}
        self._sizes: dict[str, int] = {} if previous is None else dict(previous._sizes)
        self._problems: dict[str, None] = {}
        self.kept: dict[Hashable, Any] = {}
        """What others have made of it: it stays true until something of the model changes."""
        if previous is not None and previous.fingerprint.model == fingerprint.model:
            self._reader = previous._reader
            self._numbers = tuple(self._reader.checkpoint_numbers())
            known = dict(previous._checkpoints)
            self._checkpoints = {number: known[number] for number in self._numbers if number in known}
        else:
            self._reader = ModelReader(folder)
            self._numbers = tuple(self._reader.checkpoint_numbers())
            _ = self._reader.graph, self._reader.hyperparameters  # read once; damage shows here and now
        self.state = self._reader.state
        self.error = self._reader.error

    def is_current(self, fingerprint: Fingerprint) -> bool:
        """Tell whether nothing has changed, the process that trains the model included."""
        return self.fingerprint == fingerprint and self.state == self._reader.state

    def within(self, catalog: "Catalog") -> Self:
        """Return the same model in another catalogue; everything that has been read of it is shared."""
        model = copy(self)
        model._catalog = catalog
        return model

    @property
    def header(self) -> Header:
        """Return the identity and the parents."""
        return self._reader.header

    @property
    def id(self) -> str:
        """Return the id."""
        return self.header.id

    @property
    def class_names(self) -> tuple[str, ...]:
        """Return the names of the classes; empty where there are none."""
        return self._reader.class_names

    @property
    def architecture(self) -> ModelGraph:
        """Return layers, operations, variables and how data flows between them."""
        return self._reader.graph

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """Return how the model was trained."""
        return self._reader.hyperparameters

    @property
    def problems(self) -> tuple[str, ...]:
        """Return what has been found damaged so far: checkpoints or the history."""
        return tuple(self._problems)

    @cached_property
    def started(self) -> str:
        """Return when the first checkpoint was taken (ISO 8601, UTC); empty before there is one."""
        return next((checkpoint.time for checkpoint in self._readable()), "")

    @property
    def age(self) -> tuple[bool, str, str]:
        """Return what sorts models from the oldest to the youngest, those without a checkpoint last."""
        return not self.started, self.started, self.id

    @property
    def parents(self) -> list["Model"]:
        """Return the models it was derived from, as far as the store held them."""
        return self._catalog.parents(self.id)

    @property
    def missing_parents(self) -> tuple[str, ...]:
        """Return the ids of parents that the store does not hold."""
        return self._catalog.family.missing[self.id]

    @property
    def children(self) -> list["Model"]:
        """Return the models that were derived from it."""
        return self._catalog.children(self.id)

    @property
    def depth(self) -> int:
        """Return the generations between it and the farthest root above it."""
        return self._catalog.family.depths[self.id]

    @cached_property
    def history(self) -> pd.DataFrame:
        """Return one row per epoch: epoch, step, time, seconds, and a column per metric."""
        try:
            with reading(self.folder / HISTORY_FILE):
                lines = self._reader.history()
        except StoreError as error:
            self._problems[str(error)] = None
            lines = []
        rows = [{**{key: line[key] for key in HISTORY_COLUMNS}, **line["metrics"]} for line in lines]
        return pd.DataFrame(rows, columns=None if rows else list(HISTORY_COLUMNS))

    @property
    def last_metrics(self) -> dict[str, float]:
        """Return the metrics of the last epoch, or of the last checkpoint where there is no history."""
        if len(self.history):
            return {
                str(k): float(v) for k, v in self.history.drop(columns=[*HISTORY_COLUMNS]).iloc[-1].items()
            }
        last = next(self._readable(reversed(self._numbers)), None)
        return {} if last is None else dict(last.metrics)

    @cached_property
    def nbytes(self) -> int:
        """Return the size of the model's files."""
        return folder_bytes(self.folder, self._sizes)

    @property
    def checkpoint_numbers(self) -> tuple[int, ...]:
        """Return the numbers of the checkpoints, ascending."""
        return self._numbers

    @property
    def checkpoints(self) -> list[Checkpoint]:
        """Return the checkpoints that can be read, in the order of training.

        Those that were read before are not looked at again: a checkpoint's file never changes.
        """
        return list(self._readable())

    def _readable(self, numbers: Iterable[int] | None = None) -> Iterator[Checkpoint]:
        for number in self._numbers if numbers is None else numbers:
            try:
                known = self._checkpoints.get(number)
                yield self._checkpoint(number) if known is None else known
            except StoreError as error:
                self._problems[str(error)] = None

    def checkpoint(self, wanted: int | str = "last") -> Checkpoint:
        """Return a checkpoint by its number, or ``last``, ``first`` or ``best``.

        Raises
        ------
        UnknownUnitError
            When there is no such checkpoint.
        """
        title = self.header.title
        if not self._numbers:
            raise UnknownUnitError(f"{title} has no checkpoint yet", f"{self.id}@{wanted}")
        if wanted == "best":
            return self._best()
        number = {"first": self._numbers[0], "last": self._numbers[-1]}.get(str(wanted), wanted)
        if number not in self._numbers:
            hint = nearest(str(wanted), map(str, self._numbers))
            raise UnknownUnitError(f"{title} has no checkpoint {wanted}; {hint}", f"{self.id}@{wanted}")
        return self._checkpoint(int(number))

    def _best(self) -> Checkpoint:
        for metric in BEST_BY:
            known = [c for c in self.checkpoints if not isnan(c.metrics.get(metric, nan))]
            if known:
                return min(known, key=lambda checkpoint: checkpoint.metrics[metric])
        wanted = " or ".join(BEST_BY)
        raise UnknownUnitError(
            f"{self.header.title} has no best checkpoint: none records {wanted}", f"{self.id}@best"
        )

    def _checkpoint(self, number: int) -> Checkpoint:
        """Return a checkpoint; what was read of it before is kept while its file is the same."""
        known = self._checkpoints.get(number)
        if known is None or not known.is_current():
            with reading(checkpoint_file(self.folder, number)):
                known = self._checkpoints[number] = Checkpoint(self._reader.checkpoint(number))
        return known

    @property
    def samples(self) -> Mapping[str, Any]:
        """Return what is stored of the samples, by name: ``x``, ``y_label``, ``class``, ``id``."""
        return self._reader.samples()

    def read_samples(self, name: str, positions: Any = slice(None)) -> Any:
        """Return inputs, labels, classes or ids ``(sample, …)`` at the chosen positions."""
        return self._reader.read_samples(name, {"sample": positions})
