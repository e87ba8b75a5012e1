"""How a training ended, also where Keras never said that it did."""

import atexit
import os
import sys
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from inspectree.logger.cost import Cost
from inspectree.logger.errors import StoreError, one_line
from inspectree.logger.store.process import State
from inspectree.logger.store.writer import ModelWriter

Finish = Callable[[State, str | None], None]

PATIENCE = 10.0
"""Seconds that dropping a logger waits for the end of its log; Python's exit waits until it is there."""


def finish(
    writer: ModelWriter, cost: Cost, changed: Mapping[str, Any], state: State, error: str | None = None
) -> None:
    """Write how a run has ended, what it has cost and which settings it has ``changed``; tell the cost.

    Raises
    ------
    StoreError
        When the last checkpoint or the state could not be written.
    """
    writer.wait()
    numbers = {"held": cost.held, "seconds": cost.seconds, "missed": cost.missed}
    size, settings = writer.written_bytes, {"changed": dict(changed)} if changed else {}
    with suppress(StoreError):  # of a full disk: that was told
        writer.event("run", state=state, checkpoints=writer.written, bytes=size, **numbers, **settings)
    writer.finish(state, error)
    print(f"inspectree: {cost.line(writer.written, size, writer.folder)}")


def watch(owner: Any, writer: ModelWriter, finish: Finish) -> "weakref.finalize[Any, Any]":
    """Have the log finished when ``owner``, which ``finish`` must not hold, is dropped or Python exits.

    Keras tells its callbacks nothing of an exception or of Ctrl-C in ``fit``. Detach what is returned when
    the training has ended well.
    """
    end = weakref.finalize(owner, _ended_early, writer, finish, _last_error(), os.getpid())
    end.atexit = (
        False  # its own exit hook may be older than h5py's, and would run when files are closed for good
    )
    atexit.register(end)
    return end


def _ended_early(writer: ModelWriter, finish: Finish, before: BaseException | None, process: int) -> None:
    """Have the writer's own thread finish the log: the garbage collector calls from any."""
    if os.getpid() == process:  # a copy of the process, made for loading data, say, does not train
        writer.do(partial(finish, *early_end(_last_error(), before)))
        writer.wait(PATIENCE)


def early_end(last: BaseException | None, before: BaseException | None) -> tuple[State, str | None]:
    """Return the state and the error line: ``failed`` where an exception ended Python since ``before``."""
    if last is None or last is before or not isinstance(last, Exception):
        return "interrupted", None
    return "failed", one_line(last)


def _last_error() -> BaseException | None:
    """Return the last exception that nothing caught."""
    error: BaseException | None = getattr(sys, "last_value", None)
    return error
