"""One model as the server sees it at one moment."""

from collections.abc import Hashable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from math import isnan, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from inspectree.logger.architecture.model_graph import ModelGraph, Outline
from inspectree.logger.errors import StoreError
from inspectree.logger.header import Header
from inspectree.logger.store.layout import CHECKPOINTS, HISTORY_FILE, MODEL_FILE, checkpoint_file
from inspectree.logger.store.opening import reading
from inspectree.logger.store.reader import ModelReader
from inspectree.server.checkpoint import Checkpoint
from inspectree.server.errors import UnknownUnitError
from inspectree.server.files import Files
from inspectree.server.identity import Identity, identity
from inspectree.server.moment import Moment, Told
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
    ``files`` read what its own files say. ``previous`` is the model as it was at the refresh before; what has
    not changed since is taken over.
    """

    def __init__(
        self, reader: ModelReader, fingerprint: Fingerprint, files: Files, previous: "Model | None" = None
    ) -> None:
        self._catalog: Catalog
        self.folder, self.fingerprint = reader.folder, fingerprint
        self._reader, self._files = reader, files
        self._numbers = tuple(reader.checkpoint_numbers())
        self._sizes: dict[str, int] = {} if previous is None else dict(previous._sizes)
        self._problems: dict[str, None] = {}
        self.kept: dict[Hashable, Any] = {}
        """What others have made of it: it stays true until something of the model changes."""
        self._checkpoints: dict[int, Checkpoint] = {}
        self._opened: dict[tuple[int, Identity | None], Moment] = {}
        if previous is not None and previous._reader is reader:
            self._checkpoints, self._opened = previous._checkpoints, previous._opened
        self.state = reader.state
        self.error = reader.error

    def is_current(self, fingerprint: Fingerprint) -> bool:
        """Tell whether nothing has changed, the process that trains the model included."""
        return self.fingerprint == fingerprint and self.state == self._reader.state

    def within(self, catalog: "Catalog") -> Self:
        """Return the same model in another catalogue; everything that has been read of it is shared."""
        model = copy(self)
        model._catalog = catalog
        return model

    @property
    def reader(self) -> ModelReader:
        """Return what reads its file."""
        return self._reader

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
    def outline(self) -> Outline:
        """Return the architecture in a few numbers."""
        return self._reader.head.outline

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
        return next((moment.time for moment in self.moments), "")

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

    def _lines(self) -> list[dict[str, Any]]:
        lines, wrong = self._reader.sound_lines()
        if wrong is not None:
            self._problems[wrong] = None
        return lines

    @cached_property
    def _told(self) -> Told:
        return Told.by(self._lines())

    @cached_property
    def history(self) -> pd.DataFrame:
        """Return one row per epoch: epoch, step, time, seconds, and a column per metric."""
        epochs = [line for line in self._lines() if "kind" not in line]
        rows = [{**{key: line[key] for key in HISTORY_COLUMNS}, **line["metrics"]} for line in epochs]
        return pd.DataFrame(rows, columns=None if rows else list(HISTORY_COLUMNS))

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """Return when the checkpoints that can be read were taken, by the history where it tells them."""
        told = self._told.moments
        found = (told.get(number) or self._look_into(number) for number in self._numbers)
        return tuple(moment for moment in found if moment is not None)

    def _look_into(self, number: int) -> Moment | None:
        """Return when a checkpoint was taken by its own file; None where that cannot be read."""
        key = number, identity(checkpoint_file(self.folder, number))
        if key not in self._opened:
            try:
                self._opened[key] = Moment(*self._files.moment(self._reader, number))
            except StoreError as error:
                self._problems[str(error)] = None
        return self._opened.get(key)

    @property
    def last_metrics(self) -> dict[str, float]:
        """Return the metrics of the last epoch, or of the last checkpoint where there is no history."""
        if self._told.metrics is not None:
            return dict(self._told.metrics)
        return dict(self.moments[-1].metrics) if self.moments else {}

    @property
    def epochs(self) -> int:
        """Return how many epochs are done, by the history."""
        return self._told.epochs

    @property
    def seconds(self) -> float:
        """Return the training time of all epochs."""
        return self._told.seconds

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
        """Return the checkpoints that can be read, in the order of training."""
        return list(self._readable())

    def _readable(self) -> Iterator[Checkpoint]:
        for number in self._numbers:
            try:
                yield self._checkpoint(number)
            except StoreError as error:
                self._problems[str(error)] = None

    def checkpoint(self, wanted: int | str = "last") -> Checkpoint:
        """Return a checkpoint by its number, or ``last``, ``first`` or ``best``.

        Raises
        ------
        UnknownUnitError
            When there is no such checkpoint.
        """
        return self._checkpoint(self.number(wanted))

    def number(self, wanted: int | str = "last") -> int:
        """Return the number of a checkpoint, without opening it.

        Raises
        ------
        UnknownUnitError
            When there is no such checkpoint.
        """
        title = self.header.title
        if not self._numbers:
            raise UnknownUnitError(f"{title} has no checkpoint yet", f"{self.id}@{wanted}")
        if wanted == "best":
            return self.best.number
        number = {"first": self._numbers[0], "last": self._numbers[-1]}.get(str(wanted), wanted)
        if number not in self._numbers:
            hint = nearest(str(wanted), map(str, self._numbers))
            raise UnknownUnitError(f"{title} has no checkpoint {wanted}; {hint}", f"{self.id}@{wanted}")
        return int(number)

    @property
    def best(self) -> Moment:
        """Return the moment of the lowest validation loss, or loss where there is none.

        Raises
        ------
        UnknownUnitError
            When no checkpoint records one.
        """
        for metric in BEST_BY:
            known = [moment for moment in self.moments if not isnan(moment.metrics.get(metric, nan))]
            if known:
                return min(known, key=lambda moment: moment.metrics[metric])
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

    @property
    def vocabulary(self) -> Mapping[str, tuple[str, ...]]:
        """Return the words that numbers in the inputs stand for, by the names of inputs."""
        return self._reader.vocabulary

    def read_samples(self, name: str, positions: Any = slice(None)) -> Any:
        """Return inputs, labels, classes or ids ``(sample, …)`` at the chosen positions."""
        return self._reader.read_samples(name, {"sample": positions})
