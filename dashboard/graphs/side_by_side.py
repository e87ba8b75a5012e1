"""What of two models is drawn side by side, and in which rows."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from inspectree.dashboard.graphs.aligned import Pairs, Rows, Side, rows
from inspectree.dashboard.graphs.marks import Mark
from inspectree.dashboard.graphs.stretches import Stretch, folded, stretches

Json = dict[str, Any]
Marks = dict[str, Mark]

LARGE = 60
"""Layers from which on boxes show nothing of their inside, and unchanged stretches are folded."""


@dataclass(frozen=True)
class Plan:
    """Both models with their unchanged stretches as single boxes, but for those that are ``opened``.

    ``pairs`` are all boxes of both, those included that are not level as they moved; ``rows`` has the others.
    """

    sides: tuple[Side, Side]
    closed: list[Stretch]
    opened: list[Stretch]
    pairs: Pairs
    rows: Rows
    large: bool


def plan(
    sides: tuple[Side, Side],
    layers: Json,
    marks: tuple[Marks, Marks],
    is_open: Callable[[Stretch], bool],
) -> Plan:
    """Return what is drawn of two sides, of which the server tells what is different of their ``layers``."""
    pairs = _pairs(layers["pairs"], *sides)
    moved = {pair["before"] for pair in layers["moved"]}
    level = rows(*sides, _without(pairs, moved))
    large = max(len(side.ids) for side in sides) >= LARGE
    quiet = {of_a for of_a, of_b in pairs.items() if of_a not in marks[0] and of_b not in marks[1]}
    every = stretches(level, quiet) if large else []
    opened = [stretch for stretch in every if is_open(stretch)]
    closed = [stretch for stretch in every if stretch not in opened]
    if not closed:
        return Plan(sides, [], opened, pairs, level, large)
    shorter = folded(sides[0], [each.a for each in closed]), folded(sides[1], [each.b for each in closed])
    pairs, kept = _as_boxes(pairs, closed), _as_boxes(level.pairs, closed)
    return Plan(shorter, closed, opened, pairs, rows(*shorter, kept), large)


def _pairs(told: Sequence[Json], a: Side, b: Side) -> dict[str, str]:
    """Return the pairs of what is drawn: others are inside of layers."""
    here, there = set(a.ids), set(b.ids)
    return {
        pair["before"]: pair["after"] for pair in told if pair["before"] in here and pair["after"] in there
    }


def _without(pairs: Pairs, names: Collection[str]) -> dict[str, str]:
    return {of_a: of_b for of_a, of_b in pairs.items() if of_a not in names}


def _as_boxes(pairs: Pairs, closed: Sequence[Stretch]) -> dict[str, str]:
    """Return the pairs with those of a stretch as one."""
    members = {member for each in closed for member in each.a.members}
    return _without(pairs, members) | {each.a.key: each.b.key for each in closed}
