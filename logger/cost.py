"""What logging costs a training: the time that it is held, and what is not there for it."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from inspectree.logger.budget import readable_size


class Cost:
    """The cost of one training run; all times are in seconds.

    ``missed`` counts the checkpoints that were due and are not there.
    """

    def __init__(self) -> None:
        self.begin()
        self._entered: float | None = None

    def begin(self) -> None:
        """Count anew."""
        self.missed = 0
        self._began = time.perf_counter()
        self._held = 0.0
        self._last = 0.0, 0

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Count the time inside the block as held."""
        self._entered = time.perf_counter()
        try:
            yield
        finally:
            self._held, self._entered = self.held, None

    @property
    def held(self) -> float:
        """Return how long the training has waited for the logger."""
        begun = self._began if self._entered is None else max(self._entered, self._began)
        return self._held + (0.0 if self._entered is None else time.perf_counter() - begun)

    @property
    def seconds(self) -> float:
        """Return how long the run has lasted."""
        return time.perf_counter() - self._began

    def step_seconds(self, step: int) -> float | None:
        """Return the time per step since this was asked last, without what was held; None without a step."""
        trained, (before, step_before) = self.seconds - self.held, self._last
        self._last = trained, step
        return (trained - before) / (step - step_before) if step > step_before else None

    def line(self, checkpoints: int, size: int, folder: object) -> str:
        """Return what people are told at the end."""
        missed = f" ({self.missed} missed)" if self.missed else ""
        share = self.held / max(self.seconds, sys.float_info.min)
        return (
            f"{checkpoints} checkpoint{'s' * (checkpoints != 1)}{missed}, {readable_size(size)} in {folder}; "
            f"the training was held for {self.held:.1f} s ({share:.1%})"
        )


def peak_memory() -> int | None:
    """Return the most memory that this process has had resident, in bytes; None where it is not told."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
