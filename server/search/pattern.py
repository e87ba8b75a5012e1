"""A structural pattern, and one place where it occurs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from inspectree.logger.frozen import Frozen
from inspectree.server.search.flow import Flow


class Group(Frozen):
    """The layers of one occurrence: where it begins and ends, all of them, and the one that stands for it.

    Where it begins at the input of the layer around it, ``begins`` names that layer. ``times`` is how often
    a block comes in a row; its repetitions are equally long parts of ``members``.
    """

    at: str
    begins: str
    ends: str
    members: tuple[str, ...]
    times: int = 1

    def within(self, model: str) -> "Group":
        """Return the same with whole addresses."""
        at, begins, ends = (f"{model}/{name}" for name in (self.at, self.begins, self.ends))
        members = tuple(f"{model}/{name}" for name in self.members)
        return Group(at=at, begins=begins, ends=ends, members=members, times=self.times)


Find = Callable[[Flow], Iterator[Group]]


@dataclass(frozen=True)
class Pattern:
    """A pattern, by what finds its occurrences on one level of nesting."""

    name: str
    label: str
    find: Find
    family: Literal["patterns"] = "patterns"

    @property
    def description(self) -> str:
        """Return the definition."""
        return " ".join((self.find.__doc__ or "").split())
