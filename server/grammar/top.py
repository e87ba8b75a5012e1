"""Selection of those positions of a dim that score highest."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import Field
from typing_extensions import override

from inspectree.server.grammar.base import Spec, Step
from inspectree.server.grammar.positions import described_with_positions, with_positions
from inspectree.server.grammar.scored import SCORE, Score, ordered, scores


class Top(Step):
    """Keep the k positions along a dim with the highest score, the highest first.

    Positions whose score is NaN are not among them. A dim without labels is labelled by its positions.
    """

    family: ClassVar[str] = "select"
    example: ClassVar[Mapping[str, Any]] = {"op": "top", "dim": "channel", "score": "var", "k": 2}

    op: Literal["top"] = "top"
    dim: Annotated[str, Field(description="dim whose positions are scored")]
    score: Annotated[Score, Field(description=SCORE)] = "mean"
    k: Annotated[int, Field(ge=1, le=100_000, description="how many; all where there are fewer")] = 10
    lowest: Annotated[bool, Field(description="keep those with the lowest score, the lowest first")] = False

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_numbers()
        spec.need_dims([self.dim])
        sizes = {**spec.sizes, self.dim: min(self.k, spec.sizes[self.dim])}
        return replace(described_with_positions(spec, self.dim), sizes=sizes)

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        found = scores(value, self.dim, self.score)
        places = ordered(pd.Series(found), descending=not self.lowest)
        best = places[~np.isnan(found[places])][: self.k]
        return with_positions(value, self.dim).isel({self.dim: best})
