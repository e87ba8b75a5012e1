"""When to record: pure answers to "after this step, after this epoch?"."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from math import log10
from typing import ClassVar, Literal

Schedule = Callable[[int, int], bool]
"""``(step, epoch) -> bool`` of the optimizer steps and the epochs that are done."""


@dataclass(frozen=True)
class Every(ABC):
    """A schedule that says itself when it wants to be asked: `Every.epochs(2)`, `Every.steps(100)`."""

    asked_after: ClassVar[Literal["step", "epoch"]] = "step"

    count: int

    def __post_init__(self) -> None:
        if isinstance(self.count, bool) or not isinstance(self.count, int) or self.count < 1:
            raise ValueError(f"a schedule counts in whole numbers from 1, not {self.count!r}")

    @abstractmethod
    def __call__(self, step: int, epoch: int) -> bool:
        """Tell whether to record now, when ``step`` steps and ``epoch`` epochs are done."""

    @staticmethod
    def epochs(count: int) -> Every:
        """Record at the end of every ``count``-th epoch."""
        return _Epochs(count)

    @staticmethod
    def steps(count: int) -> Every:
        """Record after every ``count``-th optimizer step, or as soon after it as Keras tells."""
        return _Steps(count)

    @staticmethod
    def log_spaced(count: int) -> Every:
        """Record ``count`` times per tenfold of the steps: with 3 after 1, 2, 5, 10, 22, 46, 100, … steps."""
        return _LogSpaced(count)


class _Epochs(Every):
    asked_after = "epoch"

    def __call__(self, step: int, epoch: int) -> bool:  # noqa: ARG002 - one signature for all schedules
        return epoch % self.count == 0


class _Steps(Every):
    def __call__(self, step: int, epoch: int) -> bool:  # noqa: ARG002 - one signature for all schedules
        return step % self.count == 0


class _LogSpaced(Every):
    def __call__(self, step: int, epoch: int) -> bool:  # noqa: ARG002 - one signature for all schedules
        if step < 1:
            return False
        nearest = round(self.count * log10(step))
        return any(round(10 ** (place / self.count)) == step for place in range(nearest - 1, nearest + 2))


def as_schedule(every: str | Schedule) -> Schedule:
    """Return the schedule that ``every`` names or is.

    Raises
    ------
    ValueError
        When it is neither ``"epoch"`` nor callable.
    """
    if every == "epoch":
        return Every.epochs(1)
    if callable(every):
        return every
    raise ValueError(
        f"every={every!r} is no schedule: use 'epoch', Every.epochs(n), Every.steps(n), "
        "Every.log_spaced(k) or a function of (step, epoch)"
    )


def asked_after_steps(schedule: Schedule) -> bool:
    """Tell whether a schedule is asked after every step (any function is) or only when epochs end."""
    return not isinstance(schedule, Every) or schedule.asked_after == "step"
