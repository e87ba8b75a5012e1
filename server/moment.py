"""When a checkpoint was taken, and what a history tells in short."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MOMENT_KEYS = ("number", "step", "epoch", "taken", "metrics")
"""What a line of a history tells of a checkpoint."""

COST_KEYS = ("step_seconds", "peak_memory")
"""What it may tell besides."""


@dataclass(frozen=True)
class Moment:
    """When a checkpoint was taken, and the metrics then; what training cost until then, where that is told.

    ``step_seconds`` is the time per step since the checkpoint before, ``peak_memory`` is in bytes.
    """

    number: int
    step: int
    epoch: int
    time: str
    metrics: Mapping[str, float]
    step_seconds: float | None = None
    peak_memory: int | None = None


@dataclass(frozen=True)
class Told:
    """A history in short: its checkpoints by their numbers, epochs done, seconds they took, last metrics.

    ``metrics`` are those of the last epoch, None where there is none.
    """

    moments: Mapping[int, Moment]
    epochs: int
    seconds: float
    metrics: Mapping[str, float] | None

    @classmethod
    def by(cls, lines: Iterable[Mapping[str, Any]]) -> "Told":
        """Return what the lines of a history tell."""
        moments, epochs, seconds, metrics = {}, 0, 0.0, None
        for line in lines:
            if "kind" not in line:
                epochs, metrics = max(epochs, line["epoch"]), line["metrics"]
                seconds += line["seconds"]
            elif line["kind"] == "checkpoint" and all(key in line for key in MOMENT_KEYS):
                told = [*(line[key] for key in MOMENT_KEYS), *(line.get(key) for key in COST_KEYS)]
                moments[line["number"]] = Moment(*told)
        return cls(moments, epochs, seconds, metrics)
