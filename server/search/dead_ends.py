"""Layers that work for nothing."""

from collections.abc import Iterator

from inspectree.server.search.flow import Flow
from inspectree.server.search.pattern import Group


def dead_ends(flow: Flow) -> Iterator[Group]:
    """Find layers whose output nothing uses, and that is no output of the model, or of the layer around them.

    Where nothing is known of how data flow there is none, rather than all.
    """
    if not flow.after:
        return
    for name, node in flow.nodes.items():
        if (
            node.kind != "operation"
            and node.outputs
            and not flow.after.get(name)
            and name not in flow.outputs
        ):
            yield Group(at=name, begins=name, ends=name, members=(name,))
