"""What every step of a pipeline is: a frozen value that is checked against a description and then called."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import xarray as xr
from pydantic import BaseModel, ConfigDict

from inspectree.logger.statistics import Statistics
from inspectree.server.grammar.spec import LABELS, NUMBERS, AnySpec, AnyValue, Kind, Spec, spec_like

__all__ = ["LABELS", "NUMBERS", "Spec", "Step", "spec_like"]


class Step(BaseModel, ABC):
    """One step: its parameters are fields, its work is a pure call.

    ``takes`` are the kinds of values that it works on; `check` and the call get no others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: ClassVar[str]
    example: ClassVar[Mapping[str, Any]]
    takes: ClassVar[tuple[Kind, ...]] = ("array",)

    op: str

    @abstractmethod
    def check(self, spec: Any) -> AnySpec:
        """Return what becomes of a value so described.

        Raises
        ------
        PipelineError
            When the step does not fit it; says what was wrong and what would have been right.
        """

    @abstractmethod
    def __call__(self, value: Any) -> AnyValue:
        """Return the value, transformed."""

    @property
    def takes_long(self) -> bool:
        """Tell whether it is known to take seconds rather than milliseconds."""
        return False

    def extra_bytes(self, spec: Any) -> int:  # noqa: ARG002 - for those that need more
        """Return the bytes that the work takes besides the value and the result."""
        return 0

    def capped(self, points: int) -> "Step":  # noqa: ARG002 - for those whose work grows fast with the points
        """Return the step with a bound on the points that it may project or cluster."""
        return self

    def notes(self, value: Any) -> tuple[str, ...]:  # noqa: ARG002 - for those that have something to say
        """Return what an answer has to say about what the step makes of a value."""
        return ()

    def fixed(self, values: Iterable[xr.DataArray]) -> "Step":  # noqa: ARG002 - for those that depend on them
        """Return the step with everything fixed that depends on all values; each is looked at once."""
        return self

    @property
    def extremes_suffice(self) -> bool:
        """Tell whether `fixed` needs the smallest and the largest finite value only."""
        return False

    def within(self, dim: str, spec: Spec) -> "Step | None":  # noqa: ARG002 - for those that can
        """Return the step that does the same to each position of ``dim`` by itself, where there is one."""
        return None

    def from_statistics(self, statistics: Statistics, spec: Spec) -> xr.DataArray | None:  # noqa: ARG002 - likewise
        """Return what the call would, from stored descriptors of the value, where these suffice."""
        return None
