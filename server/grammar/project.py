"""Projections of samples to two or three dims, so that people can look at them."""

import sys
import warnings
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from math import prod
from types import ModuleType
from typing import Annotated, Any, ClassVar, Literal, cast

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, Step
from inspectree.server.grammar.compare import float_of

Floats = NDArray[np.floating[Any]]

COMPONENT = "component"

LARGEST = {4: 1e15, 8: 1e150}
"""What sums of squares can be made of, by the bytes of a number."""

SMALL = 50
"""Samples or features up to which all components are computed."""


class Project(Step):
    """What all projections share. All other dims are the features; samples keep what is known of them.

    A sample with values that are not finite has no place: NaN.
    """

    family: ClassVar[str] = "project"

    dim: Annotated[str, Field(description="the dim of the samples")] = "sample"
    components: Annotated[int, Field(ge=2, le=3, description="dims of the result")] = 2
    points: Annotated[
        int | None,
        Field(ge=1, description="samples at most, chosen at random; as many as the limit 'points' allows"),
    ] = None
    seed: Annotated[int, Field(ge=0, lt=2**32, description="which random numbers")] = 0

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_numbers()
        spec.need_dims([self.dim])
        if COMPONENT in spec.sizes or COMPONENT in spec.coords:
            raise PipelineError(f"{COMPONENT!r} is there already: the values are projected")
        coords = {name: along for name, along in spec.coords.items() if set(along) <= {self.dim}}
        own = self._own_coords()
        dtype = float_of(spec.dtype)
        return Spec(
            {
                self.dim: min(spec.sizes[self.dim], self.points or spec.sizes[self.dim]),
                COMPONENT: self.components,
            },
            np.dtype(np.float32) if dtype.itemsize < 8 else np.dtype(np.float64),
            {**coords, **dict.fromkeys(own, (COMPONENT,))},
            {name: count for name, count in spec.labels.items() if name in coords},
            {**spec.dtypes, **dict.fromkeys(own, np.dtype(np.float64))},
        )

    def _own_coords(self) -> tuple[str, ...]:
        """Return the names of what is told of each component."""
        return ()

    @override
    def capped(self, points: int) -> "Project":
        return self.model_copy(update={"points": min(points, self.points or points)})

    @override
    def notes(self, value: xr.DataArray) -> tuple[str, ...]:
        size = value.sizes[self.dim]
        if self.points is None or size <= self.points:
            return ()
        return (
            f"{self.points:,} of {size:,} positions along {self.dim!r} were projected"
            f" (seed {self.seed}; limit 'points')",
        )

    @override
    def extra_bytes(self, spec: Spec) -> int:
        """Return the bytes of the table of features, and of another one to work on."""
        return 2 * 8 * spec.elements

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        chosen = self._chosen(value)
        table = _table(chosen, self.dim)
        known = np.isfinite(table).all(axis=1)
        places = np.full((len(table), self.components), np.nan, table.dtype)
        own: dict[str, Floats] = {name: np.full(self.components, np.nan) for name in self._own_coords()}
        if known.any():
            places[known], own = self._placed(table if known.all() else table[known])
        coords = {name: coord for name, coord in chosen.coords.items() if set(coord.dims) <= {self.dim}}
        made = {name: (COMPONENT, numbers) for name, numbers in own.items()}
        return xr.DataArray(places, dims=[self.dim, COMPONENT], coords={**coords, **made}, name=self.op)

    def _placed(self, table: Floats) -> tuple[Floats, dict[str, Floats]]:
        """Return the places, and what is told of each component; what does not vary lies in one place."""
        with np.errstate(all="ignore"):
            if not table.size or not np.ptp(table, axis=0).any():
                nothing: Floats = np.zeros(self.components)
                places: Floats = np.zeros((len(table), self.components))
                return places, dict.fromkeys(self._own_coords(), nothing)
            if (largest := float(np.abs(table).max())) > LARGEST[table.dtype.itemsize]:
                raise PipelineError(
                    f"values up to {largest:.1g} are too large to be projected: normalise first"
                )
            return self._projected(table)

    def _chosen(self, value: xr.DataArray) -> xr.DataArray:
        size = value.sizes[self.dim]
        if self.points is None or size <= self.points:
            return value
        generator = np.random.default_rng(self.seed)
        return value.isel({self.dim: np.sort(generator.choice(size, self.points, replace=False))})

    @abstractmethod
    def _projected(self, table: Floats) -> tuple[Floats, dict[str, Floats]]:
        """Return the places (sample, component) of two samples or more, and what is told of components."""


