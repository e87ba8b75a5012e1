"""Answers a question about units of analysis: reads as little as it can, and says what it read."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import xarray as xr

from inspectree.server.apart import Apart
from inspectree.server.errors import PipelineError, RequestError
from inspectree.server.grammar.base import Spec
from inspectree.server.grammar.pipeline import Pipeline, check, during, run, unused_coords
from inspectree.server.grammar.select import Select
from inspectree.server.limits import Limits
from inspectree.server.resolve import Unit
from inspectree.server.result import Origin, Provenance, Result
from inspectree.server.shortcut import Answer, from_class_means, from_statistics
from inspectree.server.source import Source, stack, stack_dim, stacked_spec


@dataclass(frozen=True)
class Filters:
    """Classes (names) and samples (positions) that everything with such a coordinate is restricted to."""

    classes: tuple[str, ...] | None = None
    samples: tuple[int, ...] | None = None

    def on(self, spec: Spec) -> Select | None:
        """Return the selection that they are of a value so described; None where they have no effect."""
        fields: dict[str, Any] = {}
        if self.classes is not None and "class" in spec.coords:
            fields["class"] = self.classes
        if self.samples is not None and "sample" in spec.sizes:
            fields["label"] = {"sample": self.samples}
        return Select.model_validate(fields) if fields else None


NO_FILTERS = Filters()


def ask(
    units: Sequence[Unit],
    pipeline: Pipeline = (),
    filters: Filters = NO_FILTERS,
    limits: Limits | None = None,
) -> Result:
    """Return what the pipeline makes of the units' values.

    Several units are laid along a new first dim: ``checkpoint``, where they are one variable at several
    checkpoints, else ``uoa``. A model by itself is the table of its history.

    Raises
    ------
    PipelineError, RequestError, LimitError
        Before any value is read.
    """
    start = perf_counter()
    if len(units) == 1 and units[0].level == "model":
        return _history(units[0], pipeline, start)
    sources = [Source.of(unit) for unit in units]
    chosen = [_filtered(source, filters) for source in sources]
    check(pipeline, stacked_spec(chosen))
    answer = _stored(sources, chosen, pipeline, filters)
    if answer is not None:
        value, cost = answer
        return _result(run(pipeline[1:], value, first=2), "statistics", cost, start)
    return _from_values(chosen, pipeline, limits or Limits(), start)


def _stored(
    sources: list[Source], chosen: list[Source], pipeline: Pipeline, filters: Filters
) -> Answer | None:
    """Return the value after the first step, where what is stored besides the values tells it."""
    if not pipeline:
        return None
    if all(after is before for after, before in zip(chosen, sources, strict=True)):
        return from_statistics(sources, pipeline[0]) or from_class_means(sources, pipeline[0])
    if filters.samples is None and (answer := from_class_means(sources, pipeline[0])) is not None:
        value, cost = answer
        return Select.model_validate({"class": filters.classes})(value), cost
    return None


def _from_values(sources: list[Source], pipeline: Pipeline, limits: Limits, start: float) -> Result:
    narrowed, done = _narrowed(sources, pipeline)
    steps = pipeline[done:]
    whole = stacked_spec(narrowed)
    unused = unused_coords(steps, whole)
    narrowed = [source.without_coords(unused) for source in narrowed]
    specs = check(steps, whole.without_coords(unused), first=done + 1)
    apart = Apart.of(steps[0], narrowed, specs[0], limits.held) if steps else None
    first = specs[0].held_bytes if apart is None else apart.held_bytes
    held = max([first, *(spec.held_bytes for spec in specs[1:])])
    limits.check("held", held, "this would hold in memory", "select less first")
    elements = specs[-1].elements_with_coords
    limits.check("elements", elements, "with its labels the answer would have", "select or reduce more")
    cost = sum(source.value.nbytes for source in narrowed)
    if apart is None:
        return _result(run(steps, stack(narrowed), first=done + 1), "values", cost, start)
    with during(done + 1, steps[0]):
        value = apart()
    return _result(run(steps[1:], value, first=done + 2), "values", cost, start)


def _filtered(source: Source, filters: Filters) -> Source:
    select = filters.on(Spec.of(source.value))
    try:
        return source if select is None else source.narrowed(select(source.value))
    except PipelineError as error:
        raise RequestError(f"{source.unit}: {error}") from None


def _narrowed(sources: list[Source], pipeline: Pipeline) -> tuple[list[Source], int]:
    """Apply the selections that a pipeline begins with before anything is read; return how many those are."""
    done = 0
    dim = stack_dim(sources)[0] if len(sources) > 1 else None
    for step in pipeline:
        if not isinstance(step, Select) or dim in step.names:
            break
        done += 1
        sources = [source.narrowed(run((step,), source.value, first=done)) for source in sources]
    return sources, done


def _history(unit: Unit, pipeline: Pipeline, start: float) -> Result:
    if pipeline:
        raise PipelineError(f"step 1 ({pipeline[0].op}): {unit} is a model, whose value is a table", 1)
    return Result(unit.model.history, Provenance("values", 0, _since(start)))


def _result(value: xr.DataArray, source: Origin, cost: int, start: float) -> Result:
    return Result(value, Provenance(source, cost, _since(start)))


def _since(start: float) -> float:
    return round((perf_counter() - start) * 1000, 3)
