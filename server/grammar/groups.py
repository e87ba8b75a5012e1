"""Applying something to each group of positions that share a label."""

from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import LABELS, Spec

MOST = 10_000
"""Groups that one step may make."""

NONE = ("", None)
"""The labels of a sample that has no class, and so is neither right nor wrong; it is in no group."""


def labels_of(coord: xr.DataArray) -> list[Any]:
    """Return the labels that occur, in their order."""
    values = coord.values
    present = [label for label in pd.unique(values.ravel()).tolist() if label not in NONE]
    order = list(coord.attrs.get(LABELS, ()))
    if order:
        return [label for label in order if label in present]
    return present if coord.name in coord.dims else sorted(present)


def check_groups(spec: Spec, by: Sequence[str], over: Iterable[str]) -> dict[str, int]:
    """Return the sizes (upper bounds) of the dims that grouping makes; refuse coordinates along kept dims."""
    reduced = set(over)
    for name in by:
        if (dim := spec.need_coord(name)) not in reduced:
            raise PipelineError(f"groups by {name!r}, so it must reduce over dim {dim!r} too")
    if len(set(by)) != len(by):
        raise PipelineError(f"groups by the same coordinate twice: {', '.join(by)}")
    sizes = {name: _most_labels(spec, name) for name in by}
    if (count := prod(sizes.values())) > MOST:
        raise PipelineError(f"grouping by {', '.join(by)} makes up to {count:,} groups; {MOST:,} are allowed")
    return sizes


def _most_labels(spec: Spec, name: str) -> int:
    size = spec.sizes[spec.need_coord(name)]
    return min(size, spec.labels.get(name, size))


def grouped(
    value: xr.DataArray,
    by: Sequence[str],
    function: Callable[[xr.DataArray], xr.DataArray],
    own: Sequence[str] = (),
) -> xr.DataArray:
    """Return the function's result for each combination of labels, along dims named like the coordinates.

    ``own`` are coordinates of the results that differ from group to group. What else is known of each
    position of a dim that becomes the groups stays known.
    """
    labels = {name: labels_of(value[name]) for name in by}
    result = _grouped(value, list(by), labels, function, list(own))
    whole = [name for name in by if name in value.dims and len(labels[name]) == value.sizes[name]]
    return result.assign_coords(
        {key: c for key, c in value.coords.items() if c.dims in {(n,) for n in whole}}
    )


def _grouped(
    value: xr.DataArray,
    by: list[str],
    labels: dict[str, list[Any]],
    function: Callable[[xr.DataArray], xr.DataArray],
    own: list[str],
) -> xr.DataArray:
    if not by:
        return function(value)
    name, *rest = by
    coord = value[name]
    dim = str(coord.dims[0])
    parts = []
    for label in labels[name]:
        chosen = value.isel({dim: np.flatnonzero(coord.values == label)})
        parts.append(_grouped(chosen, rest, labels, function, own).drop_vars(name, errors="ignore"))
    if not parts:
        raise PipelineError(f"no value has a label for {name!r}: there is nothing to group")
    return xr.concat(parts, dim=pd.Index(labels[name], name=name), coords=own or "minimal", compat="override")
