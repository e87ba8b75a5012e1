"""Layers between which the data are narrow."""

from collections.abc import Iterator

from inspectree.server.search.flow import Flow
from inspectree.server.search.pattern import Group
from inspectree.server.search.traits import sizes

FACTOR = 2


def bottlenecks(flow: Flow) -> Iterator[Group]:
    """Find layers with at most half the features of what enters them, and of the next layer with weights.

    Several in a row may be as narrow; members are these, and the one that is wide again: 1×1, 3×3 and 1×1
    convolutions (He et al.: Deep Residual Learning for Image Recognition, 2016), or what lies between two
    inverted residual blocks (Sandler et al.: MobileNetV2, 2018). The next layer is the one that is called
    next on this one's output.
    """
    done: set[str] = set()
    for name in flow.nodes:
        if name in flow.weighted and name not in done:
            way = _stretch(flow, name)
            done.update(way[:-1])
            if way:
                yield Group(at=name, begins=name, ends=way[-1], members=tuple(way))


def _stretch(flow: Flow, name: str) -> list[str]:
    """Return a narrow layer and what follows it until it is wide again; nothing where it is no bottleneck."""
    width = _width(flow, name)
    entering = min((_width(flow, source) for source in flow.before.get(name, ())), default=0)
    way = [name] if 0 < FACTOR * width <= entering else []
    while way and (following := _next(flow, way[-1])) is not None:
        way.append(following)
        ahead = _width(flow, following)
        if following in flow.weighted and ahead != width:
            return way if ahead >= FACTOR * width else []
    return []


def _next(flow: Flow, name: str) -> str | None:
    """Return what is called next on an output; None where other features are put beside it, or at the end."""
    targets = [target for target in flow.after.get(name, ()) if target in flow.nodes]
    following = min(targets, key=flow.order.__getitem__, default=None)
    if following is None or (flow.nodes[following].type == "Concatenate" and len(flow.before[following]) > 1):
        return None
    return following


def _width(flow: Flow, name: str) -> int:
    """Return the number of features of a node's output; 0 where it is not known."""
    size = sizes(flow.nodes[name]) if name in flow.nodes else None
    return 0 if size is None else size[1]
