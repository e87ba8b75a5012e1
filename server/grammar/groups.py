"""Applying something to each group of positions that share a label."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import LABELS, Spec

MOST = 10_000
"""Groups that one step may make."""

NONE = ("", None)
"""The labels of a sample that has no class, and so is neither right nor wrong; it is in no group."""

Values = NDArray[Any]
Axes = tuple[int, ...]


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
    labels = {name: _labels_of(value, name) for name in by}
    result = _grouped(value, list(by), labels, function, list(own))
    whole = [name for name in by if name in value.dims and len(labels[name]) == value.sizes[name]]
    return result.assign_coords(
        {key: c for key, c in value.coords.items() if c.dims in {(n,) for n in whole}}
    )


def _labels_of(value: xr.DataArray, name: str) -> list[Any]:
    if labels := labels_of(value[name]):
        return labels
    raise PipelineError(f"no value has a label for {name!r}: there is nothing to group")


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
    return xr.concat(parts, dim=pd.Index(labels[name], name=name), coords=own or "minimal", compat="override")


def reduced(
    value: xr.DataArray,
    over: Sequence[str],
    by: Sequence[str],
    function: Callable[[Values, Axes], Values],
    new: Sequence[str] = (),
) -> xr.DataArray:
    """Return the function's result over the dims ``over`` for each combination of labels, as `grouped` would.

    The function takes bare values and the axes that go, and gives those that stay and then the ``new`` ones:
    one call of xarray per group would cost more than the arithmetic. Where each position of a dim is a group
    of its own, the dim just stays.
    """
    labels = {name: _labels_of(value, name) for name in by}
    whole = [name for name in by if name in value.dims and labels[name] == value[name].values.tolist()]
    along = [value[name].dims[0] for name in by]
    alone = [name for name in whole if along.count(name) == 1]
    rest = [name for name in by if name not in alone]
    kept = [dim for dim in value.dims if dim not in over or dim in alone]
    axes = tuple(axis for axis, dim in enumerate(value.dims) if dim not in kept)
    results = [function(part, axes) for part in _parts(value, {name: labels[name] for name in rest})]
    values = np.reshape(results, (*(len(labels[name]) for name in rest), *results[0].shape))
    known = {
        name: coord
        for name, coord in value.coords.items()
        if set(coord.dims) <= set(kept) or (coord.dims in {(dim,) for dim in whole} and name not in by)
    }
    groups = {name: pd.Index(labels[name], name=name) for name in by if name not in known}
    return xr.DataArray(values, dims=[*rest, *kept, *new], coords={**known, **groups}).transpose(*by, ...)


def _parts(value: xr.DataArray, labels: dict[str, list[Any]]) -> Iterator[Values]:
    """Yield the values of each combination of labels; with no labels that is everything."""
    values = value.values
    axes = [value.get_axis_num(value[name].dims[0]) for name in labels]
    places = [
        [np.flatnonzero(value[name].values == label) for label in known] for name, known in labels.items()
    ]
    for combination in product(*places):
        chosen: dict[int, NDArray[np.intp]] = {}
        for axis, there in zip(axes, combination, strict=True):
            chosen[axis] = np.intersect1d(chosen[axis], there) if axis in chosen else there
        part = values
        for axis, there in chosen.items():
            part = part.take(there, axis)
        yield part
