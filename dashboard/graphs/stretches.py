"""Long stretches of layers that are the same in two models: each can be drawn as one box."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from inspectree.dashboard.graphs.aligned import Rows, Side, of_left
from inspectree.dashboard.graphs.folds import Fold

LEAST = 3
"""Layers that a stretch has at least: fewer are drawn as quickly as told."""

CONTEXT = 1
"""Unchanged layers that stay in sight before and after what changed."""


@dataclass(frozen=True)
class Stretch:
    """Layers that follow each other in both models: the same, and in the same order."""

    a: Fold
    b: Fold


def stretches(found: Rows, quiet: Collection[str]) -> list[Stretch]:
    """Return the stretches of pairs of which nothing is told; ``quiet`` are their ids in the left model.

    No edge leads out of a stretch and back into it, as one that did would come between in the order.
    """
    runs: list[list[str]] = [[]]
    for name in found.order:
        id_ = of_left(name)
        if id_ in quiet and id_ in found.pairs:
            runs[-1].append(id_)
        elif runs[-1]:
            runs.append([])
    inner = [run[CONTEXT : len(run) - CONTEXT] for run in runs]
    return [_stretch(run, found.pairs) for run in inner if len(run) >= LEAST]


def _stretch(run: Sequence[str], pairs: Mapping[str, str]) -> Stretch:
    return Stretch(Fold(tuple(run), len(run)), Fold(tuple(pairs[id_] for id_ in run), len(run)))


def folded(side: Side, folds: Sequence[Fold]) -> Side:
    """Return a model with the layers of each fold as one box, called by its key."""
    names = {member: fold.key for fold in folds for member in fold.members}
    links = ((names.get(source, source), names.get(target, target)) for source, target in side.links)
    return Side(
        list(dict.fromkeys(names.get(id_, id_) for id_ in side.ids)),
        list(dict.fromkeys(link for link in links if link[0] != link[1])),
    )
