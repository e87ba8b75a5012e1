"""Where workers come from: a process that has imported what they need, of which they are copies."""

from multiprocessing import get_all_start_methods, get_context
from typing import Any

PRELOADED = ["inspectree.server.workers.process"]

CONTEXT: Any = get_context("forkserver" if "forkserver" in get_all_start_methods() else "spawn")


def prepare() -> None:
    """Begin that process, which imports while others do something else."""
    if CONTEXT.get_start_method() == "forkserver":
        from multiprocessing.forkserver import ensure_running

        CONTEXT.set_forkserver_preload(PRELOADED)
        ensure_running()
