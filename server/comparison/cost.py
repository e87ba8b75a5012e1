"""What it costs to take a node of one level for a node of the same type of another: 0 to 1."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.server.comparison.level import Level

SETTINGS, SHAPES, NEIGHBOURS, PLACE, NAME = 0.3, 0.1, 0.3, 0.25, 0.05
"""The weights of what differs; together 1."""

TOO_MUCH = 0.75
"""From there on one has gone and another has come."""

LARGE = 1000
"""Beside so many nodes of one type only the place counts: the other costs would take too long."""


def costs(
    a: Level, b: Level, pairs: Mapping[str, str], names: Sequence[str], others: Sequence[str]
) -> NDArray[np.float64]:
    """Return the costs (name, other)."""
    place = PLACE * _places(a, b, names, others)
    if len(names) * len(others) > LARGE**2:
        return place
    matrix = place + NEIGHBOURS * _neighbours(a, b, pairs, names, others)
    for row, name in enumerate(names):
        for column, other in enumerate(others):
            x, y = a.nodes[name], b.nodes[other]
            shapes = [output.shape for output in x.outputs] != [output.shape for output in y.outputs]
            matrix[row, column] += (
                SETTINGS * _share(x.config, y.config) + SHAPES * shapes + NAME * (x.name != y.name)
            )
    return matrix


def _places(a: Level, b: Level, names: Sequence[str], others: Sequence[str]) -> NDArray[np.float64]:
    """Return how far apart nodes are, from the beginning and the end; squared, so that ways do not cross."""
    distances = [
        _squares([of_a[name] for name in names], [of_b[other] for other in others])
        for of_a, of_b in ((a.depth, b.depth), (a.height, b.height))
    ]
    longest = max(1, *a.depth.values(), *b.depth.values())
    mean: NDArray[np.float64] = (distances[0] + distances[1]) / (2 * longest**2)
    return mean


def _squares(a: list[int], b: list[int]) -> NDArray[np.float64]:
    squares: NDArray[np.float64] = np.subtract.outer(np.array(a, float), np.array(b, float)) ** 2
    return squares


def _neighbours(
    a: Level, b: Level, pairs: Mapping[str, str], names: Sequence[str], others: Sequence[str]
) -> NDArray[np.float64]:
    """Return the share of neighbours that are neither pairs, nor of the same type and still without one."""
    known = set(pairs.values())
    of_a = [
        Counter(
            (side, pairs.get(n) or _type(a, n))
            for side, ns in enumerate((a.before[x], a.after[x]))
            for n in ns
        )
        for x in names
    ]
    of_b = [
        Counter(
            (side, n if n in known else _type(b, n))
            for side, ns in enumerate((b.before[y], b.after[y]))
            for n in ns
        )
        for y in others
    ]
    return np.array([[1 - _common(x, y) for y in of_b] for x in of_a])


def _type(level: Level, name: str) -> str:
    return f"type {level.nodes[name].type}" if name in level.nodes else ""


def _common(x: Counter[tuple[int, str]], y: Counter[tuple[int, str]]) -> float:
    total = sum(x.values()) + sum(y.values())
    return 2 * sum((x & y).values()) / total if total else 1.0


def _share(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    """Return the share of settings that differ."""
    names = a.keys() | b.keys()
    different = [name for name in names if a.get(name) != b.get(name)]
    return len(different) / max(len(names), 1)
