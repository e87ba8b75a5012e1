"""Similarity of two values whose positions belong together."""

from collections.abc import Mapping
from math import prod
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import xarray as xr
from pydantic import Field
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, Step
from inspectree.server.grammar.compare import Compare, Over
from inspectree.server.grammar.pairs import Floats, joint_sizes, pair_sizes, pair_spec, paired, rows

Method = Annotated[
    Literal["pearson", "spearman"], Field(description="pearson: of the values; spearman: of their ranks")
]


class Similarity(Compare):
    """What correlation and cosine share: pairs in which a value is not finite are left out."""

    over: Over = ()

    @override
    def check_pair(self, spec: Spec, other: Spec) -> Spec:
        for each in (spec, other):
            each.need_numbers()
            each.need_dims(self.over)
        sizes = pair_sizes(spec, other)
        kept = {dim: size for dim, size in sizes.items() if dim not in self.over} if self.over else {}
        return pair_spec(spec, other, kept, np.float64)

    @override
    def extra_bytes(self, spec: Spec) -> int:
        """Return the bytes of both as numbers of 8 bytes, and of what is finite in them."""
        return 4 * 8 * spec.elements

    @override
    def compared(self, value: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
        first, second = paired(value, other)
        sizes = joint_sizes(first, second)
        over = self.over or tuple(sizes)
        kept = {dim: size for dim, size in sizes.items() if dim not in over}
        whole = [each.broadcast_like(first).broadcast_like(second) for each in (first, second)]
        x, y = (rows(each, kept, over) for each in whole)
        known = np.isfinite(x) & np.isfinite(y)
        with np.errstate(all="ignore"):  # of nothing, or of what does not vary, it is NaN
            numbers = self._similarity(np.where(known, x, np.nan), np.where(known, y, np.nan))
        return labelled(numbers, kept, first, second).rename(self.op)

    def _similarity(self, x: Floats, y: Floats) -> Floats:
        """Return one number per row; pairs that don't count are NaN in both."""
        raise NotImplementedError


def labelled(numbers: Floats, kept: Mapping[Any, int], *of: xr.DataArray) -> xr.DataArray:
    """Return numbers per row as an array along the kept dims, with the labels that these have."""
    coords: dict[Any, Any] = {}
    for each in reversed(of):
        coords |= {
            name: coord.variable for name, coord in each.coords.items() if set(coord.dims) <= set(kept)
        }
    return xr.DataArray(numbers.reshape(list(kept.values())), dims=list(kept), coords=coords)


class Correlation(Similarity):
    """Correlation with the other value; what is labelled alike belongs together."""

    example: ClassVar[Mapping[str, Any]] = {"op": "correlation", "to": "@first", "over": ["sample", "y", "x"]}

    op: Literal["correlation"] = "correlation"
    method: Method = "pearson"

    @override
    def _similarity(self, x: Floats, y: Floats) -> Floats:
        if self.method == "spearman":
            x, y = ranks(x), ranks(y)
        return _cosine(x - _mean(x), y - _mean(y))


class Cosine(Similarity):
    """Cosine of the angle between the two values as vectors; what is labelled alike belongs together."""

    example: ClassVar[Mapping[str, Any]] = {"op": "cosine", "to": "@first"}

    op: Literal["cosine"] = "cosine"

    @override
    def _similarity(self, x: Floats, y: Floats) -> Floats:
        return _cosine(x, y)


def ranks(values: Floats) -> Floats:
    """Return the ranks within each row, equal ones in the middle; what is NaN has none."""
    from scipy.stats import rankdata  # takes half a second to import, and few ask for it

    return np.asarray(rankdata(values, axis=1, nan_policy="omit"), np.float64)


def _mean(values: Floats) -> Floats:
    count = np.isfinite(values).sum(axis=1, keepdims=True)
    return np.asarray(np.nansum(values, axis=1, keepdims=True) / count, np.float64)


def _cosine(x: Floats, y: Floats) -> Floats:
    dot, xx, yy = (np.nansum(a * b, axis=1) for a, b in ((x, y), (x, x), (y, y)))
    return np.asarray(np.clip(dot / np.sqrt(xx * yy), -1, 1), np.float64)


class CKA(Compare):
    """Linear centred kernel alignment of two representations of the same samples: from 0 to 1 (the same).

    It does not change with rotations and scales of the features, so that layers of any width can be compared.
    Samples with values that are not finite are left out. Kornblith, Norouzi, Lee, Hinton: Similarity of
    Neural Network Representations Revisited, ICML 2019, eq. 4 with linear kernels.
    """

    example: ClassVar[Mapping[str, Any]] = {"op": "cka", "to": "@first"}

    op: Literal["cka"] = "cka"
    dim: Annotated[str, Field(description="the dim of the samples")] = "sample"
    over: Annotated[
        tuple[str, ...], Field(description="dims of the features; where none is named all others of each")
    ] = ()

    @override
    def check_pair(self, spec: Spec, other: Spec) -> Spec:
        for each in (spec, other):
            each.need_numbers()
            each.need_dims((self.dim, *self.over))
        ours, others = (self._features(each.sizes) for each in (spec, other))
        sizes = pair_sizes(spec, other, apart=(*ours, *others))
        kept = {dim: size for dim, size in sizes.items() if dim not in {self.dim, *ours, *others}}
        return pair_spec(spec, other, kept, np.float64)

    def _features(self, dims: Mapping[Any, int]) -> tuple[str, ...]:
        return self.over or tuple(str(dim) for dim in dims if dim != self.dim)

    @override
    def extra_bytes(self, spec: Spec) -> int:
        """Return the bytes of both in float64, and of two kernels (sample, sample) per position."""
        return 2 * 8 * (2 * spec.elements + spec.sizes[self.dim] ** 2)

    @override
    def compared(self, value: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
        ours, others = self._features(value.sizes), self._features(other.sizes)
        first, second = paired(value, other, apart=(*ours, *others))
        sizes = joint_sizes(first, second)
        kept = {dim: size for dim, size in sizes.items() if dim not in {self.dim, *ours, *others}}
        x, y = self._table(first, kept, ours), self._table(second, kept, others)
        with np.errstate(all="ignore"):  # of what does not vary it is NaN
            numbers = np.array([linear_cka(a, b) for a, b in zip(x, y, strict=True)])
        return labelled(numbers, kept, first, second).rename(self.op)

    def _table(self, value: xr.DataArray, kept: Mapping[Any, int], features: tuple[str, ...]) -> Floats:
        """Return an array as (position, sample, feature)."""
        width = prod(value.sizes[dim] for dim in features)
        shape = prod(kept.values()), value.sizes[self.dim], width
        return rows(value, kept, [self.dim, *features]).reshape(shape)


def linear_cka(x: Floats, y: Floats) -> float:
    """Return the alignment of two representations (sample, feature), by the smaller of the equal forms."""
    known = np.isfinite(x).all(axis=1) & np.isfinite(y).all(axis=1)
    if not known.any():
        return float("nan")
    x, y = (each[known] - each[known].mean(axis=0) for each in (x, y))
    if len(x) < x.shape[1] + y.shape[1]:
        k, l = x @ x.T, y @ y.T  # noqa: E741 - as the kernels are called
        return float(np.sum(k * l) / (np.linalg.norm(k) * np.linalg.norm(l)))
    cross = np.linalg.norm(y.T @ x) ** 2
    return float(cross / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y)))


