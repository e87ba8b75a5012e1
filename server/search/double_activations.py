"""Activation functions of activation functions."""

from collections.abc import Iterator

from inspectree.server.search.flow import Flow
from inspectree.server.search.pattern import Group
from inspectree.server.search.traits import activation


def double_activations(flow: Flow) -> Iterator[Group]:
    """Find two activation functions in a row, with nothing between them that has variables or other inputs.

    A softmax over a ReLU, say, or an activation layer after a layer that has the function as a setting: the
    second mostly undoes the first, or does nothing (ReLU of ReLU).
    """
    for name, node in flow.nodes.items():
        if activation(node) is not None and not _changes(flow, name):
            way = _back(flow, name)
            if way:
                yield Group(at=name, begins=way[0], ends=name, members=tuple(way))


def _changes(flow: Flow, name: str) -> bool:
    """Tell whether more than a fixed function of the one input comes out of a node."""
    variables = bool(flow.nodes[name].variables) or name in flow.weighted
    return variables or len(flow.before.get(name, ())) != 1


def _back(flow: Flow, name: str) -> list[str]:
    """Return the way from the activation before to this one; nothing where there is none."""
    way = [name]
    while (source := flow.before[way[-1]][0]) in flow.nodes:
        way.append(source)
        if activation(flow.nodes[source]) is not None:
            return way[::-1]
        if _changes(flow, source):
            break
    return []
