"""A worker: a process that answers one question after the other."""

import gc
import json
import os
import signal
import sys
import traceback
from collections.abc import Mapping
from multiprocessing.connection import Connection
from time import process_time
from typing import Any

from inspectree.logger.errors import InspectreeError
from inspectree.server.limits import Limits
from inspectree.server.questions.body import Body
from inspectree.server.questions.context import Context
from inspectree.server.questions.table import QUESTIONS
from inspectree.server.store import Store
from inspectree.server.workers.later import LEISURE, import_the_rest
from inspectree.server.workers.setup import Setup
from inspectree.server.workers.wire import told

try:
    import resource
except ModuleNotFoundError:  # on Windows
    resource = None  # type: ignore[assignment]  # asked for below

RARELY = 50_000, 20, 100
"""How seldom it is looked for garbage in circles: thousands of architectures are many objects, and none."""

PATIENCE = 5
"""Seconds of the processor's time beyond those that a question may take."""

SPARE = 1 << 30
"""Bytes that a worker may take besides twice of what one question may hold."""


def work(connection: Connection, setup: Setup) -> None:
    """Answer questions until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's, which then ends this
    _bound_memory(setup.limits)
    gc.set_threshold(*RARELY)
    context = Context(Store(setup.store), setup.limits, setup.grammar)
    connection.send_bytes(b"ready")
    while True:
        try:
            if not connection.poll(LEISURE):
                import_the_rest()
            asked = json.loads(connection.recv_bytes())  # which has numbers of any length
        except (EOFError, OSError):
            return
        head, content = _answer(context, asked)
        connection.send_bytes(json.dumps(head).encode())
        connection.send_bytes(content)


def _answer(context: Context, asked: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    try:
        _bound_time(context.limits)
        only = asked["models"]
        context.store.refresh(None if only is None else set(only))
        body: Body = QUESTIONS[asked["question"]](context, **asked["with"])
    except (InspectreeError, MemoryError) as error:
        return told(error), b""
    except Exception:
        return {"traceback": traceback.format_exc()}, b""
    return {"media_type": body.media_type, "provenance": body.provenance}, body.content


def _bound_memory(limits: Limits) -> None:
    """Have the system refuse memory that no allowed question needs: a file may claim to hold anything."""
    if resource is not None and sys.platform.startswith("linux"):
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        _set_limit(resource.RLIMIT_DATA, 2 * limits.held + SPARE, hard)


def _bound_time(limits: Limits) -> None:
    """Have the system end a question that goes on when the server is gone, which would end it otherwise."""
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        allowed = (os.cpu_count() or 1) * limits.seconds + PATIENCE
        _set_limit(resource.RLIMIT_CPU, int(process_time()) + allowed, hard)


def _set_limit(what: int, wanted: int, hard: int) -> None:
    """Set a limit of the system, where it has none that is lower."""
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(what, (soft, hard))
