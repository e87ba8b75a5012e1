"""Ranking: the largest or smallest values, and where they are."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, Step

Values = NDArray[Any]


class Ranked(Step):
    """What both rankings share. The result has the dim ``rank``; the old dims are coordinates along it."""

    family: ClassVar[str] = "rank"

    k: Annotated[int, Field(ge=1, le=100_000, description="how many")] = 10
    magnitude: Annotated[bool, Field(description="rank by magnitude; the values keep their signs")] = False

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_numbers()
        if "rank" in spec.sizes:
            raise PipelineError("dim 'rank' is there already: the values are ranked")
        coords = dict.fromkeys([*spec.sizes, *self._labels(spec.coords)], ("rank",))
        return Spec({"rank": min(self.k, spec.elements)}, spec.dtype, coords)

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        flat = value.values.ravel()
        chosen = self._chosen(np.abs(flat) if self.magnitude else flat)
        places = dict(zip(value.dims, np.unravel_index(chosen, value.shape), strict=True))
        coords = {str(dim): ("rank", place) for dim, place in places.items()}
        for name in self._labels({n: c.dims for n, c in value.coords.items()}):
            coord = value[name]
            coords[name] = ("rank", coord.values[tuple(places[dim] for dim in coord.dims)])
        return xr.DataArray(flat[chosen], dims=["rank"], coords=coords, name=value.name)

    @staticmethod
    def _labels(coords: Mapping[Any, tuple[Any, ...]]) -> list[str]:
        """Return the coordinates that tell something of each value, not of all of them."""
        return [str(name) for name, dims in coords.items() if dims]

    def _chosen(self, keys: Values) -> NDArray[np.intp]:
        """Return the positions of the best k, the best first; of equal ones the first come first."""
        places = np.flatnonzero(np.isfinite(keys))
        # Whole numbers stay whole, and turned round by ~ instead of −, which the smallest one lacks.
        scores = self._scores(keys[places])
        if len(scores) > self.k:
            bound = np.partition(scores, self.k - 1)[self.k - 1]
            better = np.flatnonzero(scores < bound)
            equal = np.flatnonzero(scores == bound)[: self.k - len(better)]
            kept = np.sort(np.concatenate([better, equal]))
            places, scores = places[kept], scores[kept]
        return places[np.argsort(scores, kind="stable")]

    @abstractmethod
    def _scores(self, values: Values) -> Values:
        """Return numbers that are the smaller the better the value."""


class TopK(Ranked):
    """Keep the k largest values, the largest first."""

    example: ClassVar[Mapping[str, Any]] = {"op": "top_k", "k": 5, "magnitude": True}

    op: Literal["top_k"] = "top_k"

    @override
    def _scores(self, values: Values) -> Values:
        return ~values if values.dtype.kind in "biu" else -values


class BottomK(Ranked):
    """Keep the k smallest values, the smallest first."""

    example: ClassVar[Mapping[str, Any]] = {"op": "bottom_k", "k": 5}

    op: Literal["bottom_k"] = "bottom_k"

    @override
    def _scores(self, values: Values) -> Values:
        return values
