"""Branches, and what merges their columns."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from inspectree.server import Store
from inspectree.server.errors import LimitError, PipelineError
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.pipeline import check, run
from inspectree.server.grammar.spec import AnyValue, spec_of
from inspectree.server.limits import Limits

VALUE = xr.DataArray(
    np.arange(12.0).reshape(4, 3),
    coords={"sample": [0, 1, 2, 3], "class": ("sample", list("abab"))},
    dims=["sample", "unit"],
)
MEAN, MAX = {"op": "mean", "over": ["unit"]}, {"op": "max", "over": ["unit"]}


def branch(**columns: list[dict[str, Any]]) -> dict[str, Any]:
    return {"op": "branch", "columns": columns}


def merge(how: str, **more: Any) -> dict[str, Any]:
    return {"op": "merge", "how": how, **more}


def made(*steps: dict[str, Any], value: AnyValue = VALUE) -> AnyValue:
    pipeline = GRAMMAR.parse(steps)
    check(pipeline, spec_of(value))
    return run(pipeline, value)


def array(*steps: dict[str, Any]) -> xr.DataArray:
    result = made(*steps)
    assert isinstance(result, xr.DataArray)
    return result


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("difference", [-1, -1, -1, -1]),
        ("sum", [3, 9, 15, 21]),
        ("product", [2, 20, 56, 110]),
        ("ratio", [1 / 2, 4 / 5, 7 / 8, 10 / 11]),
    ],
)
def test_two_columns_make_one_by_arithmetic(how: str, expected: list[float]) -> None:
    result = array(branch(mean=[MEAN], max=[MAX]), merge(how))
    np.testing.assert_allclose(result.values, expected)
    assert result["class"].values.tolist() == list("abab")


def test_columns_become_a_table_by_their_labels() -> None:
    """A column without a dim is the same in each row; only positions that all have remain."""
    few = [{"op": "select", "label": {"sample": [3, 1]}}, MAX]
    result = made(branch(mean=[MEAN], few=few, all=[{"op": "sum"}]), merge("columns"))
    assert isinstance(result, pd.DataFrame)
    assert result.to_dict("list") == {
        "sample": [1, 3],
        "class": ["b", "b"],
        "mean": [4, 10],
        "few": [5, 11],
        "all": [66, 66],
    }


def test_stacked_columns_lie_along_their_names() -> None:
    result = array(branch(mean=[MEAN], max=[MAX]), merge("stack", dim="of"))
    assert result.dims == ("of", "sample")
    assert result["of"].values.tolist() == ["mean", "max"]
    assert result.sel(of="max").values.tolist() == [2, 5, 8, 11]


def test_columns_are_laid_one_behind_the_other_along_a_dim_that_they_have() -> None:
    a, b = ([{"op": "select", "class": [name]}] for name in "ab")
    result = array(branch(b=b, a=a), merge("concat", dim="sample"))
    assert result["sample"].values.tolist() == [1, 3, 0, 2]
    assert result["class"].values.tolist() == list("bbaa")
    assert result.values.tolist() == VALUE.values[[1, 3, 0, 2]].tolist()


def test_along_a_dim_that_none_has_they_are_stacked() -> None:
    steps = branch(mean=[MEAN], max=[MAX])
    xr.testing.assert_equal(array(steps, merge("concat")), array(steps, merge("stack")))


def test_tables_are_put_below_one_another() -> None:
    a, b = ([{"op": "select", "class": [name]}, MAX, {"op": "melt"}] for name in "ab")
    result = made(branch(a=a, b=b), merge("concat", dim="part"))
    assert isinstance(result, pd.DataFrame)
    assert result["part"].tolist() == list("aabb")
    assert result["value"].tolist() == [2, 8, 5, 11]


def test_branches_lie_within_branches() -> None:
    inner = [branch(mean=[MEAN], max=[MAX]), merge("difference")]
    result = array(branch(inner=inner, max=[MAX]), merge("sum"))
    assert result.values.tolist() == [1, 4, 7, 10]


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (
            [branch(a=[MEAN]), MEAN],
            "2 (mean): takes an array, not the columns a of a branch: merge them first",
        ),
        (
            [branch(a=[{"op": "mean", "over": ["x"]}])],
            "1 (branch): a: step 1 (mean): no dim 'x'; this value has sample, unit",
        ),
        (
            [branch(a=[], b=[], c=[]), merge("ratio")],
            "2 (merge): 'ratio' is of exactly two columns; here are 3",
        ),
        (
            [merge("ratio")],
            "1 (merge): takes the columns of a branch, not an array along sample, unit:"
            " branch makes columns of it",
        ),
        (
            [branch(a=[], b=[{"op": "melt"}]), merge("columns")],
            "2 (merge): b is a table and a an array: make them alike",
        ),
        (
            [branch(a=[{"op": "melt"}]), merge("sum")],
            "2 (merge): tables are put below one another by 'concat', not by 'sum'",
        ),
        (
            [branch(a=[], b=[MAX]), merge("concat", dim="unit")],
            "2 (merge): not all columns have dim 'unit': concat needs it in all, or in none",
        ),
        (
            [branch(a=[], b=[]), merge("stack", dim="sample")],
            "2 (merge): dim 'sample' is there already; name the new dim by 'dim'",
        ),
        (
            [branch(a=[branch(b=[])]), merge("columns")],
            "2 (merge): a is the columns b of a branch: merge them there first",
        ),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(steps: list[Any], message: str) -> None:
    with pytest.raises(PipelineError) as error:
        made(*steps)
    assert str(error.value) == f"step {message}"


def test_an_answer_is_one_value(store: Store) -> None:
    with pytest.raises(PipelineError) as error:
        store.query("root/conv/kernel", [{"op": "abs"}, branch(a=[], b=[])])
    assert str(error.value) == (
        'step 2 (branch): the columns a, b of a branch stay apart: add a step such as {"op": "merge"}'
    )
    assert error.value.step == 2


def nested(depth: int) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    for _ in range(depth):
        steps = [branch(a=steps), merge("stack")]
    return steps


@pytest.mark.parametrize("depth", [3, 100, 5000])
def test_pipelines_nest_only_so_deep(depth: int) -> None:
    assert GRAMMAR.parse(nested(2), Limits(nesting=2))
    with pytest.raises(LimitError) as error:
        GRAMMAR.parse(nested(depth), Limits(nesting=2))
    assert str(error.value) == (
        "the branches nest 3 levels; 2 levels are allowed (limit 'nesting'): merge before you branch again"
    )


def test_what_nests_deeper_than_python_can_follow_is_refused() -> None:
    with pytest.raises(LimitError, match="nest deeper than can be worked on: set the limit 'nesting' lower"):
        GRAMMAR.parse(nested(5000), Limits(nesting=10_000))


def test_the_schema_of_a_branch_refers_to_the_whole() -> None:
    columns = GRAMMAR.schema()["$defs"]["Branch"]["properties"]["columns"]
    assert columns["additionalProperties"] == {"$ref": "#"}


def test_branches_in_python_are_those_of_json() -> None:
    (made_of_json,) = GRAMMAR.parse([branch(a=[MEAN])])
    again = GRAMMAR.parse([made_of_json.model_dump(by_alias=True)])
    assert again == (made_of_json,)
    assert '"over":["unit"]' in made_of_json.model_dump_json()