def _table(value: xr.DataArray, dim: str) -> Floats:
    """Return values as (sample, feature), in float32 or float64."""
    values = value.transpose(dim, ...).values
    dtype = np.float32 if float_of(values.dtype).itemsize < 8 else np.float64
    return values.reshape(len(values), prod(values.shape[1:])).astype(dtype, copy=False)


class PCA(Project):
    """Principal components: the directions of most variance, whose shares are told.

    ``explained_variance`` (over n − 1) and ``explained_variance_ratio`` lie along ``component``. Of fewer
    samples or features than components the last ones are 0.
    """

    example: ClassVar[Mapping[str, Any]] = {"op": "pca", "components": 2}

    op: Literal["pca"] = "pca"

    @override
    def _own_coords(self) -> tuple[str, ...]:
        return "explained_variance", "explained_variance_ratio"

    @override
    def _projected(self, table: Floats) -> tuple[Floats, dict[str, Floats]]:
        from sklearn.decomposition import PCA as Model  # noqa: N811 - it is imported only where it is needed

        count = min(self.components, *table.shape)
        # the few largest of many: exact, and a tenth of what all would cost
        solver = "arpack" if min(table.shape) > SMALL else "full"
        model = Model(count, svd_solver=solver, random_state=self.seed)
        places = model.fit_transform(table)
        told = {name: getattr(model, f"{name}_").astype(np.float64) for name in self._own_coords()}
        missing = self.components - count
        return np.pad(places, ((0, 0), (0, missing))), {n: np.pad(t, (0, missing)) for n, t in told.items()}


class TSNE(Project):
    """t-SNE: near ones stay near, distances between groups mean nothing; a thousand samples take seconds."""

    example: ClassVar[Mapping[str, Any]] = {"op": "tsne", "perplexity": 3, "iterations": 250}

    op: Literal["tsne"] = "tsne"
    perplexity: Annotated[
        float, Field(gt=0, le=1000, description="about how many neighbours count; less than a third of all")
    ] = 30

    iterations: Annotated[int, Field(ge=250, le=10_000, description="steps of its search")] = 1000

    @property
    @override
    def takes_long(self) -> bool:
        return True

    @override
    def _projected(self, table: Floats) -> tuple[Floats, dict[str, Floats]]:
        from sklearn.manifold import TSNE as Model  # noqa: N811 - likewise

        perplexity = min(self.perplexity, (len(table) - 1) / 3)
        start = "pca" if min(table.shape) >= self.components else "random"
        model = Model(
            self.components,
            perplexity=perplexity,
            max_iter=self.iterations,
            init=start,
            random_state=self.seed,
        )
        return model.fit_transform(table), {}


class UMAP(Project):
    """UMAP: near ones stay near, and groups lie more as they do than with t-SNE.

    It needs ``inspectree[umap]``, and prepares itself for some seconds the first time. McInnes, Healy,
    Melville: UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction, 2018.
    """

    example: ClassVar[Mapping[str, Any]] = {"op": "umap", "neighbours": 4}

    op: Literal["umap"] = "umap"
    neighbours: Annotated[int, Field(ge=2, le=500, description="how many neighbours count")] = 15
    min_dist: Annotated[float, Field(ge=0, le=1, description="how near to one another places may lie")] = 0.1

    @property
    @override
    def takes_long(self) -> bool:
        return True

    @override
    def check(self, spec: Spec) -> Spec:
        if find_spec("umap") is None:
            raise PipelineError("UMAP is not installed: pip install 'inspectree[umap]'")
        return super().check(spec)

    @override
    def _projected(self, table: Floats) -> tuple[Floats, dict[str, Floats]]:
        with _without_tensorflow():
            from umap import UMAP as Model  # noqa: N811 - likewise

        few = len(table) <= 2 * self.components + 2  # its first places need more samples than that
        model = Model(
            n_neighbors=min(self.neighbours, len(table) - 1),
            n_components=self.components,
            min_dist=self.min_dist,
            init="random" if few else "spectral",
            random_state=self.seed,
            n_jobs=1,
        )
        return model.fit_transform(table), {}


@contextmanager
def _without_tensorflow() -> Iterator[None]:
    """Keep umap from importing TensorFlow, which takes seconds and is not needed for what is used of it."""
    absent = sys.modules.keys().isdisjoint({"tensorflow"})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says that it misses TensorFlow
        if absent:
            sys.modules["tensorflow"] = cast("ModuleType", None)  # which makes the import fail
        try:
            yield
        finally:
            if absent:
                del sys.modules["tensorflow"]
