"""Pipelines as a whole."""

from typing import Any

import numpy as np
import pytest
import xarray as xr

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.base import Spec
from inspectree.server.grammar.pipeline import check, run


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ([{"op": "abs"}, {"op": "meen"}], "step 2: no operation 'meen'; the nearest are mean, merge, median"),
        (
            [{"over": ["x"]}],
            "step 1: 'op' is missing; there are select, top, flatten, unstack, transpose, rename, …",
        ),
        ([{"op": "top_k", "k": 0}], "step 1 (top_k): k: Input should be greater than or equal to 1"),
        ([{"op": "quantile"}], "step 1 (quantile): q: Field required"),
        (["mean"], "step 1: Input should be a valid dictionary or object to extract fields from"),
    ],
)
def test_what_is_not_a_pipeline_is_named(steps: list[Any], message: str) -> None:
    with pytest.raises(PipelineError) as error:
        GRAMMAR.parse(steps)
    assert str(error.value) == message


def test_a_step_that_does_not_fit_what_the_one_before_leaves_is_named() -> None:
    pipeline = GRAMMAR.parse([{"op": "mean", "over": ["unit"]}, {"op": "max", "over": ["unit"]}])
    value = xr.DataArray(np.zeros((2, 3)), dims=["sample", "unit"])
    with pytest.raises(PipelineError) as error:
        check(pipeline, Spec.of(value))
    assert str(error.value) == "step 2 (max): no dim 'unit'; this value has sample"
    assert error.value.step == 2


def test_an_empty_pipeline_changes_nothing() -> None:
    value = xr.DataArray([1, 2], dims=["unit"])
    assert run((), value) is value


def test_the_schema_tells_steps_apart_by_their_names() -> None:
    schema = GRAMMAR.schema()
    assert schema["items"]["discriminator"]["propertyName"] == "op"
    assert set(schema["items"]["discriminator"]["mapping"]) == set(GRAMMAR.by_op)
