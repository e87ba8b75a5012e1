"""What the flows of all backends have in common."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Origin:
    """What a tensor was made from: symbols, by their numbers, and the names of the operations in between."""

    symbols: tuple[int, ...] = ()
    operations: tuple[str, ...] = ()

    def through(self, *operations: str) -> "Origin":
        """Return the origin of what further operations make of the tensor."""
        return Origin(self.symbols, _unique((*self.operations, *operations)))


NOTHING = Origin()


def merged(origins: Iterable[Origin]) -> Origin:
    """Return the origin of what is made from several tensors."""
    found = tuple(origins)
    if len(found) == 1:
        return found[0]
    symbols = _unique(symbol for origin in found for symbol in origin.symbols)
    return Origin(symbols, _unique(name for origin in found for name in origin.operations))


def _unique(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


class Flow(ABC):
    """Follow one call of a function on the backend's tensors.

    A symbol is a symbolic tensor or a variable. The function is handed tensors that stand for symbols
    (`give`), and hands over tensors of its own that become symbols (`take`).
    """

    def __init__(self, variables: Sequence[Any]) -> None:
        self.variables = list(variables)
        self._symbols: list[Any] = list(variables)
        self._origins: dict[int, Origin] = {}

    @abstractmethod
    def run(self, function: Callable[[], None]) -> None:
        """Call ``function`` so that it sees tensors without values.

        Raises
        ------
        Exception
            Whatever the function raises: values are needed, for example.
        """

    @abstractmethod
    def outside(self) -> AbstractContextManager[Any]:
        """Let what is calculated meanwhile not belong to the function."""

    @abstractmethod
    def give(self, symbol: Any) -> Any:
        """Return a tensor that stands for ``symbol`` and depends on nothing else."""

    @abstractmethod
    def take(self, tensor: Any, symbol: Any) -> None:
        """Let ``tensor`` be known as ``symbol`` from now on."""

    def origin(self, symbol: Any) -> tuple[list[Any], list[str]]:
        """Return the symbols that a taken tensor was made from, and the operations in between, by name."""
        number = next(number for number, known in enumerate(self._symbols) if known is symbol)
        origin = self._origins.get(number, NOTHING)
        return [self._symbols[source] for source in origin.symbols], list(origin.operations)

    def _number(self, symbol: Any) -> int:
        self._symbols.append(symbol)
        return len(self._symbols) - 1
