"""Answers a question from the cache, or asks the store and keeps the answer."""

from collections.abc import Hashable, Sequence
from dataclasses import replace
from time import perf_counter

from inspectree.server.grammar.pipeline import Pipeline
from inspectree.server.query import NO_FILTERS, Filters, ask
from inspectree.server.resolve import Unit
from inspectree.server.result import Result
from inspectree.server.service import Service


def answered(
    service: Service, uoas: Sequence[str], pipeline: Pipeline = (), filters: Filters = NO_FILTERS
) -> Result:
    """Return the answer; its provenance says whether it was kept."""
    start = perf_counter()
    units = [service.store.resolve(uoa) for uoa in uoas]
    key = _key(units, pipeline, filters)
    if (kept := service.cache.get(key)) is not None:
        took = round((perf_counter() - start) * 1000, 3)
        return replace(kept, provenance=replace(kept.provenance, cached=True, ms=took))
    answer = ask(units, pipeline, filters, service.limits)
    service.cache.put(key, answer)
    return answer


def _key(units: list[Unit], pipeline: Pipeline, filters: Filters) -> Hashable:
    """Return what determines the answer: the files as they are, and the question."""
    return tuple(unit.identity for unit in units), tuple(step.model_dump_json() for step in pipeline), filters
