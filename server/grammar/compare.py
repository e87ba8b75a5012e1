"""Comparisons of values with those of another unit of analysis."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
import xarray as xr
from pydantic import Field, field_validator
from typing_extensions import override

from inspectree.server.errors import PipelineError, UnitError
from inspectree.server.grammar.base import Spec, Step
from inspectree.server.grammar.pairs import pair_sizes, pair_spec, paired
from inspectree.server.uoa import UnitOfAnalysis, parse_checkpoint

Over = Annotated[tuple[str, ...], Field(description="dims that are compared as one; all where none is named")]


class Compare(Step):
    """What all comparisons share. The other value goes through the steps before this one, too."""

    family: ClassVar[str] = "compare"
    pairs: ClassVar[bool] = True
    """Whether positions are compared with one another, so that both must tell of the same samples."""
    alone: ClassVar[bool] = True
    """Whether each position along the dims that stay is compared without regard to the others."""

    to: Annotated[
        str,
        Field(
            description="the other: @CHECKPOINT for the same unit of analysis there, MODEL[@CHECKPOINT] for"
            " that of another model, or the address of any other"
        ),
    ]

    @field_validator("to")
    @classmethod
    def _is_an_address(cls, to: str) -> str:
        try:
            related(to, UnitOfAnalysis(model="any"))
        except UnitError as error:
            raise ValueError(str(error)) from None
        return to

    @override
    def check(self, spec: Spec) -> Spec:
        return self.check_pair(spec, spec)

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        raise PipelineError(f"only a store can tell what {self.to!r} stands for")

    @abstractmethod
    def check_pair(self, spec: Spec, other: Spec) -> Spec:
        """Return what becomes of two values so described."""

    @abstractmethod
    def compared(self, value: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
        """Return how a value compares with the other one."""


def related(to: str, uoa: UnitOfAnalysis) -> UnitOfAnalysis:
    """Return what a comparison's ``to`` stands for where ``uoa`` is compared.

    Raises
    ------
    UnitError
        When it is no address.
    """
    if to.startswith("@"):
        return uoa.at(parse_checkpoint(to[1:], to))
    other = UnitOfAnalysis.parse(to)
    return other if other.path else UnitOfAnalysis(other.model, other.checkpoint, uoa.path, uoa.unit)


class Difference(Compare):
    """Subtract the other value, position by position; what is labelled alike belongs together."""

    example: ClassVar[Mapping[str, Any]] = {"op": "difference", "to": "@first"}

    op: Literal["difference"] = "difference"

    @override
    def check_pair(self, spec: Spec, other: Spec) -> Spec:
        spec.need_numbers()
        other.need_numbers()
        return pair_spec(spec, other, pair_sizes(spec, other), float_of(spec.dtype, other.dtype))

    @override
    def compared(self, value: xr.DataArray, other: xr.DataArray) -> xr.DataArray:
        dtype = float_of(value.dtype, other.dtype)
        first, second = paired(value, other)
        with np.errstate(all="ignore"):  # what is not finite then shows in the answer
            return (first.astype(dtype) - second.astype(dtype)).rename(self.op)


def float_of(*dtypes: np.dtype[Any]) -> np.dtype[Any]:
    """Return the dtype in which numbers of these are worked with; whole ones become float64."""
    return np.result_type(*(dtype if dtype.kind == "f" else np.dtype(np.float64) for dtype in dtypes))
