"""Which connections between the layers of both models changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from inspectree.logger.frozen import Frozen
from inspectree.server.comparison.level import OUTSIDE, Level
from inspectree.server.comparison.matching import Pairs


class Rewired(Frozen):
    """A connection between two layers of both models that only one of them has.

    Layers that came or went between them are looked through. The ids are those of the model that has it;
    an empty one stands for the input, or the output, of the layer around them.
    """

    change: Literal["added", "removed"]
    source: str
    target: str


class Pair(Frozen):
    """A layer of both models."""

    before: str
    after: str


@dataclass(frozen=True)
class Wiring:
    """The connections of one level before and after; layers that came, went or moved are looked through."""

    a: Level
    b: Level
    pairs: Pairs
    moved: tuple[Pair, ...] = ()

    def settled(self) -> "Wiring":
        """Return the same with the one layer that moved, where this alone tells everything that changed."""
        if not any(self.differences):
            return self
        ends = {name for link in self.differences[1] for name in link} - {OUTSIDE}
        for name in sorted(ends, key=self._preference):
            without = replace(self, moved=(Pair(before=name, after=self.pairs[name]),))
            if not any(without.differences):
                return without
        return self

    def links(self) -> Iterator[Rewired]:
        """Yield the connections that only one of the models has."""
        added, removed = self.differences
        for source, target in sorted(added):
            yield Rewired(change="added", source=source, target=target)
        for source, target in sorted(removed):
            yield Rewired(change="removed", source=source, target=target)

    @property
    def differences(self) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
        """Return the connections that were added, and those that were removed."""
        moved = {pair.before for pair in self.moved}
        there = {name: self.pairs[name] for name in self.a.nodes if name in self.pairs and name not in moved}
        before, after = self.a.links_between(set(there)), self.b.links_between(set(there.values()))
        there[OUTSIDE] = OUTSIDE
        back = {of_b: of_a for of_a, of_b in there.items()}
        return (
            after - {(there[source], there[target]) for source, target in before},
            before - {(back[source], back[target]) for source, target in after},
        )

    def _preference(self, name: str) -> tuple[bool, list[str]]:
        """Return what tells which of two layers that changed places is said to have moved."""
        return bool(self.a.nodes[name].variables), sorted([name, self.pairs[name]])
