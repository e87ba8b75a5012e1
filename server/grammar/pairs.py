"""Two arrays side by side: what is labelled alike belongs together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.spec import Spec

Floats = NDArray[np.float64]


def pair_sizes(first: Spec, second: Spec, apart: Sequence[str] = ()) -> dict[str, int]:
    """Return the sizes (upper bounds) of all dims of two arrays, those of the first in front.

    Along a shared dim with labels only those that both have remain; without labels it must be equally long.
    Dims named in ``apart`` need not fit.
    """
    sizes = {**first.sizes, **{dim: size for dim, size in second.sizes.items() if dim not in first.sizes}}
    for dim in [dim for dim in first.sizes if dim in second.sizes and dim not in apart]:
        mine, others = first.sizes[dim], second.sizes[dim]
        if mine != others and not (dim in first.coords and dim in second.coords):
            raise PipelineError(f"dim {dim!r} has {mine} positions in one and {others} in the other")
        sizes[dim] = min(mine, others)
    return sizes


def joint_sizes(first: xr.DataArray, second: xr.DataArray) -> dict[str, int]:
    """Return the sizes of all dims of two arrays, those of the first in front."""
    sizes = {str(dim): size for dim, size in first.sizes.items()}
    return {**sizes, **{str(dim): size for dim, size in second.sizes.items() if dim not in sizes}}


def pair_spec(first: Spec, second: Spec, sizes: Mapping[str, int], dtype: Any) -> Spec:
    """Describe what is made of two arrays: labels are the first one's, of other dims the second's."""
    kept = {name: along for name, along in first.coords.items() if set(along) <= set(sizes)}
    new = {dim: (dim,) for dim in sizes if dim in second.coords and dim not in first.sizes}
    dtypes = {**first.dtypes, **{dim: second.dtypes[dim] for dim in new if dim in second.dtypes}}
    return replace(first, sizes=sizes, dtype=np.dtype(dtype), coords={**new, **kept}, dtypes=dtypes)


def paired(
    first: xr.DataArray, second: xr.DataArray, apart: Sequence[str] = ()
) -> tuple[xr.DataArray, xr.DataArray]:
    """Return two arrays, cut to the labels that both have; the second keeps no other coordinates."""
    bare = second.drop_vars([name for name in second.coords if name not in second.dims or name in apart])
    shared = [dim for dim in first.dims if dim in bare.dims and dim not in apart]
    for dim in shared:
        one, other = first.indexes.get(dim), bare.indexes.get(dim)
        if one is None or other is None:
            _need_equally_long(str(dim), first.sizes[dim], bare.sizes[dim])
        elif not one.equals(other):
            if not (one.is_unique and other.is_unique):
                raise PipelineError(f"labels of {dim!r} occur more than once, so there are no pairs")
            common = one.intersection(other, sort=False)
            first, bare = first.sel({dim: common}), bare.sel({dim: common})
    labels = [name for name in bare.coords if name in first.dims]
    return first, bare.drop_vars(labels)


def _need_equally_long(dim: str, mine: int, others: int) -> None:
    if mine != others:
        raise PipelineError(f"dim {dim!r} has {mine} positions in one and {others} in the other")


def rows(value: xr.DataArray, kept: Mapping[Any, int], over: Sequence[Any]) -> Floats:
    """Return an array as rows (kept…, over…): one row per position along ``kept``, in float64."""
    absent = {dim: size for dim, size in kept.items() if dim not in value.dims}
    whole = value.drop_vars(list(value.coords)).expand_dims(absent).transpose(*kept, *over)
    count = int(np.prod([value.sizes[dim] for dim in over], dtype=int))
    shape = int(np.prod(list(kept.values()), dtype=int)), count
    return np.asarray(whole.values, np.float64).reshape(shape)
