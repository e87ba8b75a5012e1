"""What a measure of interestingness is."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from math import nan
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from typing_extensions import override

from inspectree.logger.statistics import Statistics
from inspectree.server.interestingness.observed import Observed
from inspectree.server.interestingness.subjects import Layer, Variable

Kind = Literal["weights", "activations", "layers"]
Source = Literal["graph", "statistics", "unit statistics", "class means", "values"]

EVERYTHING: frozenset[Kind] = frozenset({"weights", "activations"})
WEIGHTS: frozenset[Kind] = frozenset({"weights"})
ACTIVATIONS: frozenset[Kind] = frozenset({"activations"})
LAYERS: frozenset[Kind] = frozenset({"layers"})

ZERO: Mapping[str, Any] = MappingProxyType({"kind": "value", "value": 0.0})
OTHER_LAYERS: Mapping[str, Any] = MappingProxyType({"kind": "layers"})
KNOWN_SEQUENCES: Mapping[str, Any] = MappingProxyType({"kind": "sequences"})
"""Baselines where none is asked for."""


class Measure(ABC):
    """A number for each variable or layer; the farther from its baseline, the more interesting.

    ``kinds`` are what it says something about and ``source`` is what has to be read for it. ``baseline`` is
    what it is compared with where nothing else is asked for, ``without`` is why a subject may have no
    value. ``temporal`` is what already compares two checkpoints. ``constants`` are the numbers that it is
    defined by, as JSON, for those who draw the same.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    kinds: ClassVar[frozenset[Kind]] = EVERYTHING
    source: ClassVar[Source] = "statistics"
    baseline: ClassVar[Mapping[str, Any]] = OTHER_LAYERS
    divergence: ClassVar[str] = "absolute"
    without: ClassVar[str] = "it holds no finite values that vary, or no statistics of them are stored"
    temporal: ClassVar[bool] = False
    constants: ClassVar[Mapping[str, Any]] = MappingProxyType({})

    @abstractmethod
    def observe(self, subject: Any) -> Observed:
        """Return what is seen; NaN where it is not defined."""


class VariableMeasure(Measure):
    """A measure of one variable."""

    @abstractmethod
    @override
    def observe(self, subject: Variable) -> Observed: ...


class StatisticsMeasure(VariableMeasure):
    """A measure that follows from a variable's stored descriptors, or from those that are expected of it."""

    @override
    def observe(self, subject: Variable) -> Observed:
        statistics = subject.statistics
        return nan if statistics is None else self.of(statistics, subject)

    @abstractmethod
    def of(self, statistics: Statistics, variable: Variable) -> Observed:
        """Return what these descriptors tell of a variable."""


class LayerMeasure(Measure):
    """A measure of one layer of a graph."""

    kinds = LAYERS
    source = "graph"
    baseline = KNOWN_SEQUENCES

    @abstractmethod
    @override
    def observe(self, subject: Layer) -> Observed: ...
