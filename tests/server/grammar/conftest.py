"""What tests of steps share."""

from collections.abc import Callable
from typing import Any

import pytest
import xarray as xr

from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.compare import Compare
from inspectree.server.grammar.spec import AnySpec, AnyValue, Columns, ColumnsSpec, Spec, TableSpec, spec_of

Comparing = Callable[..., xr.DataArray]
Telling = Callable[[AnySpec, AnyValue], None]


@pytest.fixture
def compare() -> Comparing:
    """Return what compares two arrays by the JSON form of a comparison."""

    def compared(value: xr.DataArray, other: xr.DataArray, op: str, **fields: Any) -> xr.DataArray:
        (step,) = GRAMMAR.parse([{"op": op, "to": "@first", **fields}])
        assert isinstance(step, Compare)
        return step.compared(value, other)

    return compared


@pytest.fixture(name="assert_told", scope="session")
def telling() -> Telling:
    """Return what checks that a description made before is true of a value."""
    return check_told


def check_told(told: AnySpec, source: AnyValue) -> None:
    """Check that a description made before is true of the value; sizes are upper bounds."""
    made = spec_of(source)
    assert told.kind == made.kind
    assert made.elements_with_coords <= told.elements_with_coords
    if isinstance(told, ColumnsSpec):
        assert isinstance(source, Columns)
        assert list(told.columns) == list(source.values)
        for name, each in source.values.items():
            check_told(told.columns[name], each)
    elif isinstance(told, TableSpec):
        check_table_told(told, made)
    else:
        check_array_told(told, made)


def check_table_told(told: TableSpec, made: AnySpec) -> None:
    assert isinstance(made, TableSpec)
    assert list(told.columns) == list(made.columns)
    assert made.rows <= told.rows
    if made.rows:  # of nothing pandas can't know
        known = {name: dtype for name, dtype in told.columns.items() if dtype is not None}
        assert {name: made.columns[name] for name in known} == known


def check_array_told(told: Spec, made: AnySpec) -> None:
    assert isinstance(made, Spec)
    assert list(told.sizes) == list(made.sizes)
    assert all(made.sizes[dim] <= size for dim, size in told.sizes.items())
    assert (told.dtype, told.coords) == (made.dtype, made.coords)
