"""Patterns of ways that part and meet again."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from inspectree.server.search.flow import START, Flow
from inspectree.server.search.pattern import Group
from inspectree.server.search.traits import JOINS, MERGES, activation


@dataclass(frozen=True)
class Meeting:
    """Ways from the node ``begins``, where they part, to the one where they meet: what lies between."""

    begins: str
    ends: str
    ways: tuple[tuple[str, ...], ...]

    def group(self, flow: Flow) -> Group:
        """Return everything from where the ways part to where they meet."""
        members = flow.members(self.begins, self.ends, *(name for way in self.ways for name in way))
        return Group(at=self.ends, begins=self.begins, ends=self.ends, members=members)


def meetings(flow: Flow) -> tuple[Meeting, ...]:
    """Return, for every layer that joins its inputs, each node where ways to it part; found once."""
    if "meetings" not in flow.kept:
        flow.kept["meetings"] = tuple(_meetings(flow))
    found: tuple[Meeting, ...] = flow.kept["meetings"]
    return found


def _meetings(flow: Flow) -> Iterator[Meeting]:
    for name, node in flow.nodes.items():
        sources = flow.before.get(name, ())
        if node.type not in MERGES or len(sources) < 2:
            continue
        ranked = sorted(sources, key=lambda source: _lineage(flow, source)) if len(sources) > 2 else sources
        for begins in dict.fromkeys(flow.parting(a, b) for a, b in pairwise(ranked)):
            if begins != START:
                ways = [flow.between(begins, s) for s in sources if flow.is_behind(begins, s)]
                yield Meeting(begins, name, tuple(ways))


def _lineage(flow: Flow, name: str) -> list[int]:
    """Return the gates before a node, the first one first: neighbours in this order part where any two do."""
    places = [flow.order[name]]
    while name != START:
        name = flow.gates[name]
        places.append(flow.order[name])
    return places[::-1]


def skips(flow: Flow) -> Iterator[Meeting]:
    """Yield the meetings in which one way is a shortcut past weights of another."""
    return (meeting for meeting in meetings(flow) if _shortcuts(flow, meeting))


def _shortcuts(flow: Flow, meeting: Meeting) -> list[int]:
    """Return which of the ways are shortcuts."""
    join = flow.nodes[meeting.ends].type
    counts = [sum(name in flow.weighted for name in way) for way in meeting.ways]
    return [
        place
        for place, (way, count) in enumerate(zip(meeting.ways, counts, strict=True))
        if join in JOINS and count < max(counts) and _is_shortcut(flow, way, count, join)
    ]


def _is_shortcut(flow: Flow, way: tuple[str, ...], count: int, join: str) -> bool:
    nodes = [flow.nodes[name] for name in way]
    if join == "Concatenate":
        return count == 0 and not any("Pool" in node.type for node in nodes)
    return count == 0 or (count == 1 and all(activation(node) is None for node in nodes))


def skip_connections(flow: Flow) -> Iterator[Group]:
    """Find where an output skips layers: it is added to, or put beside, what they make of it.

    A shortcut has no weights of its own; where it is added it may have one linear projection, which fits the
    shapes (He et al.: Deep Residual Learning for Image Recognition, 2016, section 3.3), where it is put
    beside the others it is not pooled. Members are the layer whose output skips others, all layers up to the
    joining one, and that one.
    """
    return (meeting.group(flow) for meeting in skips(flow))


def residual_blocks(flow: Flow) -> Iterator[Group]:
    """Find skip connections that are joined by addition around layers with weights.

    He et al.: Deep Residual Learning for Image Recognition, 2016.
    """
    return (meeting.group(flow) for meeting in skips(flow) if flow.nodes[meeting.ends].type == "Add")


def multi_branches(flow: Flow) -> Iterator[Group]:
    """Find where two or more ways, each through layers with weights of its own, part and meet again.

    As in an Inception block (Szegedy et al.: Going Deeper with Convolutions, 2015). Shortcuts do not count.
    """
    for meeting in meetings(flow):
        shortcuts = _shortcuts(flow, meeting)
        own = [set(way) & flow.weighted for way in meeting.ways]
        with_weights = [place for place, way in enumerate(own) if way - _others(own, place)]
        if len(set(with_weights) - set(shortcuts)) > 1:
            yield meeting.group(flow)


def _others(ways: list[set[str]], place: int) -> set[str]:
    return set().union(*ways[:place], *ways[place + 1 :])
