"""A hand-written training loop that is logged."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from inspectree.logger.capture.scalars import checked_numbers, iterations_of
from inspectree.logger.ending import one_line
from inspectree.logger.errors import InspectreeError
from inspectree.logger.log import Log


class Loop:
    """Log what happens inside of ``with TreeLogger(...).attach(model) as log:``.

    Entering records the initial state. Leaving ends the log: it has finished, failed where an exception
    leaves the block, which goes on its way, or is interrupted, as by Ctrl-C.
    """

    def __init__(self, log: Log, model: Any, step: int | None, epoch: int | None) -> None:
        self._log = log
        self._model = model
        self._at = step, epoch
        self._inside = False

    @property
    def inside(self) -> bool:
        """Tell whether the block has been entered and not left."""
        return self._inside

    def __enter__(self) -> Self:
        if self._log.is_open:
            raise InspectreeError(f"this TreeLogger logs {self._log.header.name!r} already: end that first")
        step, epoch = self._at
        self._log.begin(self, self._model, {}, step=step, epoch=epoch)
        self._inside = True
        self._iterations = iterations_of(self._model)
        self._log.record_first()
        self._noted = time.perf_counter()
        return self

    def checkpoint(
        self,
        *,
        step: int | None = None,
        epoch: int | None = None,
        metrics: Mapping[str, Any] | None = None,
    ) -> None:
        """Record a checkpoint now, and append ``metrics`` to the history.

        ``step`` and ``epoch`` are how many are done. Steps that are not given are those of the model's own
        optimizer, where that has done some, else one more than before; epochs are as many as before, or one
        more where neither is given.

        Raises
        ------
        InspectreeError
            Outside of the ``with`` block, or when a metric is no number.
        """
        if not self._inside:
            raise InspectreeError(
                "checkpoint() is for the inside of `with TreeLogger(...).attach(model) as log:`"
            )
        scalars = checked_numbers(metrics or {})
        self._go_to(step, epoch)
        if scalars:
            now = time.perf_counter()
            self._log.note(now - self._noted, scalars)
            self._noted = now
        self._log.record(scalars)

    def _go_to(self, step: int | None, epoch: int | None) -> None:
        progress = self._log.progress
        if epoch is None:
            epoch = progress.epoch + (step is None)
        if step is None:
            iterations = iterations_of(self._model)
            step = progress.step + max(1, iterations - self._iterations)
            self._iterations = iterations
        progress.go_to(_count("step", step), _count("epoch", epoch))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._inside = False
        if error is None:
            self._log.end()
        elif isinstance(error, Exception):
            self._log.end("failed", one_line(error))
        else:
            self._log.end("interrupted")


def _count(name: str, value: Any) -> int:
    try:
        return int(value.__index__())
    except AttributeError:
        raise InspectreeError(f"{name}={value!r} is not a whole number") from None
