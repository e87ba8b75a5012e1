"""Maps."""

from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR

VALUES = xr.DataArray([[-3.0, 0.0], [1.0, 4.0]], dims=["sample", "unit"])


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"op": "abs"}, [[3, 0], [1, 4]]),
        ({"op": "square"}, [[9, 0], [1, 16]]),
        ({"op": "log1p"}, np.log1p([[np.nan, 0], [1, 4]])),
        ({"op": "clip", "low": 0, "high": 2}, [[0, 0], [1, 2]]),
        ({"op": "clip", "high": 2}, [[-3, 0], [1, 2]]),
        ({"op": "normalise"}, [[0, 3 / 7], [4 / 7, 1]]),
        ({"op": "normalise", "over": ["sample"]}, [[0, 0], [1, 1]]),
        ({"op": "normalise", "method": "z_score"}, stats.zscore(VALUES.values, axis=None)),
        ({"op": "normalise", "method": "z_score", "over": ["unit"]}, [[-1, 1], [-1, 1]]),
    ],
)
def test_every_value_becomes_another(step: dict[str, Any], expected: Any) -> None:
    (made,) = GRAMMAR.parse([step])
    np.testing.assert_allclose(made(VALUES).values, expected)


def test_what_does_not_vary_becomes_0() -> None:
    (made,) = GRAMMAR.parse([{"op": "normalise", "method": "z_score"}])
    assert made(xr.DataArray([7.0, 7.0], dims=["unit"])).values.tolist() == [0, 0]


def test_whole_numbers_do_not_overflow() -> None:
    (made,) = GRAMMAR.parse([{"op": "square"}])
    assert made(xr.DataArray(np.array([200], np.uint8), dims=["unit"])).item() == 40_000


def test_bounds_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(PipelineError) as error:
        GRAMMAR.parse([{"op": "clip", "low": 2, "high": 1}])
    assert str(error.value) == "step 1 (clip): low (2.0) is above high (1.0)"
