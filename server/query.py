"""Answers a question about units of analysis: reads as little as it can, and says what it read."""

from collections.abc import Sequence
from time import perf_counter

from inspectree.server.filters import NO_FILTERS, Filters
from inspectree.server.grammar.pipeline import Pipeline
from inspectree.server.grammar.spec import Columns
from inspectree.server.limits import Limits
from inspectree.server.planner import Planner, Resolve
from inspectree.server.resolve import Unit
from inspectree.server.result import Provenance, Result

__all__ = ["NO_FILTERS", "Filters", "ask"]


def ask(
    units: Sequence[Unit],
    pipeline: Pipeline = (),
    filters: Filters = NO_FILTERS,
    limits: Limits | None = None,
    resolve: Resolve | None = None,
) -> Result:
    """Return what the pipeline makes of the units' values.

    Several units are laid along a new first dim: ``checkpoint``, where they are one variable at several
    checkpoints, else ``uoa``. A model by itself is the table of its history. ``resolve`` finds the units that
    comparisons speak of.

    Raises
    ------
    UnitError, PipelineError, RequestError, LimitError
        Before any value is read.
    """
    start = perf_counter()
    planner = Planner(filters, limits or Limits(), resolve)
    plan = planner.plan(units, pipeline)
    ledger = planner.ledger
    value = plan.made(ledger)
    assert not isinstance(value, Columns), "the plan has been checked"
    ms = round((perf_counter() - start) * 1000, 3)
    return Result(value, Provenance(ledger.origin, ledger.bytes_read, ms, notes=tuple(ledger.notes)))
