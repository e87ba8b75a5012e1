"""One thread that does one thing at a time."""

import atexit
import threading
from collections.abc import Callable
from queue import SimpleQueue

from inspectree.logger.errors import StoreError, reason_of

Task = Callable[[], None]


class Worker:
    """Do tasks in the background, in their order; Python's exit waits for them.

    Anything but `check` may be called from any thread and at any moment: by a finalizer, which the garbage
    collector runs in whatever thread it is called, the worker's own included.
    """

    def __init__(self, name: str) -> None:
        self._tasks: SimpleQueue[tuple[Task, threading.Event] | None] = SimpleQueue()
        self._done = threading.Event()
        self._done.set()
        self._failure: str | None = None
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until all tasks are done, for so many seconds at most; tell whether that is so.

        The worker's own thread does not wait: for itself it would do so for ever.
        """
        return self._done.wait(0 if self._is_own() else seconds)

    def do(self, task: Task) -> None:
        """Hand over a task, to be done after those before."""
        done = threading.Event()
        self._tasks.put((task, done))
        self._done = done  # not before: Ctrl-C in between would leave what nobody sets

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
        """Finish the tasks in hand, and end the thread."""
        self._tasks.put(None)
        if not self._is_own():
            self._thread.join()

    def _is_own(self) -> bool:
        return threading.current_thread() is self._thread

    def _work(self) -> None:
        while (handed := self._tasks.get()) is not None:
            task, done = handed
            try:
                task()
            except Exception as error:  # told in the training thread, by `check`
                self._failure = reason_of(error)  # no more of it: its traceback holds the task's arrays
            del task, handed  # as the loop's variables would, until the next one comes
            done.set()
        atexit.unregister(self.close)  # not before: Ctrl-C may come while `close` waits
