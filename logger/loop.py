"""A hand-written training loop that is logged."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from inspectree.logger.capture.scalars import iterations_of
from inspectree.logger.errors import InspectreeError, one_line
from inspectree.logger.log import Log


class Loop:
    """Log what happens inside of ``with TreeLogger(...).attach(model) as log:``.

    Entering records the initial state. Leaving ends the log: it has finished, failed where an exception
    leaves the block, which goes on its way, or is interrupted, as by Ctrl-C.
    """

    def __init__(self, log: Log, model: Any, step: Any, epoch: Any) -> None:
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
        self._log.begin(self, self._model, dict, step=step, epoch=epoch, in_loop=True)
        self._inside = True
        self._iterations = self._counted()
        self._log.record_first()
        self._noted = time.perf_counter()
        return self

    def checkpoint(
        self,
        *,
        step: Any = None,
        epoch: Any = None,
        metrics: Mapping[str, Any] | None = None,
    ) -> None:
        """Record a checkpoint now, and append ``metrics`` to the history.

        ``step`` and ``epoch`` are how many are done, as whole numbers of any kind, such as
        ``model.optimizer.iterations``. Steps that are not given are those of the model's own
        optimizer, where that has done some, else one more than before; epochs are as many as before, or one
        more where neither is given.

        Raises
        ------
        InspectreeError
            Outside of the ``with`` block; and with ``on_error="raise"``, when a metric, which is left out
            otherwise, is no number, or a count, which counts as not given, no whole one.
        """
        if not self._inside:
            raise InspectreeError(
                "checkpoint() is for the inside of `with TreeLogger(...).attach(model) as log:`"
            )
        if not self._log.is_open:  # it has been given up, which was told
            return
        scalars = self._log.checked(metrics or {})
        self._go_to(self._log.count("step", step), self._log.count("epoch", epoch))
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
            iterations = self._counted()
            step = progress.step + max(1, iterations - self._iterations)
            self._iterations = iterations
        progress.go_to(step, epoch)

    def _counted(self) -> int:
        """Return the updates that the model's own optimizer was given; 0 without one."""
        return iterations_of(self._model) or 0

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
