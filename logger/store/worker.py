"""One thread that does one thing at a time."""

import threading
from collections.abc import Callable
from queue import SimpleQueue

from inspectree.logger.errors import StoreError

Task = Callable[[], None]


class Worker:
    """Do tasks in the background; a task is taken over only when the one before is done."""

    def __init__(self, name: str) -> None:
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._idle = threading.Event()
        self._idle.set()
        self._failure: str | None = None
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until nothing is being done, for so many seconds at most; tell whether that is so."""
        return self._idle.wait(seconds)

    def do(self, task: Task) -> None:
        """Hand over a task; wait for the one before."""
        self._idle.wait()
        self._idle.clear()
        self._tasks.put(task)

    def check(self) -> None:
        """Tell once what went wrong in the last task.

        Raises
        ------
        StoreError
            With the reason in one line.
        """
        failure, self._failure = self._failure, None
        if failure is not None:
            raise StoreError(failure)

    def close(self) -> None:
        """Finish the task in hand, and end the thread."""
        self._tasks.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                task()
            except Exception as error:  # told in the training thread, by `check`
                self._failure = reason_of(error)  # no more of it: its traceback holds the task's arrays
            del task  # as the loop's variable would, until the next one comes
            self._idle.set()


def reason_of(error: Exception) -> str:
    """Return in one line what went wrong."""
    text = " ".join((getattr(error, "strerror", None) or str(error)).split())
    if isinstance(error, (OSError, StoreError)) and text:
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
