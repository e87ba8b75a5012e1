"""What a measure of interestingness is."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from inspectree.logger.architecture.model_graph import Node
from inspectree.logger.statistics import Statistics
from inspectree.logger.store.reader import Entry
from inspectree.server.checkpoint import Checkpoint

EVERYTHING = frozenset({"weights", "activations"})
WEIGHTS = frozenset({"weights"})
ACTIVATIONS = frozenset({"activations"})


@dataclass(frozen=True)
class Variable:
    """A variable of a layer at a checkpoint; ``initial`` is the model's first checkpoint."""

    node: Node
    entry: Entry
    checkpoint: Checkpoint
    initial: Checkpoint

    @property
    def statistics(self) -> Statistics:
        """Return the stored descriptors."""
        return self.checkpoint.statistics[self.entry.path]

    @property
    def type(self) -> str:
        """Return what it is compared with: the variables of the same name, or all activations."""
        return self.entry.name


class Measure(ABC):
    """A number for each variable; the farther from its baseline, the more interesting the variable.

    ``baseline`` None stands for the median of the variables of the same type. ``kinds`` are the
    variables that the measure says something about.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    kinds: ClassVar[frozenset[str]] = EVERYTHING
    baseline: ClassVar[float | None] = None

    @abstractmethod
    def raw(self, variable: Variable) -> float:
        """Return the number; NaN where it is not defined."""
