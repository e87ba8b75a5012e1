"""How a training ended, also where Keras never said that it did."""

import atexit
import os
import re
import sys
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from inspectree.logger.cost import Cost
from inspectree.logger.errors import InspectreeError, StoreError
from inspectree.logger.store.process import State
from inspectree.logger.store.writer import ModelWriter

Finish = Callable[[State, str | None], None]

_KERAS = "Exception encountered when calling"
_COLOUR = re.compile(r"\x1b\[\d*m")


def finish(writer: ModelWriter, cost: Cost, state: State, error: str | None = None) -> None:
    """Write how a run has ended and what it has cost; tell the cost.

    Raises
    ------
    StoreError
        When the last checkpoint or the state could not be written.
    """
    writer.wait()
    numbers = {"held": cost.held, "seconds": cost.seconds, "missed": cost.missed}
    size = writer.written_bytes
    with suppress(StoreError):  # of a full disk: that was told
        writer.event("run", state=state, checkpoints=writer.written, bytes=size, **numbers)
    writer.finish(state, error)
    print(f"inspectree: {cost.line(writer.written, size, writer.folder)}")


def watch(owner: Any, finish: Finish) -> "weakref.finalize[Any, Any]":
    """Finish the log when ``owner``, which ``finish`` must not hold, is dropped or Python exits.

    Keras tells its callbacks nothing of an exception or of Ctrl-C in ``fit``. Detach what is returned when
    the training has ended well.
    """
    end = weakref.finalize(owner, _ended_early, finish, _last_error(), os.getpid())
    end.atexit = (
        False  # its own exit hook may be older than h5py's, and would run when files are closed for good
    )
    atexit.register(end)
    return end


def _ended_early(finish: Finish, before: BaseException | None, process: int) -> None:
    if os.getpid() != process:
        return  # a copy of the process, made for loading data, say, does not train
    state, error = early_end(_last_error(), before)
    try:
        finish(state, error)
    except (InspectreeError, OSError):
        return  # nobody is left to tell; readers see by the process that the training is over


def early_end(last: BaseException | None, before: BaseException | None) -> tuple[State, str | None]:
    """Return the state and the error line: ``failed`` where an exception ended Python since ``before``."""
    if last is None or last is before or not isinstance(last, Exception):
        return "interrupted", None
    return "failed", one_line(last)


def reason_of(error: Exception) -> str:
    """Return the text of an error of ours, which is one line, or any other's type and first line."""
    return str(error) if isinstance(error, InspectreeError) else one_line(error)


def one_line(error: BaseException) -> str:
    """Return an exception's type and the first line of its text; of Keras' own, the one that tells more."""
    lines = [_COLOUR.sub("", line).strip() for line in str(error).splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith(_KERAS):
        lines[0] = f"{lines[0]} {lines[1]}"
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


def _last_error() -> BaseException | None:
    """Return the last exception that nothing caught."""
    error: BaseException | None = getattr(sys, "last_value", None)
    return error
