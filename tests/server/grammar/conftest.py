"""What tests of steps share."""

from collections.abc import Callable
from typing import Any

import pytest
import xarray as xr

from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.compare import Compare

Comparing = Callable[..., xr.DataArray]


@pytest.fixture
def compare() -> Comparing:
    """Return what compares two arrays by the JSON form of a comparison."""

    def compared(value: xr.DataArray, other: xr.DataArray, op: str, **fields: Any) -> xr.DataArray:
        (step,) = GRAMMAR.parse([{"op": op, "to": "@first", **fields}])
        assert isinstance(step, Compare)
        return step.compared(value, other)

    return compared
