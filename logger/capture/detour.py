"""A function of Keras that is looked into: a thread sees its own calls, every other runs what Keras wrote."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any

Function = Callable[..., Any]


class Detour:
    """A way round the function ``name`` of a class or module, for the calls of those threads that take it.

    It is there as long as any thread takes it. Threads may leave in any order.
    """

    def __init__(self, owner: Any, name: str) -> None:
        self._owner = owner
        self._name = name
        self._lock = threading.Lock()
        self._takers = 0

    @contextmanager
    def through(self, way: Function) -> Iterator[Function]:
        """Have ``way`` called in this thread, with what it stands for as its first argument; yield that."""
        turn = self._entered()
        instead_of = turn.ways[-1] if turn.ways else turn.original
        turn.ways.append(partial(way, instead_of))
        try:
            yield instead_of
        finally:
            turn.ways.pop()
            self._leave()

    def _entered(self) -> "_Turn":
        with self._lock:
            self._takers += 1
            if self._takers == 1:
                self._turn = _Turn(vars(self._owner)[self._name])
                setattr(self._owner, self._name, self._turn.function)
            return self._turn

    def _leave(self) -> None:
        with self._lock:
            self._takers -= 1
            if not self._takers and vars(self._owner)[self._name] is self._turn.function:
                setattr(self._owner, self._name, self._turn.original)


class _Turn:
    """What stands where ``original`` stood. Another that was put around it meanwhile goes on calling it."""

    def __init__(self, original: Function) -> None:
        self.original = original
        self._own = threading.local()

        @wraps(original, updated=())
        def function(*args: Any, **kwargs: Any) -> Any:
            ways = self.ways
            return (ways[-1] if ways else original)(*args, **kwargs)

        self.function = function

    @property
    def ways(self) -> list[Function]:
        """Return the ways that this thread takes; the last one is called first."""
        ways: list[Function] = self._own.__dict__.setdefault("ways", [])
        return ways
