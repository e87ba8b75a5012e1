"""Changing dims."""

import numpy as np
import pytest
import xarray as xr

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec

VALUE = xr.DataArray(
    np.arange(12).reshape(2, 3, 2), dims=["sample", "y", "x"], coords={"class": ("sample", ["a", "b"])}
)


def test_flattening_keeps_the_order_and_what_is_known_of_each_value() -> None:
    (inner, everything) = GRAMMAR.parse(
        [{"op": "flatten", "dims": ["y", "x"]}, {"op": "flatten", "dims": VALUE.dims}]
    )
    assert inner(VALUE).dims == ("sample", "flat")
    assert inner(VALUE).values.tolist() == VALUE.values.reshape(2, 6).tolist()
    assert everything(VALUE)["class"].values.tolist() == ["a"] * 6 + ["b"] * 6
    assert everything(VALUE).values.tolist() == list(range(12))


def test_transposing_is_numpys() -> None:
    (step,) = GRAMMAR.parse([{"op": "transpose", "dims": ["x", "sample", "y"]}])
    assert step(VALUE).values.tolist() == VALUE.values.transpose(2, 0, 1).tolist()


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"op": "flatten", "dims": ["y"], "into": "x"}, "'x' is there already; name the new dim otherwise"),
        ({"op": "flatten", "dims": ["z"]}, "no dim 'z'; this value has sample, y, x"),
        ({"op": "transpose", "dims": ["x", "y"]}, "must name all dims; left out: sample"),
    ],
)
def test_what_does_not_fit_is_refused(step: dict[str, object], message: str) -> None:
    (made,) = GRAMMAR.parse([step])
    with pytest.raises(PipelineError) as error:
        made.check(Spec.of(VALUE))
    assert str(error.value) == message
