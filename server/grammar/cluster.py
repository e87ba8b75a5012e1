"""Groups of positions whose values are alike."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal
from warnings import catch_warnings

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field
from typing_extensions import override

from inspectree.server.grammar.base import Spec, Step, spec_like

RUNS = 4
"""Starts of k-means, of which the best result counts."""

Points = NDArray[np.float64]
Numbers = NDArray[np.int64]


class Cluster(Step):
    """Give each position along a dim the number of its cluster by k-means: all other dims are its features.

    The largest cluster has number 0. A position with a value that is not finite is in none: −1. Of very many
    positions a random part is clustered, and each other one is in the cluster with the nearest centre.
    """

    family: ClassVar[str] = "bin"
    example: ClassVar[Mapping[str, Any]] = {"op": "cluster", "dim": "sample", "k": 3}

    op: Literal["cluster"] = "cluster"
    dim: Annotated[str, Field(description="dim whose positions are clustered")]
    k: Annotated[
        int, Field(ge=1, le=100, description="number of clusters; fewer where fewer positions differ")
    ]
    most: Annotated[int, Field(ge=1, le=100_000, description="positions from which clusters are made")] = (
        5_000
    )
    seed: Annotated[int, Field(ge=0, description="which start, and which positions")] = 0

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_numbers()
        spec.need_dims([self.dim])
        return spec_like(spec, {self.dim: spec.sizes[self.dim]}, np.int64)

    @override
    def capped(self, points: int) -> Step:
        return self.model_copy(update={"most": min(self.most, points)})

    @override
    def extra_bytes(self, spec: Spec) -> int:
        return spec.elements * np.dtype(np.float64).itemsize

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        count = value.sizes[self.dim]
        points = value.transpose(self.dim, ...).values.reshape(count, value.size // max(count, 1))
        known = np.flatnonzero(np.isfinite(points).all(axis=1))
        numbers = np.full(count, -1)
        if points[known].size:
            numbers[known] = _by_size(self._clusters(points[known].astype(np.float64)))
        coords = {name: coord for name, coord in value.coords.items() if set(coord.dims) <= {self.dim}}
        return xr.DataArray(numbers, coords, [self.dim], self.op)

    def _clusters(self, points: Points) -> Numbers:
        from sklearn.cluster import KMeans  # takes a second to import, and few ask for it
        from sklearn.exceptions import ConvergenceWarning
        from threadpoolctl import threadpool_limits  # comes with scikit-learn

        points = points / (np.abs(points).max() or 1)  # whose squares neither overflow nor vanish
        some = points[self._chosen(len(points))]
        means = KMeans(min(self.k, len(some)), n_init=RUNS, random_state=self.seed)
        # The order of sums, and so the result, depends on the number of threads.
        with threadpool_limits(limits=1), catch_warnings(action="ignore", category=ConvergenceWarning):
            return np.asarray(means.fit(some).predict(points), np.int64)

    def _chosen(self, count: int) -> Any:
        if count <= self.most:
            return slice(None)
        return np.sort(np.random.default_rng(self.seed).choice(count, self.most, replace=False))

    @override
    def notes(self, value: xr.DataArray) -> tuple[str, ...]:
        if (count := value.sizes[self.dim]) <= self.most:
            return ()
        return (
            f"cluster: made from {self.most:,} of {count:,} positions along {self.dim!r},"
            f" chosen at random (seed {self.seed})",
        )


def _by_size(numbers: Numbers) -> Numbers:
    """Give the clusters new numbers: the largest first, and of equal ones the one that comes first."""
    _, first, inverse, counts = np.unique(numbers, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -counts))
    return np.argsort(order)[inverse]
