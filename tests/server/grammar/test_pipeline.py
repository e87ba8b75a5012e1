"""Pipelines as a whole."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np
import pytest
import xarray as xr
from typing_extensions import override

from inspectree.server import Store
from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR, STEPS, Grammar
from inspectree.server.grammar.base import Spec, Step
from inspectree.server.grammar.document import markdown
from inspectree.server.grammar.pipeline import check, run


class Double(Step):
    """Multiply by two."""

    family: ClassVar[str] = "map"
    example: ClassVar[Mapping[str, Any]] = {"op": "double"}
    op: Literal["double"] = "double"

    @override
    def check(self, spec: Spec) -> Spec:
        return spec

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        return value * 2


def test_a_users_own_step_works_like_any_other(store: Store) -> None:
    """It is handed over in a longer table; the table that comes with inspectree stays as it is."""
    longer = Grammar((*STEPS, Double))
    plain = store.query("root/conv/kernel", [{"op": "sum"}])
    doubled = store.query("root/conv/kernel", [{"op": "double"}, {"op": "sum"}], grammar=longer)
    np.testing.assert_allclose(doubled, 2 * plain)
    assert "### double\n\nMultiply by two.\n" in markdown(longer)
    assert "Double" in longer.schema()["$defs"]
    with pytest.raises(PipelineError):
        GRAMMAR.parse([{"op": "double"}])


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
