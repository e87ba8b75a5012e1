"""One thread that writes in the background, whatever happens to those who hand over."""

import sys
from collections.abc import Callable
from typing import Any

from inspectree.logger.store.worker import Worker


def _interrupting(line: int) -> Callable[..., Any]:
    """Return a tracer that stands for Ctrl-C before so many lines of `Worker.do` have been run."""
    seen = 0

    def trace(frame: Any, event: str, _: Any) -> Any:
        nonlocal seen
        if frame.f_code is not Worker.do.__code__:
            return None
        seen += event == "line"
        if event == "line" and seen == line:
            raise KeyboardInterrupt
        return trace

    return trace


def _is_interrupted(worker: Worker, line: int) -> bool:
    before = sys.gettrace()
    sys.settrace(_interrupting(line))
    try:
        worker.do(int)
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False


def test_wherever_ctrl_c_comes_in_handing_over_nothing_waits_for_ever() -> None:
    worker, line = Worker("test"), 1
    while _is_interrupted(worker, line):
        assert worker.wait(10), f"after line {line}"
        line += 1
    assert line > 3
    worker.close()


def test_its_own_thread_does_not_wait_for_itself() -> None:
    """The garbage collector may run a finalizer there, in the midst of a task."""
    worker, order = Worker("test"), list[Any]()

    def task() -> None:
        worker.do(lambda: order.append("last"))
        order.append(worker.wait())

    worker.do(task)
    worker.do(worker.close)
    worker._thread.join(10)
    assert not worker._thread.is_alive()
    assert order[0] is False
