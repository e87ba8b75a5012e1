"""Smooth densities of values."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from pydantic import Field, model_validator
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, Step
from inspectree.server.grammar.counting import as_floats, extent
from inspectree.server.grammar.groups import check_groups, grouped
from inspectree.server.grammar.shares import Count

DIM = "at"


class Density(Step):
    """Estimate the density of all values by Gaussian kernels, at evenly spaced points along the dim ``at``.

    The density is per unit of the values; it adds up to 1 over all numbers, of which the points reach from
    the smallest to the largest value. NaN where nothing varies. Of very many values a random part is used.
    """

    family: ClassVar[str] = "bin"
    example: ClassVar[Mapping[str, Any]] = {"op": "density", "points": 50, "by": ["class"]}

    op: Literal["density"] = "density"
    points: Annotated[int, Field(ge=2, le=1_000, description="number of points")] = 200
    range: Annotated[
        tuple[float, float] | None,
        Field(description="first and last point; the smallest and the largest value"),
    ] = None
    bandwidth: Annotated[
        Literal["scott", "silverman"] | Annotated[float, Field(gt=0, allow_inf_nan=False)],
        Field(description="width of the kernels: a rule, or the share of the standard deviation"),
    ] = "scott"
    by: Annotated[
        tuple[str, ...], Field(description="coordinates such as class: a density for each label")
    ] = ()
    most: Annotated[int, Field(ge=2, le=100_000, description="values that are used of each label")] = 10_000
    seed: Annotated[int, Field(ge=0, description="which ones are used where there are more")] = 0

    @model_validator(mode="after")
    def _sensible_range(self) -> Self:
        if self.range is not None and not (np.isfinite(self.range).all() and self.range[0] < self.range[1]):
            raise ValueError(f"range must be two finite numbers, the lower one first, not {list(self.range)}")
        return self

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_numbers()
        groups = check_groups(spec, self.by, spec.sizes)
        if DIM in groups:
            raise PipelineError(f"groups by {DIM!r}, which is what the points are called; rename it first")
        known = {n: along for n, along in spec.coords.items() if along and set(along) <= set(groups)}
        labels = {name: (name,) for name in (*self.by, DIM)}
        number = np.dtype(np.float64)
        dtypes = {**spec.dtypes, DIM: number}
        return Spec({**groups, DIM: self.points}, number, {**known, **labels}, dtypes=dtypes)

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        low, high = map(float, self.range or extent(as_floats(value)) or (0, 1))
        shares = np.linspace(0, 1, self.points)
        points = low * (1 - shares) + high * shares  # the difference of both could overflow
        return grouped(value, self.by, lambda part: self._estimated(part, points)).rename(self.op)

    def _estimated(self, value: xr.DataArray, points: NDArray[np.float64]) -> xr.DataArray:
        floats = as_floats(value)
        known = floats[np.isfinite(floats)].astype(np.float64)
        if len(known) > self.most:
            known = np.random.default_rng(self.seed).choice(known, self.most, replace=False)
        return xr.DataArray(self._density(known, points), {DIM: points}, [DIM])

    def _density(self, known: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what `scipy.stats.gaussian_kde` would, whose import takes longer than all densities."""
        nothing = np.full(len(points), np.nan)
        if len(known) < 2 or known.min() == known.max():
            return nothing
        with np.errstate(all="ignore"):  # it may vary by rounding only, or too much for float64
            width = self._factor(len(known)) * known.std(ddof=1)
            heights = [np.exp(-(((known - point) / width) ** 2) / 2).sum() for point in points]
            found = np.array(heights) / (len(known) * width * np.sqrt(2 * np.pi))
        return found if np.isfinite(found).all() else nothing

    def _factor(self, count: int) -> float:
        """Return the width of the kernels by the standard deviation: Scott 1992, Silverman 1986."""
        if not isinstance(self.bandwidth, str):
            return self.bandwidth
        return float((count if self.bandwidth == "scott" else count * 3 / 4) ** -0.2)

    @override
    def notes(self, value: xr.DataArray) -> tuple[str, ...]:
        largest = int(Count(by=self.by)(value).max()) if value.size else 0
        if largest <= self.most:
            return ()
        whose = f"of each {' and '.join(self.by)} " if self.by else ""
        return (
            f"density: {whose}{self.most:,} of up to {largest:,} values were used,"
            f" chosen at random (seed {self.seed})",
        )
