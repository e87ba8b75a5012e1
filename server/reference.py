"""The other units of analysis that the comparisons of a pipeline speak of."""

from collections.abc import Sequence

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.branch import Branch
from inspectree.server.grammar.compare import Compare, related
from inspectree.server.grammar.pipeline import Pipeline
from inspectree.server.resolve import Unit
from inspectree.server.uoa import UnitOfAnalysis

MOST = 100
"""Comparisons that one pipeline may hold: each may be with another unit, and all others go the same way."""

Comparisons = list[tuple[Compare, tuple[int, ...]]]
"""Comparisons, each with the places in this list of those on the way to it."""


def references(pipeline: Pipeline, units: Sequence[Unit | UnitOfAnalysis]) -> list[str]:
    """Return the addresses of all units that an answer depends on besides ``units``, each once.

    Words for checkpoints and prefixes of ids stay as they were given: a store resolves them.

    Raises
    ------
    PipelineError
        When there are too many comparisons.
    """
    comparisons = comparisons_of(pipeline)
    everything = tuple(range(len(comparisons)))
    found: dict[tuple[int, str], None] = {}
    for unit in units:
        _follow(comparisons, everything, UnitOfAnalysis.parse(str(unit)), found)
    return sorted({address for _, address in found})


def comparisons_of(pipeline: Pipeline) -> Comparisons:
    """Return all comparisons of a pipeline, those within branches, too; refuse too many of them."""
    comparisons: Comparisons = []
    _collect(pipeline, (), comparisons)
    return comparisons


def _collect(pipeline: Pipeline, before: tuple[int, ...], found: Comparisons) -> None:
    for step in pipeline:
        first = len(found)
        if isinstance(step, Compare):
            found.append((step, before))
        if isinstance(step, Branch):
            for column in step.columns.values():
                _collect(column, before, found)
        if len(found) > MOST:
            raise PipelineError(f"there are more than {MOST} comparisons: ask in several questions")
        if len(found) > first:
            before = (*before, *range(first, len(found)))


def _follow(
    comparisons: Comparisons,
    places: tuple[int, ...],
    uoa: UnitOfAnalysis,
    found: dict[tuple[int, str], None],
) -> None:
    """Find the others of ``uoa`` at some comparisons, and those that come up on the others' own way."""
    for place in places:
        step, before = comparisons[place]
        other = related(step.to, uoa)
        if (place, str(other)) not in found:
            found[place, str(other)] = None
            _follow(comparisons, before, other, found)
