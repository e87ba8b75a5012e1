"""Answers that the stored statistics and class means already hold, so that no values are read."""

from collections.abc import Sequence
from dataclasses import replace

import xarray as xr

from inspectree.logger.statistics import DTYPE
from inspectree.server.grammar.base import Spec, Step
from inspectree.server.grammar.reduce import Mean
from inspectree.server.source import Source, label_stack, stack, stack_dim, stacked_spec

Answer = tuple[xr.DataArray, int]
"""The value after the first step, and the bytes read for it."""


def from_statistics(sources: Sequence[Source], step: Step) -> Answer | None:
    """Return what ``step`` makes of the sources by their stored descriptors, where these suffice."""
    if not all(source.is_whole and source.path in source.checkpoint.statistics for source in sources):
        return None
    alone = step if len(sources) == 1 else step.within(stack_dim(sources)[0], stacked_spec(sources))
    if alone is None:
        return None
    parts = [
        alone.from_statistics(source.checkpoint.statistics[source.path], Spec.of(source.value))
        for source in sources
    ]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    cost = DTYPE.itemsize * len(parts)
    if len(known) == 1:
        return known[0], cost
    return label_stack(sources, xr.concat(known, dim="stacked", coords="all")), cost


def from_class_means(sources: Sequence[Source], step: Step) -> Answer | None:
    """Return the stored mean over the samples of each class, where ``step`` asks for just that."""
    if not isinstance(step, Mean) or (step.over, step.by) != (("sample",), ("class",)):
        return None
    means = [_class_means(source) for source in sources]
    known = [source for source in means if source is not None]
    if len(known) < len(means):
        return None
    stacked_spec(known)
    value = stack(known).transpose("class", ...).rename(step.op).astype(step.result)
    return value, sum(source.value.nbytes for source in known)


def _class_means(source: Source) -> Source | None:
    entry = source.checkpoint.entry(source.path)
    path = f"{entry.layer}/mean_class_activations"
    if entry.kind != "activations" or path not in source.checkpoint:
        return None
    means = source.unit.at(source.checkpoint, path)
    return replace(Source.of(means), unit=source.unit)
