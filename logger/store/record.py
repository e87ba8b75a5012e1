"""What the logger hands to the store: plain arrays, no framework's objects."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]


@dataclass(frozen=True)
class Samples:
    """The rows that are followed through training; every array has the axis ``sample`` first.

    ``inputs`` and ``labels`` are by name, in the model's order. ``classes`` holds each sample's index
    into ``class_names`` (−1: none) and is None where the task has no classes. ``ids`` are the rows in
    the data set that the samples were chosen from.
    """

    inputs: Mapping[str, Array]
    ids: NDArray[np.int64]
    labels: Mapping[str, Array] = field(default_factory=dict)
    classes: NDArray[np.int64] | None = None
    class_names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class LayerRecord:
    """What one layer held at one checkpoint.

    ``layer`` is the node's id in the model graph. Of ``activations`` ``(sample, …)`` and ``same_as`` (the id
    of the node whose activations it passes through) one at most is set. ``weights`` are by variable name.
    """

    layer: str
    activations: Array | None = None
    same_as: str | None = None
    weights: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckpointRecord:
    """Everything that becomes one checkpoint file. ``time`` is in seconds since 1970, UTC."""

    number: int
    step: int
    epoch: int
    time: float
    metrics: Mapping[str, float]
    layers: tuple[LayerRecord, ...]
    predictions: Mapping[str, Array] = field(default_factory=dict)
