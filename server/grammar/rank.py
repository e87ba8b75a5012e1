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
Places = NDArray[np.intp]

BLOCK = 1 << 10
"""Values of which the best one is looked at first."""


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
        where = np.unravel_index(chosen, value.shape) if value.shape else ()
        places = dict(zip(value.dims, where, strict=True))
        coords = {str(dim): ("rank", place) for dim, place in places.items()}
        for name in self._labels({n: c.dims for n, c in value.coords.items()}):
            coord = value[name]
            coords[name] = ("rank", coord.values[tuple(places[dim] for dim in coord.dims)])
        return xr.DataArray(flat[chosen], dims=["rank"], coords=coords, name=value.name)

    @staticmethod
    def _labels(coords: Mapping[Any, tuple[Any, ...]]) -> list[str]:
        """Return the coordinates that tell something of each value, not of all of them."""
        return [str(name) for name, dims in coords.items() if dims]

    def _chosen(self, keys: Values) -> Places:
        """Return the positions of the best k, the best first; of equal ones the first come first."""
        places = self._candidates(keys)
        # Whole numbers stay whole, and turned round by ~ instead of −, which the smallest one lacks.
        scores = self._scores(keys[places])
        if len(scores) > self.k:
            bound = np.partition(scores, self.k - 1)[self.k - 1]
            better = np.flatnonzero(scores < bound)
            equal = np.flatnonzero(scores == bound)[: self.k - len(better)]
            kept = np.sort(np.concatenate([better, equal]))
            places, scores = places[kept], scores[kept]
        return places[np.argsort(scores, kind="stable")]

    def _candidates(self, keys: Values) -> Places:
        """Return the finite positions among which the best k are, ascending; few of them, if that is cheap.

        Each of k blocks has a value as good as its best one: the best k are as good as the worst of those.
        """
        blocks = keys[: keys.size // BLOCK * BLOCK].reshape(-1, BLOCK)
        bests = self._best(blocks)
        if len(bests) < self.k or not np.isfinite(bests).all():
            return np.flatnonzero(np.isfinite(keys))
        bound = bests[np.argpartition(self._scores(bests), self.k - 1)[self.k - 1]]
        places = np.flatnonzero(self._as_good(keys, bound))
        return places[np.isfinite(keys[places])]

    @abstractmethod
    def _scores(self, values: Values) -> Values:
        """Return numbers that are the smaller the better the value."""

    @abstractmethod
    def _best(self, blocks: Values) -> Values:
        """Return the best value of each block (block, value)."""

    @abstractmethod
    def _as_good(self, values: Values, bound: Any) -> NDArray[np.bool_]:
        """Tell which values are at least as good as the bound."""


class TopK(Ranked):
    """Keep the k largest values, the largest first."""

    example: ClassVar[Mapping[str, Any]] = {"op": "top_k", "k": 5, "magnitude": True}

    op: Literal["top_k"] = "top_k"

    @override
    def _scores(self, values: Values) -> Values:
        return ~values if values.dtype.kind in "biu" else -values

    @override
    def _best(self, blocks: Values) -> Values:
        return np.asarray(blocks.max(axis=1))

    @override
    def _as_good(self, values: Values, bound: Any) -> NDArray[np.bool_]:
        return np.asarray(values >= bound)


class BottomK(Ranked):
    """Keep the k smallest values, the smallest first."""

    example: ClassVar[Mapping[str, Any]] = {"op": "bottom_k", "k": 5}

    op: Literal["bottom_k"] = "bottom_k"

    @override
    def _scores(self, values: Values) -> Values:
        return values

    @override
    def _best(self, blocks: Values) -> Values:
        return np.asarray(blocks.min(axis=1))

    @override
    def _as_good(self, values: Values, bound: Any) -> NDArray[np.bool_]:
        return np.asarray(values <= bound)
