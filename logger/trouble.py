"""Trouble with logging: told once, and the training goes on, unless it is to end."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from inspectree.logger.cost import Cost
from inspectree.logger.errors import reason_of

messages = logging.getLogger("inspectree")


class Trouble:
    """What is done about errors while ``name`` is logged; those ``raises`` lets through end the training."""

    def __init__(self, name: str, cost: Cost, *, raises: bool) -> None:
        self.raises = raises
        self._name = name
        self._cost = cost
        self._told: set[str] = set()

    @contextmanager
    def guarding(self, meet: Callable[[Exception], None]) -> Iterator[None]:
        """Count the time as held, and ``meet`` what goes wrong, unless it is to end the training."""
        with self._cost.holding():
            try:
                yield
            except Exception as error:
                if self.raises:
                    raise
                meet(error)

    def tell(self, error: Exception) -> None:
        """Tell once what went wrong."""
        self.say(reason_of(error))

    def say(self, text: str) -> None:
        """Tell something once."""
        if text not in self._told:
            self._told.add(text)
            messages.warning("inspectree, logging %r: %s", self._name, text)

    def last_word(self, reason: str) -> None:
        """Tell that nothing more is logged."""
        messages.warning("inspectree stopped logging %r, training goes on: %s", self._name, reason)
