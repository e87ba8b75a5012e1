"""The drawings that were made last: several regions of a page ask for the same one."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from inspectree.dashboard.graphs.drawing import Drawing

MOST = 4


class Recent:
    """Drawings by what they were made of; another thread that wants the same one waits for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._drawings: OrderedDict[Hashable, tuple[tuple[Any, ...], Drawing]] = OrderedDict()

    def found(self, answers: tuple[Any, ...], more: Hashable) -> Drawing | None:
        """Return the drawing of the server's ``answers``, if it is there; see `drawn`."""
        with self._lock:
            _, drawing = self._drawings.get((*map(id, answers), more), (answers, None))
        return drawing

    def drawn(self, answers: tuple[Any, ...], more: Hashable, draw: Callable[[], Drawing]) -> Drawing:
        """Return the drawing of the server's ``answers``, which are the same objects until they change."""
        key = (*map(id, answers), more)
        with self._lock:
            if key not in self._drawings:
                self._drawings[key] = answers, draw()  # keeps the answers, so that no other gets their id
            self._drawings.move_to_end(key)
            while len(self._drawings) > MOST:
                self._drawings.popitem(last=False)
            return self._drawings[key][1]
