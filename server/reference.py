"""The other units of analysis that the comparisons of a pipeline speak of."""

from collections.abc import Iterator, Sequence

from inspectree.server.grammar.branch import Branch
from inspectree.server.grammar.compare import Compare, related
from inspectree.server.grammar.pipeline import Pipeline
from inspectree.server.resolve import Unit
from inspectree.server.uoa import UnitOfAnalysis

Found = set[tuple[str, tuple[int, ...]]]


def references(pipeline: Pipeline, units: Sequence[Unit | UnitOfAnalysis]) -> list[str]:
    """Return the addresses of all units that an answer depends on besides ``units``, each once.

    Words for checkpoints and prefixes of ids stay as they were given: a store resolves them.
    """
    comparisons = [*_comparisons(pipeline, ())]
    found: Found = set()
    for unit in units:
        _follow(comparisons, UnitOfAnalysis.parse(str(unit)), found)
    return sorted({address for address, _ in found})


def _comparisons(pipeline: Pipeline, before: Pipeline) -> Iterator[tuple[Compare, Pipeline]]:
    """Yield every comparison with the steps on the way to it, those within branches, too."""
    for step in pipeline:
        if isinstance(step, Compare):
            yield step, before
        if isinstance(step, Branch):
            for column in step.columns.values():
                yield from _comparisons(column, before)
        before = (*before, step)


def _follow(comparisons: list[tuple[Compare, Pipeline]], uoa: UnitOfAnalysis, found: Found) -> None:
    """Find the others of ``uoa``, and those that come up on the others' own way."""
    for step, before in comparisons:
        other = related(step.to, uoa)
        known = str(other), tuple(map(id, before))
        if known not in found:
            found.add(known)
            _follow([*_comparisons(before, ())], other, found)
