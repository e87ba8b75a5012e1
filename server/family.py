"""Who descends from whom: parents, children, depths and experiments, whatever the headers claim."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Family:
    """The parent–child graph over model ids, in the order in which the models are to appear.

    ``claimed`` holds what each model's header says; parents that are not there are `missing`, and a
    parent link that would close a circle is left out and listed in `cycles`.
    """

    claimed: Mapping[str, Sequence[str]]

    @cached_property
    def parents(self) -> dict[str, tuple[str, ...]]:
        """Return the parents that are there, without the links that close a circle."""
        cut = set(self.cycles)
        return {
            child: tuple(p for p in parents if p in self.claimed and (child, p) not in cut)
            for child, parents in self.claimed.items()
        }

    @cached_property
    def missing(self) -> dict[str, tuple[str, ...]]:
        """Return the parents that are not there."""
        return {child: tuple(p for p in ps if p not in self.claimed) for child, ps in self.claimed.items()}

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Return the models that name a model as their parent."""
        found: dict[str, list[str]] = {model: [] for model in self.claimed}
        for child, parents in self.parents.items():
            for parent in parents:
                found[parent].append(child)
        return {model: tuple(children) for model, children in found.items()}

    @cached_property
    def cycles(self) -> tuple[tuple[str, str], ...]:
        """Return the links (child, parent) that close a circle, found by a depth-first search."""
        done: set[str] = set()
        closing = []
        for start in self.claimed:
            ancestors = [(start, self._present(start))] if start not in done else []
            open_now = {start}
            while ancestors:
                model, remaining = ancestors[-1]
                parent = next(remaining, None)
                if parent is None:
                    ancestors.pop()
                    open_now.discard(model)
                    done.add(model)
                elif parent in open_now:
                    closing.append((model, parent))
                elif parent not in done:
                    open_now.add(parent)
                    ancestors.append((parent, self._present(parent)))
        return tuple(closing)

    def _present(self, model: str) -> Iterator[str]:
        return iter([parent for parent in self.claimed[model] if parent in self.claimed])

    @cached_property
    def depths(self) -> dict[str, int]:
        """Return the generations between each model and the farthest root above it."""
        waiting = {model: len(parents) for model, parents in self.parents.items()}
        ready = [model for model, count in waiting.items() if count == 0]
        depths = dict.fromkeys(ready, 0)
        for model in ready:  # grows while it is walked: parents come before their children
            for child in self.children[model]:
                depths[child] = max(depths.get(child, 0), depths[model] + 1)
                waiting[child] -= 1
                if waiting[child] == 0:
                    ready.append(child)
        return depths

    @cached_property
    def components(self) -> tuple[tuple[str, ...], ...]:
        """Return the connected sets of models; within one by depth, then in the given order."""
        order = {model: number for number, model in enumerate(self.claimed)}
        seen: set[str] = set()
        found = []
        for model in self.claimed:
            if model not in seen:
                members = self._reachable(model)
                seen |= members
                found.append(tuple(sorted(members, key=lambda m: (self.depths[m], order[m]))))
        return tuple(found)

    def _reachable(self, model: str) -> set[str]:
        members, waiting = {model}, [model]
        while waiting:
            here = waiting.pop()
            near = {*self.parents[here], *self.children[here]} - members
            members |= near
            waiting.extend(near)
        return members
