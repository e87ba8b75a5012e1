"""Where workers come from: a process that has imported what they need, of which they are copies."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspectree.server.workers.setup import Setup

PRELOADED = ["inspectree.server.workers.process", "inspectree.server.workers.template"]

CONTEXT: Any = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")

SAFE = "PYTHONSAFEPATH"
"""The variable that keeps Python from importing from the current folder."""

_MAIN = Lock()


def prepare() -> None:
    """Begin that process, which imports while others do something else."""
    if CONTEXT.get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running

        CONTEXT.set_forkserver_preload(PRELOADED)
        with _not_from_here():
            ensure_running()


@contextmanager
def _not_from_here() -> Iterator[None]:
    """Have a process import what is installed, and not what lies in the current folder."""
    before = os.environ.get(SAFE)
    os.environ[SAFE] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[SAFE]
        else:
            os.environ[SAFE] = before


def begin(connection: Connection, setup: "Setup") -> None:
    """Be a worker. What it works with is imported there, not where workers are asked."""
    from inspectree.server.workers.process import work

    work(connection, setup)


@contextmanager
def without_main() -> Iterator[None]:
    """Have processes begin without running the script of this one again, as they otherwise do.

    It may be a training that serves its store, without a guard that says what only the first process does.
    """
    with _MAIN:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main
