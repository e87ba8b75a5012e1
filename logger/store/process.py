"""Which process logs a model, and whether it still does."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

State = Literal["training", "finished", "failed", "interrupted"]
"""How a model's log stands."""


def running() -> dict[str, Any]:
    """Return the attributes of a model that this process is logging."""
    pid = os.getpid()
    return {
        "state": "training",
        "writer": json.dumps({"host": socket.gethostname(), "pid": pid, "started": _start(pid)}),
    }


def is_running(writer: str) -> bool:
    """Tell whether the process in a ``writer`` attribute still lives; of other hosts it is assumed.

    So it is on Windows, where asking by a signal would interrupt the process.
    """
    process = json.loads(writer)
    if process["host"] != socket.gethostname() or os.name == "nt":
        return True
    try:
        os.kill(process["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return bool(_start(process["pid"]) == process["started"])


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other processes of this host out of the block that do the same with ``folder``; not on Windows."""
    if os.name == "nt":
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # a killed process lets go of it
        yield
    finally:
        os.close(descriptor)


def _start(pid: int) -> float | None:
    """Return when a process began, in clock ticks since boot; None where the system does not tell.

    A process id is used again after a while; together with its start it is unique. A process that has
    ended, but that its parent has not asked about yet, is none any more.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    state, *numbers = stat.rpartition(")")[2].split()
    return None if state == "Z" else float(numbers[18])
