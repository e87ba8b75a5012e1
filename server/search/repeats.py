"""Blocks that come several times in a row."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from inspectree.logger.architecture.model_graph import Node
from inspectree.server.search.flow import Flow
from inspectree.server.search.pattern import Group

SIZES = frozenset(
    {
        "filters", "units", "input_dim", "output_dim", "key_dim", "value_dim", "num_heads", "head_dim",
        "target_shape", "newshape", "output_shape", "noise_shape", "seed", "dtype", "equation", "subscripts",
    }
)  # fmt: skip
"""Settings that may differ between repetitions: how large something is, and by which seed it began."""


class Repeat(NamedTuple):
    """A sequence of ``length`` nodes that comes ``times`` times in a row, anywhere within a stretch."""

    start: int
    stop: int
    length: int

    @property
    def times(self) -> int:
        """Return how often the sequence comes."""
        return (self.stop - self.start) // self.length


def repeated_blocks(flow: Flow) -> Iterator[Group]:
    """Find the same sequence of nodes, with a layer with weights in it, twice or more in a row.

    The same are types, settings and what each node gets from which other; sizes may differ, and a sequence
    takes what the one before gives. Of sequences that overlap, those are told that leave the fewest nodes
    where each is drawn once. Sequences are found by comparing the list of calls with itself moved, for every
    distance (runs: Main and Lorentz, An O(n log n) Algorithm for Finding All Repetitions in a String, 1984).
    """
    names = list(flow.nodes)
    weights = np.cumsum([0, *(name in flow.weighted for name in names)])
    crossing = _crossing(flow, names)
    useful = [
        settled
        for repeat in _repeats(_tokens(flow))
        if weights[repeat.stop] > weights[repeat.start] and _is_chain(flow, names, repeat)
        for settled in _settled(repeat, crossing, weights)
    ]
    for repeat in _best(useful):
        members = tuple(names[repeat.start : repeat.stop])
        yield Group(at=members[0], begins=members[0], ends=members[-1], members=members, times=repeat.times)


def _tokens(flow: Flow) -> NDArray[np.int64]:
    """Return a number per node; the same for nodes that do the same with neighbours at the same distance."""
    numbers: dict[Any, int] = {}
    order = flow.order
    tokens = []
    for name, node in flow.nodes.items():
        distances = tuple(order[name] - order[source] for source in flow.before.get(name, ()))
        tokens.append(numbers.setdefault((*_work(node), distances), len(numbers)))
    return np.array(tokens, np.int64)


def _work(node: Node) -> tuple[str, bytes]:
    """Return a node's type and its settings but for sizes."""
    return node.type, orjson.dumps(_without_sizes(node.config), option=orjson.OPT_SORT_KEYS)


def _without_sizes(settings: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _without_sizes(value) if isinstance(value, dict) else value
        for name, value in settings.items()
        if name not in SIZES
    }


def _repeats(tokens: NDArray[np.int64]) -> Iterator[Repeat]:
    """Yield every longest stretch that repeats itself, for each length of what is repeated."""
    for length in range(1, len(tokens) // 2 + 1):
        same = tokens[:-length] == tokens[length:]
        if np.count_nonzero(same) < length:
            continue
        borders = np.flatnonzero(np.diff(same, prepend=False, append=False)).reshape(-1, 2)
        for start, stop in borders[borders[:, 1] - borders[:, 0] >= length]:
            yield Repeat(int(start), int(stop) + length, length)


def _settled(repeat: Repeat, crossing: NDArray[np.int64], weights: NDArray[np.int64]) -> Iterator[Repeat]:
    """Yield whole repetitions: they begin where the fewest outputs are needed on the other side.

    Best with a layer that has weights. A stretch may be longer than they are: then the first and the last.
    """
    whole = repeat.times * repeat.length
    starts = slice(repeat.start, repeat.stop - whole + 1)
    cost = 2 * crossing[starts] + (np.diff(weights)[starts] == 0)
    best = np.flatnonzero(cost == cost.min()) + repeat.start
    for start in {int(best[0]), int(best[-1])}:
        yield Repeat(start, start + whole, repeat.length)


def _crossing(flow: Flow, names: list[str]) -> NDArray[np.int64]:
    """Return how many outputs of nodes before each place are used from there on."""
    place = {name: number for number, name in enumerate(names)}
    change = np.zeros(len(names) + 2, np.int64)
    for name, targets in flow.after.items():
        last = max(place[target] for target in targets)
        if name in place:
            change[place[name] + 1] += 1
            change[last + 1] -= 1
    return np.cumsum(change)


def _is_chain(flow: Flow, names: list[str], repeat: Repeat) -> bool:
    """Tell whether the second repetition takes something from the first."""
    middle = repeat.start + repeat.length
    begins, ends = flow.order[names[repeat.start]], flow.order[names[middle]]
    second = names[middle : middle + repeat.length]
    return any(begins <= flow.order[source] < ends for name in second for source in flow.before.get(name, ()))


def _best(repeats: list[Repeat]) -> list[Repeat]:
    """Return those that save the most without overlap, by the fewest groups: weighted interval scheduling."""
    ordered = sorted(repeats, key=lambda repeat: repeat.stop)
    stops = [repeat.stop for repeat in ordered]
    saved, before = [(0, 0)], [-1]  # by the best of the first n; and how many come before the last of these
    for number, repeat in enumerate(ordered):
        earlier = bisect_right(stops, repeat.start, hi=number)
        nodes, groups = saved[earlier]
        gain = nodes + repeat.stop - repeat.start - repeat.length, groups - 1
        before.append(earlier if gain > saved[-1] else -1)
        saved.append(max(gain, saved[-1]))
    chosen, place = [], len(ordered)
    while place:
        if before[place] >= 0:
            chosen.append(ordered[place - 1])
        place = before[place] if before[place] >= 0 else place - 1
    return chosen[::-1]
