"""What is scored on the lowest level: a variable at a checkpoint, or a layer of a graph."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inspectree.logger.architecture.model_graph import Node
from inspectree.logger.errors import StoreError
from inspectree.logger.statistics import Statistics
from inspectree.logger.store.layout import class_means_of
from inspectree.logger.store.reader import Entry
from inspectree.server.checkpoint import Checkpoint
from inspectree.server.errors import UnknownUnitError
from inspectree.server.interestingness.sequences.counts import Sequences
from inspectree.server.interestingness.sequences.words import Path
from inspectree.server.model import Model


@dataclass(frozen=True)
class Moment:
    """A model at a checkpoint."""

    model: Model
    checkpoint: Checkpoint

    @classmethod
    def of(cls, model: Model, wanted: int | str) -> "Moment":
        """Return a model at a checkpoint.

        Raises
        ------
        UnknownUnitError, StoreError
            When there is no such checkpoint, or it cannot be read.
        """
        moment = cls(model, model.checkpoint(wanted))
        _ = moment.entries, moment.statistics  # damage shows here
        return moment

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Return what the checkpoint holds, by path."""
        return self.checkpoint.entries

    @cached_property
    def statistics(self) -> Mapping[str, Statistics]:
        """Return the stored descriptors by path."""
        return self.checkpoint.statistics

    @cached_property
    def first(self) -> "Moment | None":
        """Return the same model before it was trained; None where that cannot be read."""
        return self._other("first")

    @cached_property
    def previous(self) -> "Moment | None":
        """Return the same model at the checkpoint before; None at the first, or where it cannot be read."""
        before = [number for number in self.model.checkpoint_numbers if number < self.checkpoint.number]
        return self._other(before[-1]) if before else None

    def _other(self, wanted: int | str) -> "Moment | None":
        try:
            return Moment.of(self.model, wanted)
        except (UnknownUnitError, StoreError):
            return None

    @cached_property
    def class_sizes(self) -> Mapping[int, int]:
        """Return how many samples each class has; those without a class are −1."""
        if "class" not in self.model.samples:
            return {}
        classes, sizes = np.unique(np.asarray(self.model.read_samples("class")), return_counts=True)
        return dict(zip(classes.tolist(), sizes.tolist(), strict=True))

    def variables(self) -> "Iterator[Variable]":
        """Yield the weights and activations of all layers but the inputs."""
        nodes = self.model.architecture.by_id
        for entry in self.entries.values():
            node = nodes.get(entry.layer)
            if node is not None and node.kind != "input" and entry.kind in {"weights", "activations"}:
                yield Variable(self.model, node, self, entry)

    def variable(self, path: str) -> "Variable | None":
        """Return the variable of a path, where there is one."""
        entry = self.entries.get(path)
        node = None if entry is None else self.model.architecture.by_id.get(entry.layer)
        return None if entry is None or node is None else Variable(self.model, node, self, entry)


@dataclass(frozen=True)
class Subject(ABC):
    """What a measure gives a value for."""

    model: Model
    node: Node

    @property
    @abstractmethod
    def address(self) -> str:
        """Return the unit of analysis."""

    @property
    @abstractmethod
    def type(self) -> str:
        """Return what it is compared with: all of the same type."""

    @property
    @abstractmethod
    def path(self) -> str:
        """Return where it is within its model."""


@dataclass(frozen=True)
class Variable(Subject):
    """A variable of a layer at a checkpoint."""

    moment: Moment
    entry: Entry

    @property
    def address(self) -> str:
        """Return the unit of analysis."""
        return f"{self.model.id}@{self.moment.checkpoint.number}/{self.entry.path}"

    @property
    def type(self) -> str:
        """Return the variable's own name, such as ``kernel`` or ``activations``."""
        return self.entry.name

    @property
    def path(self) -> str:
        """Return where it is within its model."""
        return self.entry.path

    @property
    def statistics(self) -> Statistics | None:
        """Return the stored descriptors, where there are some."""
        return self.moment.statistics.get(self.entry.path)

    @property
    def class_means(self) -> Entry | None:
        """Return where the means of its values per class are, where there are some."""
        return self.moment.entries.get(f"{self.entry.layer}/{class_means_of(self.entry.name)}")

    def at(self, moment: Moment | None) -> "Variable | None":
        """Return the variable of the same path at another moment."""
        return None if moment is None else moment.variable(self.entry.path)


@dataclass(frozen=True)
class Layer(Subject):
    """A layer of a graph, the paths that lead to it, and what is known of such paths from elsewhere."""

    paths: tuple[Path, ...]
    sequences: Sequences

    @property
    def address(self) -> str:
        """Return the unit of analysis."""
        return f"{self.model.id}/{self.node.id}"

    @property
    def type(self) -> str:
        """Return that it is compared with all layers."""
        return "layer"

    @property
    def path(self) -> str:
        """Return where it is within its model."""
        return self.node.id

    @property
    def rarest(self) -> Path:
        """Return the path that is the least probable."""
        return max(self.paths, key=self.sequences.surprisal)
