"""Labels for dims without any, so that positions that move or go stay known."""

from dataclasses import replace

import numpy as np
import xarray as xr

from inspectree.server.grammar.base import Spec


def with_positions(value: xr.DataArray, dim: str) -> xr.DataArray:
    """Label a dim by its positions unless it has labels."""
    return value if dim in value.coords else value.assign_coords({dim: np.arange(value.sizes[dim])})


def described_with_positions(spec: Spec, dim: str) -> Spec:
    """Describe what `with_positions` returns."""
    if dim in spec.coords:
        return spec
    dtypes = {**spec.dtypes, dim: np.dtype(np.int64)}
    return replace(spec, coords={**spec.coords, dim: (dim,)}, dtypes=dtypes)
