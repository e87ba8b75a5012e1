"""What is said of each layer of two models that stand side by side: come, gone, altered, moved, renamed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from inspectree.dashboard.changes import own, text, title, told

Json = dict[str, Any]
Kind = Literal["added", "removed", "altered", "moved", "renamed"]

SIGNS: dict[Kind, str] = {"added": "+", "removed": "−", "altered": "~", "moved": "↕", "renamed": "="}
"""In the order in which they are told; the first that holds is what the layer is marked as."""

FEW = 2
"""Changes that a box has room for; its tooltip tells all."""


@dataclass(frozen=True)
class Mark:
    """A kind, what it says in short, and everything that it says."""

    kind: Kind
    text: str
    lines: tuple[str, ...]

    @property
    def sign(self) -> str:
        """Return the sign, which tells the kind without a colour."""
        return SIGNS[self.kind]


def marks(layers: Json) -> tuple[dict[str, Mark], dict[str, Mark]]:
    """Return the marks of the layers before and after by their ids; unchanged layers have none.

    ``layers`` is what the server tells of the layers of both models. A group whose inside changed is altered.
    """
    before: dict[str, list[Mark]] = {}
    after: dict[str, list[Mark]] = {}
    for layer in layers["added"]:
        after.setdefault(layer["id"], []).append(Mark("added", "added", ("added",)))
    for layer in layers["removed"]:
        before.setdefault(layer["id"], []).append(Mark("removed", "removed", ("removed",)))
    for pair, *both in _of_pairs(layers):
        before.setdefault(pair["before"], []).append(both[0])
        after.setdefault(pair["after"], []).append(both[1])
    return _with_groups(before), _with_groups(after)


def _of_pairs(layers: Json) -> Iterable[tuple[Json, Mark, Mark]]:
    """Yield what is said of layers of both models: of the one before, and of the one after."""
    for layer in layers["altered"]:
        changes = own(layer["changes"])
        if changes:
            yield layer, _altered(changes, was=True), _altered(changes, was=False)
    for pair in layers["moved"]:
        mark = Mark("moved", "moved", ("moved",))
        yield pair, mark, mark
    for pair in layers["renamed"]:
        old, new = _name(pair["before"]), _name(pair["after"])
        if old != new:
            yield pair, _renamed(f"renamed {new}"), _renamed(f"was {old}")


def _altered(changes: list[Json], *, was: bool) -> Mark:
    """Return what a layer's settings were, or what they have become."""
    short = [f"{title(each['key'])} {text(each['before'])}" if was else told(each) for each in changes]
    more = [f"{len(short) - FEW} more"] * (len(short) > FEW)
    return Mark("altered", ", ".join([*short[:FEW], *more]), tuple(map(told, changes)))


def _renamed(how: str) -> Mark:
    return Mark("renamed", how, (how,))


def _name(id_: str) -> str:
    return id_.rpartition("/")[2]


def _with_groups(found: Mapping[str, list[Mark]]) -> dict[str, Mark]:
    """Return one mark per layer, and one per group around layers that have some."""
    inside: dict[str, int] = {}
    for id_ in found:
        while id_ := id_.rpartition("/")[0]:
            inside[id_] = inside.get(id_, 0) + 1
    every = {id_: list(of) for id_, of in found.items()}
    for id_, count in inside.items():
        how = f"{count} layer{'s' * (count > 1)} inside changed"
        every.setdefault(id_, []).append(Mark("altered", how, (how,)))
    return {id_: _joined(of) for id_, of in every.items()}


def _joined(of: list[Mark]) -> Mark:
    in_order = sorted(of, key=lambda mark: list(SIGNS).index(mark.kind))
    lines = tuple(line for mark in in_order for line in mark.lines)
    return Mark(in_order[0].kind, " · ".join(mark.text for mark in in_order), lines)
