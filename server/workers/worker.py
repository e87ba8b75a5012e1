"""One worker as the server sees it."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from inspectree.logger.errors import StoreError
from inspectree.server.errors import LimitError
from inspectree.server.questions.body import Body
from inspectree.server.workers.forking import CONTEXT, begin, without_main
from inspectree.server.workers.setup import Setup
from inspectree.server.workers.wire import CRASHED, WorkerError, raised

QUICK = 0.25
"""Seconds after which a question counts as a slow one, which the others don't wait for."""

LONGEST_END = 2.0
"""Seconds that a process is given to end: one that waits for a disk that is gone may never do so."""

BACK = 10
"""How much nicer a worker is with a slow question."""


class CrashedError(StoreError):
    """A worker that ended while it had a question."""


class Worker:
    """A process of its own that answers questions; after one that was too much for it, it is gone."""

    def __init__(self, setup: Setup) -> None:
        self._connection, theirs = CONTEXT.Pipe()
        self._process = CONTEXT.Process(target=begin, args=(theirs, setup), daemon=True)
        with without_main():
            self._process.start()
        theirs.close()
        with suppress(EOFError, OSError):  # of one that dies at once, who asks it is told so
            self._connection.recv_bytes()  # it is ready
        self.tag: str | None = None
        self.lasts = False  # whether it is kept though it is slow
        self.is_slow = self._is_killed = False

    @property
    def is_alive(self) -> bool:
        """Tell whether it can be asked again."""
        return not (self._connection.closed or self._is_killed) and self._process.is_alive()

    def ask(self, question: str, given: Mapping[str, Any], models: list[str] | None, seconds: int) -> Body:
        """Return the answer.

        Raises
        ------
        InspectreeError
            The question's own; a `LimitError` when it takes too long, a `StoreError` when a file is too much.
        """
        try:
            self._connection.send_bytes(
                json.dumps({"question": question, "with": given, "models": models}).encode()
            )
            if not self._connection.poll(QUICK):
                self._step_back()
            if not self._connection.poll(seconds - QUICK):
                self.end()
                raise LimitError(
                    f"this took longer than {seconds} seconds (limit 'seconds'): select or reduce more"
                )
            head = json.loads(self._connection.recv_bytes())
            content = self._connection.recv_bytes()
        except (EOFError, OSError):
            self.end()
            where = ", ".join(models) if models else "the store"
            raise CrashedError(f"{where} {CRASHED}") from None
        if "traceback" in head:
            raise WorkerError(head["traceback"])
        if "error" in head:
            raise raised(head)
        return Body(content, head["media_type"], head["provenance"])

    def _step_back(self) -> None:
        """Let quick questions go first on the processor, for good: that cannot be taken back."""
        self.is_slow = True
        if hasattr(os, "setpriority"):
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self._process.pid, os.getpriority(os.PRIO_PROCESS, 0) + BACK)

    def kill(self) -> None:
        """End the process, whatever it is doing; whoever waits for its answer is told."""
        self._is_killed = True
        self._process.kill()

    def retire(self) -> None:
        """Have a process that has no question end by itself, as it does when nobody can ask any more."""
        with suppress(OSError):
            self._connection.close()
        self._process.join(LONGEST_END)
        self.end()

    def end(self) -> None:
        """End the process, and what belongs to it here."""
        self.kill()
        self._process.join(LONGEST_END)
        with suppress(OSError):
            self._connection.close()