class Correlate(Step):
    """Correlation of every position along a dim with every other one, such as unit with unit.

    The result lies along the dim and ``other_`` with its name. What of the rest is not finite is left out.
    """

    family: ClassVar[str] = "compare"
    example: ClassVar[Mapping[str, Any]] = {"op": "correlate", "dim": "channel"}

    op: Literal["correlate"] = "correlate"
    dim: Annotated[str, Field(description="the dim whose positions are compared, over all other dims")]
    method: Method = "pearson"

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_numbers()
        spec.need_dims([self.dim])
        if self._other in spec.sizes or self._other in spec.coords:
            raise PipelineError(f"{self._other!r} is there already; reduce over it first")
        size = spec.sizes[self.dim]
        coords = {name: along for name, along in spec.coords.items() if set(along) <= {self.dim}}
        dtypes = {name: dtype for name, dtype in spec.dtypes.items() if name in coords}
        if self.dim in coords:
            coords[self._other] = (self._other,)
            dtypes |= {self._other: spec.dtypes[self.dim]} if self.dim in spec.dtypes else {}
        labels = {name: count for name, count in spec.labels.items() if name in coords}
        return Spec({self.dim: size, self._other: size}, np.dtype(np.float64), coords, labels, dtypes)

    @property
    def _other(self) -> str:
        return f"other_{self.dim}"

    @override
    def extra_bytes(self, spec: Spec) -> int:
        """Return the bytes of the values in float64, centred."""
        return 2 * 8 * spec.elements

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        kept = {self.dim: value.sizes[self.dim]}
        numbers = rows(value, kept, [dim for dim in value.dims if dim != self.dim])
        numbers = numbers[:, np.isfinite(numbers).all(axis=0)]
        if self.method == "spearman" and numbers.size:
            numbers = ranks(numbers)
        result = labelled(np.zeros(len(numbers)), kept, value)
        coords = dict(result.coords)
        if self.dim in value.coords:
            coords[self._other] = xr.DataArray(value[self.dim].values, dims=[self._other])
        return xr.DataArray(_correlations(numbers), dims=[self.dim, self._other], coords=coords, name=self.op)


def _correlations(numbers: Floats) -> Floats:
    """Return the correlations of all rows; NaN of what does not vary."""
    count, length = numbers.shape
    if not count or length < 2:
        return np.full((count, count), np.nan)
    with np.errstate(all="ignore"):
        return np.asarray(np.corrcoef(numbers), np.float64).reshape(count, count)
