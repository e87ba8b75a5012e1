"""Patterns of ways that become narrow and wide again."""

import re
from collections.abc import Iterator
from itertools import pairwise

from inspectree.server.search.branches import skips
from inspectree.server.search.flow import START, Flow
from inspectree.server.search.pattern import Group
from inspectree.server.search.traits import JOINS, sizes

STEP = 1.5
"""The factor from which on a change of size is a step: convolutions without padding lose a little too."""

REST = 4
"""What is decoded is at least this part of what was encoded."""

FITTING = re.compile(r"^(ZeroPadding|Cropping)|^(Pad|Concatenate)$")
"""Types that fit what comes to what comes next."""

SHAPE = re.compile(r"=*D[=D]*U[=U]*")

Point = tuple[str, tuple[int, int]]
"""A node with the positions (0: it is a vector) and the features of its output."""


def encoder_decoders(flow: Flow) -> Iterator[Group]:
    """Find where data become narrower, step by step, and then wide again: an hourglass.

    Narrow is over how many positions an output lies, or, where it is a vector, its number of units; a step
    is a factor of 1.5, and the end is at least a quarter as wide as the beginning. The way followed is the
    one that all data take, through the most weights where ways are added or put beside each other (Hinton and
    Salakhutdinov: Reducing the Dimensionality of Data with Neural Networks, 2006; Newell et al.: Stacked
    Hourglass Networks, 2016).
    """
    outputs = sorted(flow.outputs & flow.nodes.keys(), key=flow.order.__getitem__)
    ways = (_points(flow, _way(flow, START, output)) for output in outputs)
    groups = (_group(flow, [name for name, _ in points]) for way in ways for points in _hourglasses(way))
    for group in dict.fromkeys(groups):  # outputs may share one
        if flow.weighted.intersection(group.members):
            yield group


def u_shapes(flow: Flow) -> Iterator[Group]:
    """Find encoders and decoders over positions with a skip connection from one side to the other.

    Ronneberger et al.: U-Net, 2015. Those with several skip connections count once.
    """
    found: list[Group] = []
    for meeting in skips(flow):
        points = _points(flow, _way(flow, meeting.begins, meeting.ends))
        over_space = len(points) > 2 and points[0][1][0] > 0 < points[-1][1][0]
        if over_space and any(len(stretch) == len(points) for stretch in _hourglasses(points)):
            found.append(meeting.group(flow))
    taken: set[str] = set()
    for group in sorted(found, key=lambda group: -len(group.members)):
        if not taken.intersection(group.members):
            taken.update(group.members)
            yield group


def _way(flow: Flow, begins: str, ends: str) -> list[str]:
    """Return the way that data take from one node to another, through the most weights where it joins."""
    way = [ends]
    while way[-1] != begins and flow.before.get(way[-1]):
        way.append(_previous(flow, way[-1]))
    return [name for name in reversed(way) if name in flow.nodes]


def _previous(flow: Flow, name: str) -> str:
    sources = flow.before[name]
    if len(sources) > 1 and flow.nodes[name].type not in JOINS and flow.gates[name] != START:
        return flow.gates[name]
    return max(sources, key=flow.lengths.__getitem__)


def _points(flow: Flow, way: list[str]) -> list[Point]:
    known = ((name, sizes(flow.nodes[name])) for name in way if not FITTING.search(flow.nodes[name].type))
    return [(name, size) for name, size in known if size is not None]


def _hourglasses(points: list[Point]) -> Iterator[list[Point]]:
    """Yield the stretches that narrow and then widen."""
    steps = "".join(_step(a, b) for a, b in pairwise(points))
    for match in SHAPE.finditer(steps):
        stretch = points[match.start() : match.end() + 1]
        (_, first), (_, last) = stretch[0], stretch[-1]
        axis = int(first[0] == 0)
        if last[axis] * REST >= first[axis]:
            yield stretch


def _step(a: Point, b: Point) -> str:
    """Return D where the data become narrower from one node to the next, U where wider, else =."""
    (_, before), (_, after) = a, b
    axis = int(before[0] == after[0] == 0)
    if after[axis] * STEP <= before[axis]:
        return "D"
    return "U" if before[axis] * STEP <= after[axis] else "="


def _group(flow: Flow, names: list[str]) -> Group:
    first, last = names[0], names[-1]
    way = _way(flow, first, last)
    return Group(at=last, begins=first, ends=last, members=flow.members(*way))
