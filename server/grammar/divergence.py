"""How far apart two distributions of values are, whatever their shapes."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import xarray as xr
from pydantic import Field
from typing_extensions import override

from inspectree.logger.statistics import BINS
from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec
from inspectree.server.grammar.compare import Compare, Over
from inspectree.server.grammar.pairs import Floats, joint_sizes, pair_sizes, pair_spec, paired, rows
from inspectree.server.grammar.similarity import labelled


class Divergence(Compare):
    """What all divergences share: values that are not finite are left out, and of none the result is NaN."""

    pairs: ClassVar[bool] = False

    over: Over = ()

    @override
    def check_pair(self, spec: Spec, other: Spec) -> Spec:
        for each in (spec, other):
            each.need_numbers()
            each.need_dims(self.over)
        apart = self.over or tuple({**spec.sizes, **other.sizes})
        sizes = pair_sizes(spec, other, apart)
        kept = {dim: size for dim, size in sizes.items() if dim not in apart}
        return pair_spec(spec, other, kept, np.float64)

    @override
    def extra_bytes(self, spec: Spec) -> int:
        """Return the bytes of both as numbers of 8 bytes, and sorted."""
        return 4 * 8 * spec.elements

    @override
    def compared(self, value: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
        apart = self.over or tuple(joint_sizes(value, other))
        first, second = paired(value, other, apart)
        kept = {dim: size for dim, size in joint_sizes(first, second).items() if dim not in apart}
        x, y = (rows(each, kept, [dim for dim in each.dims if dim in apart]) for each in (first, second))
        edges = self._edges(x, y)
        numbers = np.array([self._apart(_finite(a), _finite(b), edges) for a, b in zip(x, y, strict=True)])
        return labelled(numbers.astype(np.float64), kept, first, second).rename(self.op)

    def _edges(self, x: Floats, y: Floats) -> Floats:  # noqa: ARG002 - for those that need them
        """Return the edges of the bins that all rows share."""
        return np.empty(0)

    def _apart(self, x: Floats, y: Floats, edges: Floats) -> float:
        with np.errstate(all="ignore"):  # sums of what is too large, and SciPy's p-values of very few
            return self._divergence(x, y, edges) if x.size and y.size else float("nan")

    @abstractmethod
    def _divergence(self, x: Floats, y: Floats, edges: Floats) -> float:
        """Return the divergence of the finite values of two rows."""


def _finite(values: Floats) -> Floats:
    return values[np.isfinite(values)]


class Binned(Divergence):
    """What divergences of histograms share: equal bins from the smallest to the largest value of both."""

    alone: ClassVar[bool] = False

    bins: Annotated[int, Field(ge=1, le=10_000, description="number of bins, the same for both")] = BINS

    @override
    def _edges(self, x: Floats, y: Floats) -> Floats:
        parts = [each for each in map(_finite, (x, y)) if each.size]
        extent = [min(each.min() for each in parts), max(each.max() for each in parts)] if parts else [0, 1]
        try:
            with np.errstate(all="ignore"):
                return np.histogram_bin_edges(extent, self.bins)
        except ValueError:
            raise PipelineError(f"the values' range is too narrow or too wide for {self.bins} bins") from None

    @override
    def _divergence(self, x: Floats, y: Floats, edges: Floats) -> float:
        p, q = (np.histogram(each, self.bins, (edges[0], edges[-1]))[0] for each in (x, y))
        return self._binned(p / p.sum(), q / q.sum())

    @abstractmethod
    def _binned(self, p: Floats, q: Floats) -> float:
        """Return the divergence of two distributions over the same bins."""


class KL(Binned):
    """Kullback–Leibler divergence from the other value's histogram, in bits.

    Infinite where a bin that has values has none of the other's.
    """

    example: ClassVar[Mapping[str, Any]] = {"op": "kl", "to": "@first", "bins": 16}

    op: Literal["kl"] = "kl"

    @override
    def _binned(self, p: Floats, q: Floats) -> float:
        from scipy.stats import entropy  # takes half a second to import, and few ask for it

        return float(entropy(p, q, base=2))


class JensenShannon(Binned):
    """Jensen–Shannon divergence of the two histograms, in bits: 0 (the same) to 1 (nothing in common)."""

    example: ClassVar[Mapping[str, Any]] = {
        "op": "jensen_shannon",
        "to": "@first",
        "over": ["sample", "y", "x", "in"],
    }

    op: Literal["jensen_shannon"] = "jensen_shannon"

    @override
    def _binned(self, p: Floats, q: Floats) -> float:
        from scipy.spatial.distance import jensenshannon  # likewise

        return float(jensenshannon(p, q, base=2) ** 2)


class Wasserstein(Divergence):
    """First Wasserstein (earth mover's) distance of the two distributions, exact, in the values' own unit."""

    example: ClassVar[Mapping[str, Any]] = {"op": "wasserstein", "to": "@first"}

    op: Literal["wasserstein"] = "wasserstein"

    @override
    def _divergence(self, x: Floats, y: Floats, edges: Floats) -> float:
        from scipy.stats import wasserstein_distance  # likewise

        return float(wasserstein_distance(x, y))


class KolmogorovSmirnov(Divergence):
    """Kolmogorov–Smirnov statistic: the largest distance of the cumulative distributions, exact."""

    example: ClassVar[Mapping[str, Any]] = {"op": "kolmogorov_smirnov", "to": "@first"}

    op: Literal["kolmogorov_smirnov"] = "kolmogorov_smirnov"

    @override
    def _divergence(self, x: Floats, y: Floats, edges: Floats) -> float:
        from scipy.stats import ks_2samp  # likewise

        return float(ks_2samp(x, y, method="asymp").statistic)
