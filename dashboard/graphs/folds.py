"""Runs of repeated blocks in a graph: what can be drawn as one box.

A block repeats where layers of the same kind follow each other in the same order, each fed from the same
places: so many layers back, or by the same layer that feeds them all (a mask, for instance).
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Link = tuple[str, str]
Codes = NDArray[np.int64]

LONGEST_BLOCK = 250
LEAST_COVERED = 6
"""Layers that a run has at least: fewer are drawn as quickly as told."""

HUB = 6
"""A layer that feeds more than that many others feeds them by itself, not by how far back it is."""


@dataclass(frozen=True)
class Fold:
    """A run of isomorphic blocks of ``period`` layers each; ``members`` are all their ids in order."""

    members: tuple[str, ...]
    period: int

    @property
    def key(self) -> str:
        """Return what the run is called in addresses: its first and last layer."""
        return f"{self.members[0]}..{self.members[-1].rpartition('/')[2]}"

    @property
    def count(self) -> int:
        """Return how often the block is repeated."""
        return len(self.members) // self.period


@dataclass(frozen=True)
class _Run:
    """A stretch of positions that repeats itself: where it begins, how long it is, after how many."""

    start: int
    length: int
    period: int

    @property
    def covered(self) -> int:
        """Return the positions in whole blocks; 0 where no block is repeated."""
        whole = self.length - self.length % self.period
        return whole if whole >= max(2 * self.period, LEAST_COVERED) else 0


def folded(
    ids: Sequence[str], links: Sequence[Link], labellings: Sequence[Mapping[str, Hashable]], most: int
) -> list[str | Fold]:
    """Return the layers in an order that data flows in, with runs of repeated blocks as one.

    ``labellings`` say which layers are alike, the strictest first; a looser one is used on what is left
    where there are still more than ``most`` items.
    """
    order = ordered(ids, links)
    found: list[_Run] = []
    for labels in labellings:
        if len(order) - sum(run.covered - 1 for run in found) <= most:
            break
        codes = _codes(order, links, labels)
        for run in found:
            codes[run.start : run.start + run.covered] = -1 - np.arange(run.covered) - run.start
        found += _runs(codes, _crossings(order, links))
    return _items(order, found)


def ordered(ids: Sequence[str], links: Sequence[Link]) -> list[str]:
    """Return the layers so that each comes after those that feed it, branch after branch.

    Layers of a cycle, which no Keras model has, come last.
    """
    below: dict[str, list[str]] = {id_: [] for id_ in ids}
    waiting = dict.fromkeys(ids, 0)
    for source, target in links:
        below[source].append(target)
        waiting[target] += 1
    ready = [id_ for id_ in reversed(ids) if not waiting[id_]]
    order: dict[str, None] = {}
    while ready:
        id_ = ready.pop()
        order[id_] = None
        for other in reversed(below[id_]):
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return [*order, *(id_ for id_ in ids if id_ not in order)]


def _codes(order: Sequence[str], links: Sequence[Link], labels: Mapping[str, Hashable]) -> Codes:
    """Return a number per layer: equal numbers are layers that are alike and fed alike."""
    position = {id_: index for index, id_ in enumerate(order)}
    feeds = dict.fromkeys(order, 0)
    for source, _ in links:
        feeds[source] += 1
    fed: dict[str, list[tuple[bool, int]]] = {id_: [] for id_ in order}
    for source, target in links:
        hub = feeds[source] > HUB
        back = position[source] if hub else position[target] - position[source]
        fed[target].append((hub, back))
    known: dict[Hashable, int] = {}
    return np.array(
        [known.setdefault((labels[id_], *sorted(fed[id_])), len(known)) for id_ in order], np.int64
    )


def _crossings(order: Sequence[str], links: Sequence[Link]) -> list[tuple[int, int]]:
    """Return what crosses the border before each position: layers that feed over it, and (less) their edges.

    A border where fewer layers cross, and where more begins, is where people would begin a block.
    """
    position = {id_: index for index, id_ in enumerate(order)}
    furthest = list(range(len(order)))
    edges = np.zeros(len(order) + 1, np.int64)
    for source, target in links:
        start, end = position[source], position[target]
        furthest[start] = max(furthest[start], end)
        edges[min(start, end) + 1] += 1
        edges[max(start, end) + 1] -= 1
    layers = np.zeros(len(order) + 2, np.int64)
    for start, end in enumerate(furthest):
        layers[start + 1] += 1
        layers[end + 1] -= 1
    return list(zip(layers.cumsum().tolist(), (-edges.cumsum()).tolist(), strict=False))


def _runs(codes: Codes, crossings: Sequence[tuple[int, int]]) -> list[_Run]:
    """Return runs that do not overlap, the longest first, of the shortest period each."""
    free = np.ones(len(codes), bool)
    found = []
    for run in sorted(_candidates(codes), key=lambda run: (-run.covered, run.period, run.start)):
        for part in _within(run, free):
            start = min(
                range(part.start, part.start + part.length - part.covered + 1),
                key=lambda place: (crossings[place], place),
            )
            found.append(_Run(start, part.covered, part.period))
            free[start : start + part.covered] = False
    return found


def _candidates(codes: Codes) -> list[_Run]:
    """Return every stretch in which each position is like the one a period before."""
    found = []
    for period in range(1, min(LONGEST_BLOCK, len(codes) // 2) + 1):
        alike = np.concatenate([[False], codes[period:] == codes[:-period], [False]])
        borders = np.flatnonzero(alike[1:] != alike[:-1]).reshape(-1, 2)
        long = borders[borders[:, 1] - borders[:, 0] >= period].tolist()
        runs = (_Run(start, end - start + period, period) for start, end in long)
        found += [run for run in runs if run.covered]
    return found


def _within(run: _Run, free: NDArray[np.bool_]) -> list[_Run]:
    """Return what of a run lies in positions that are free, where that still repeats itself."""
    mask = np.concatenate([[False], free[run.start : run.start + run.length], [False]])
    borders = np.flatnonzero(np.diff(mask.astype(np.int8))).reshape(-1, 2).tolist()
    parts = [_Run(run.start + start, end - start, run.period) for start, end in borders]
    return [part for part in parts if part.covered]


def _items(order: Sequence[str], runs: Sequence[_Run]) -> list[str | Fold]:
    begins = {run.start: run for run in runs}
    items: list[str | Fold] = []
    index = 0
    while index < len(order):
        run = begins.get(index)
        end = index + (run.covered if run else 1)
        items.append(Fold(tuple(order[index:end]), run.period) if run else order[index])
        index = end
    return items
