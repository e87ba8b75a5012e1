"""How a training ended of which Keras never said that it ended."""

import atexit
import os
import re
import sys
import weakref
from collections.abc import Callable
from typing import Any

from inspectree.logger.errors import InspectreeError
from inspectree.logger.store.process import State

Finish = Callable[[State, str | None], None]

_KERAS = "Exception encountered when calling"
_COLOUR = re.compile(r"\x1b\[\d*m")


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
