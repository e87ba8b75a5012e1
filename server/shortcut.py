"""Answers that the stored statistics and class means already hold, so that no values are read."""

from dataclasses import replace

import xarray as xr

from inspectree.logger.statistics import DTYPE
from inspectree.server.grammar.base import Step
from inspectree.server.grammar.pipeline import checked
from inspectree.server.grammar.reduce import Mean
from inspectree.server.grammar.select import Select
from inspectree.server.grammar.spec import Spec
from inspectree.server.leaf import Leaf, Stored, StoredMeans
from inspectree.server.ledger import Ledger
from inspectree.server.source import Source
from inspectree.server.stack import STACKED, Stack


def from_statistics(stack: Stack, step: Step) -> Leaf | None:
    """Return what ``step`` makes of whole sources by their stored descriptors, where these suffice."""
    if not all(source.is_whole and source.path in source.checkpoint.statistics for source in stack.sources):
        return None
    alone = step if stack.dim is None else step.within(stack.dim, stack.spec)
    if alone is None:
        return None
    parts = [
        alone.from_statistics(source.checkpoint.statistics[source.path], source.spec)
        for source in stack.sources
    ]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    value = known[0] if stack.dim is None else xr.concat(known, dim=STACKED, coords="all")
    return Stored(checked(step, stack.spec), stack.labelled(value), DTYPE.itemsize * len(parts))


def from_class_means(stack: Stack, step: Step, classes: Select | None, ledger: Ledger) -> Leaf | None:
    """Return the stored mean over the samples of each class, where ``step`` asks for just that.

    ``classes`` are those that are asked for; all where it is None.
    """
    if not isinstance(step, Mean) or (step.over, step.by) != (("sample",), ("class",)):
        return None
    means = [_class_means(source, classes) for source in stack.sources]
    known = [source for source in means if source is not None]
    spec = checked(step, stack.spec)
    if len(known) < len(means) or not isinstance(spec, Spec):
        return None

    def finished(value: xr.DataArray) -> xr.DataArray:
        return value.transpose("class", ...).rename(step.op).astype(step.result)

    return StoredMeans(spec, stack.with_sources(known), ledger, finished)


def _class_means(source: Source, classes: Select | None) -> Source | None:
    entry = source.checkpoint.entry(source.path)
    path = f"{entry.layer}/mean_class_activations"
    if source.selected or entry.kind != "activations" or path not in source.checkpoint:
        return None
    means = Source.of(source.unit.at(source.checkpoint, path))
    if classes is not None:
        means = means.narrowed(classes(means.value), classes.model_dump_json())
    return replace(means, unit=source.unit)
