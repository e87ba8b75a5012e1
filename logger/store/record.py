"""What the logger hands to the store: plain arrays, no framework's objects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]


@dataclass(frozen=True)
class Samples:
    """The rows that are followed through training; every array has the axis ``sample`` first.

    ``inputs`` and ``labels`` are by name, in the model's order. ``classes`` holds each sample's index
    into ``class_names`` (−1: none) and is None where the task has no classes. ``ids`` are the rows in
    the data set that the samples were chosen from. ``structure`` holds the inputs' names as they were given,
    ``vocabulary`` by the names of inputs the words that numbers in them stand for.
    """

    inputs: Mapping[str, Array]
    ids: NDArray[np.int64]
    labels: Mapping[str, Array] = field(default_factory=dict)
    classes: NDArray[np.int64] | None = None
    class_names: tuple[str, ...] = ()
    structure: Any = None
    vocabulary: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Output:
    """One output of a layer for all samples.

    ``values`` (sample, …) may be rounded already from the dtype ``captured``; then ``class_means`` (…) by the
    index of the class and, where there are units, ``units`` (unit) come from before that, else they are None
    and follow from the values.
    """

    values: Array
    captured: str
    class_means: Mapping[int, Array] | None = None
    units: NDArray[np.void] | None = None

    @classmethod
    def of(cls, values: Array) -> "Output":
        """Return an output as it was captured, from which everything else follows."""
        return cls(values, values.dtype.name)


@dataclass(frozen=True)
class LayerRecord:
    """What one layer held at one checkpoint.

    ``layer`` is the node's id in the model graph. ``outputs`` are by their names in the graph
    (``activations``, ``activations.1``); instead of them ``same_as`` may name the node whose activations
    are passed through. ``weights`` are by variable name, and so is what is ``trainable`` now, where that
    differs from the graph; ``gradients`` by what they are of, which is a variable or an output.
    ``mask`` (sample, time) is there where the layer makes one.
    """

    layer: str
    outputs: Mapping[str, Output] = field(default_factory=dict)
    same_as: str | None = None
    weights: Mapping[str, Array] = field(default_factory=dict)
    trainable: Mapping[str, bool] = field(default_factory=dict)
    gradients: Mapping[str, Array] = field(default_factory=dict)
    mask: Array | None = None

    @property
    def holds_something(self) -> bool:
        """Tell whether there is anything to write."""
        return bool(self.outputs or self.same_as or self.weights or self.gradients) or self.mask is not None


@dataclass(frozen=True)
class StepsRecord:
    """What the steps before a checkpoint did: ``gradient_norm`` and ``update_ratio`` are (step, variable).

    ``steps`` (step) are their numbers, ``variables`` the paths of the variables. The ratio is the norm of a
    step's change by the norm of the variable before it.
    """

    steps: NDArray[np.int64]
    variables: tuple[str, ...]
    gradient_norm: NDArray[np.float32]
    update_ratio: NDArray[np.float32]

    def latest(self, count: int) -> "StepsRecord":
        """Return what the last ``count`` steps did."""
        first = max(0, len(self.steps) - count)
        return StepsRecord(
            self.steps[first:], self.variables, self.gradient_norm[first:], self.update_ratio[first:]
        )


@dataclass(frozen=True)
class CheckpointRecord:
    """Everything that becomes one checkpoint file.

    Whoever writes it takes the ``layers`` out one by one, so that none is held longer than it is needed.
    ``time`` is in seconds since 1970, UTC; ``inference_seconds`` is what the pass of all samples took;
    ``recomputed`` names the layers whose activations are left out to keep the budget.
    """

    number: int
    step: int
    epoch: int
    time: float
    metrics: Mapping[str, float]
    layers: list[LayerRecord]
    predictions: Mapping[str, Array] = field(default_factory=dict)
    class_metrics: NDArray[np.void] | None = None
    updates: StepsRecord | None = None
    recomputed: tuple[str, ...] = ()
    inference_seconds: float | None = None

    @property
    def taken(self) -> str:
        """Return when it was taken (ISO 8601, UTC)."""
        return datetime.fromtimestamp(self.time, UTC).isoformat()
