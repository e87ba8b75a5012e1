"""Ordering the positions of a dim."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

import pandas as pd
import xarray as xr
from pydantic import Field, model_validator
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, Step
from inspectree.server.grammar.positions import described_with_positions, with_positions
from inspectree.server.grammar.scored import SCORE, Score, keys_of, ordered, scores


class Sort(Step):
    """Put the positions along a dim into the order of a coordinate, or of a score.

    Equal ones stay as they are. Classes are in their own order; what has no label, or a score of NaN, comes
    last. A dim without labels is labelled by its positions.
    """

    family: ClassVar[str] = "rank"
    example: ClassVar[Mapping[str, Any]] = {
        "op": "sort", "dim": "channel", "score": "mean", "descending": True,
    }  # fmt: skip

    op: Literal["sort"] = "sort"
    dim: Annotated[str, Field(description="dim whose positions are put in order")]
    by: Annotated[str | None, Field(description="coordinate along this dim, such as class")] = None
    score: Annotated[Score | None, Field(description=f"instead of a coordinate: {SCORE}")] = None
    descending: Annotated[bool, Field(description="the largest first")] = False

    @model_validator(mode="after")
    def _one_criterion(self) -> Self:
        if (self.by is None) == (self.score is None):
            raise ValueError("name either a coordinate ('by') or a 'score' to sort by")
        return self

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_dims([self.dim])
        if self.by is not None and spec.need_coord(self.by) != self.dim:
            raise PipelineError(
                f"coordinate {self.by!r} lies along {spec.need_coord(self.by)!r}, not {self.dim!r}"
            )
        if self.score is not None:
            spec.need_numbers()
        return described_with_positions(spec, self.dim)

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        if self.score is not None:
            keys = pd.Series(scores(value, self.dim, self.score))
        else:
            keys = keys_of(value[self.by])
        return with_positions(value, self.dim).isel({self.dim: ordered(keys, descending=self.descending)})
