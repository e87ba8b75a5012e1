from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from inspectree.logger.units import BLOCK, DTYPE, describe_units, merged, unit_axis


def test_numbers_by_hand() -> None:
    """Two units over three samples; what is not finite counts nowhere."""
    found = describe_units(np.array([[0, 1], [0, np.nan], [6, 3]]), 1)
    assert found["finite"].tolist() == [3, 2]
    assert found["zeros"].tolist() == [2, 0]
    assert found["mean"].tolist() == [2, 2]
    assert found["variance"].tolist() == [8, 1]
    assert found["minimum"].tolist() == [0, 1]
    assert found["maximum"].tolist() == [6, 3]


def test_a_unit_without_finite_values_is_told_as_unknown() -> None:
    found = describe_units(np.array([[np.nan, 1.0], [np.inf, 1.0]]), 1)
    assert found["finite"].tolist() == [0, 2]
    assert np.isnan(found[0][["mean", "variance", "minimum", "maximum"]].tolist()).all()


def test_many_units_are_described_in_blocks() -> None:
    values = np.random.default_rng(0).normal(size=(BLOCK // 100, 250)).astype(np.float32)
    found = describe_units(values, 1)
    np.testing.assert_allclose(found["mean"], values.mean(axis=0, dtype=float))
    np.testing.assert_allclose(found["variance"], values.var(axis=0, dtype=float))


@pytest.mark.parametrize(
    ("dims", "axis"),
    [
        (("sample", "y", "x", "channel"), 3),
        (("sample", "channel", "x"), 1),
        (("in", "out"), 1),
        (("out",), None),
        (("sample",), None),
        (("dim_0", "dim_1"), None),
        (("token", "unit"), 1),
    ],
)
def test_the_axis_of_the_units_is_found_by_its_name(dims: tuple[str, ...], axis: int | None) -> None:
    assert unit_axis(dims) == axis


FLOATS = st.floats(-1e3, 1e3, width=32) | st.just(float("nan"))


@given(arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 4)), elements=FLOATS), st.data())
def test_parts_together_are_the_whole(values: NDArray[Any], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(values)))
    parts = [describe_units(part, 1) for part in (values[:cut], values[cut:])]
    whole, joined = describe_units(values, 1), merged(parts)
    for name in DTYPE.names or ():
        np.testing.assert_allclose(joined[name], whole[name], rtol=1e-9, atol=1e-9, err_msg=name)
