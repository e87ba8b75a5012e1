"""Into which bin each value falls."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import xarray as xr
from pydantic import Field, model_validator
from typing_extensions import override

from inspectree.server.grammar.base import Spec, Step, spec_like
from inspectree.server.grammar.counting import NOWHERE, Floats, Places, as_floats, equal_edges, extent, places


class Digitise(Step):
    """Replace every value by the number of its bin, from 0; −1 where it is in none or not finite.

    Bins are those of `histogram`: each begins with its left edge, and the last one has its right edge, too.
    """

    family: ClassVar[str] = "bin"
    example: ClassVar[Mapping[str, Any]] = {"op": "digitise", "bins": 5}

    op: Literal["digitise"] = "digitise"
    bins: Annotated[int, Field(ge=1, le=10_000, description="number of equal bins")] = 10
    range: Annotated[
        tuple[float, float] | None,
        Field(description="first and last edge of equal bins; the smallest and the largest value"),
    ] = None
    edges: Annotated[
        tuple[Annotated[float, Field(allow_inf_nan=False)], ...] | None,
        Field(min_length=2, max_length=10_001, description="instead of equal bins: all edges, ascending"),
    ] = None

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        for low, high in pairwise(self.edges or self.range or ()):
            if not low < high:
                raise ValueError(f"edges must ascend, but {high} comes after {low}")
        return self

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_numbers()
        return spec_like(spec, spec.sizes, np.int64)

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        floats = as_floats(value)
        if self.edges is not None:
            found = _between(floats, np.array(self.edges))
        else:
            ends = self.range or extent(floats) or (0, 1)
            found = places(floats, equal_edges(floats.dtype, self.bins, ends))
        return value.copy(data=found.astype(np.int64)).rename("bin")


def _between(floats: Floats, edges: Floats) -> Places:
    """Return the number of each value's bin between edges that may lie anywhere."""
    found = np.searchsorted(edges, floats, side="right") - 1 - (floats == edges[-1])
    inside = (floats >= edges[0]) & (floats <= edges[-1])
    return np.where(inside, found, NOWHERE)
