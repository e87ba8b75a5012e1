"""What every step of the grammar has to do, found through its table."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR, STEPS
from inspectree.server.grammar.base import Step
from inspectree.server.grammar.compare import Compare
from inspectree.server.grammar.document import describe, markdown
from inspectree.server.grammar.pipeline import checked
from inspectree.server.grammar.spec import AnySpec, AnyValue, Columns, Kind, spec_of

COUNT = 12

Telling = Callable[[AnySpec, AnyValue], None]


def value(dtype: str = "float32", *, broken: bool = False) -> xr.DataArray:
    """Return activations of 12 samples, all dims and coordinates that the examples speak of."""
    rng = np.random.default_rng(1)
    values = (rng.normal(size=(COUNT, 3, 2, 2, 4)) * 9).astype(dtype)
    if broken:
        values[0, 0, 0, 0] = [np.nan, np.inf, -np.inf, 0]
    names = np.array(["zero", "one", "two"])
    true, predicted = np.arange(COUNT) % 3, np.arange(COUNT) % 2
    coords = {
        "sample": np.arange(COUNT),
        "id": ("sample", np.arange(COUNT) * 10),
        "class": ("sample", names[true]),
        "predicted": ("sample", names[predicted]),
        "correct": ("sample", true == predicted),
    }
    array = xr.DataArray(
        values, dims=["sample", "y", "x", "in", "channel"], coords=coords, name="activations"
    )
    array.coords["class"].attrs["labels"] = tuple(names)
    return array


def table() -> pd.DataFrame:
    """Return a table with all columns that the examples speak of."""
    rng = np.random.default_rng(2)
    rows = [(epoch, name) for epoch in range(3) for name in ("zero", "one")]
    losses = rng.random((2, len(rows)))
    columns = {"epoch": [epoch for epoch, _ in rows], "class": [name for _, name in rows]}
    return pd.DataFrame({**columns, "loss": losses[0], "val_loss": losses[1].astype(np.float32)})


def columns() -> Columns:
    """Return what a branch of two columns makes."""
    return Columns({"one": value().isel({"in": 0}), "two": value().isel({"in": 1})})


def fitting(step: type[Step], **more: Any) -> tuple[Step, AnyValue]:
    """Return a step as its example has it, and a value that it fits."""
    (made,) = GRAMMAR.parse([step.example])
    if step.takes[0] != "array":
        return made, table() if step.takes[0] == "table" else columns()
    array = value(**more)
    if step.example["op"] == "transpose":
        array = array.isel({"in": 0})
        assert set(step.example["dims"]) == set(array.dims)
    return made, array


def applied(step: Step, source: AnyValue) -> AnyValue:
    """Return what a step makes of a value; what is compared, is compared with twice as much."""
    if isinstance(step, Compare):
        assert isinstance(source, xr.DataArray)
        return step.compared(source, (source * 2).astype(source.dtype))
    return step(source)


def mapped(source: AnyValue, function: Callable[[xr.DataArray], xr.DataArray]) -> AnyValue:
    """Return a value with a function done to all of its arrays."""
    if isinstance(source, Columns):
        return Columns({name: mapped(each, function) for name, each in source.values.items()})
    return source if isinstance(source, pd.DataFrame) else function(source)


def identical(one: AnyValue, other: AnyValue) -> bool:
    """Tell whether two values are the same, labels included."""
    if isinstance(one, Columns):
        assert isinstance(other, Columns)
        return all(identical(each, other.values[name]) for name, each in one.values.items())
    if isinstance(one, pd.DataFrame):
        return one.equals(other)
    return one.identical(other)


def copied(source: AnyValue) -> AnyValue:
    return source.copy(deep=True) if isinstance(source, pd.DataFrame) else mapped(source, xr.DataArray.copy)


each_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.model_fields["op"].default)


@each_step
def test_its_description_before_is_true_afterwards(step: type[Step], assert_told: Telling) -> None:
    """Dims, their order, dtypes and coordinates, or columns, are right; sizes are upper bounds."""
    made, source = fitting(step)
    assert_told(checked(made, spec_of(source)), applied(made, source))


@each_step
@pytest.mark.parametrize("dtype", ["float16", "float64", "int64", "uint8", "bool"])
def test_it_takes_every_kind_of_number(step: type[Step], dtype: str, assert_told: Telling) -> None:
    made, source = fitting(step)
    numbers = mapped(source, lambda array: abs(array).astype(dtype))
    assert_told(made.check(spec_of(numbers)), applied(made, numbers))


@each_step
def test_it_is_pure_and_deterministic(step: type[Step]) -> None:
    made, source = fitting(step)
    before = copied(source)
    first, second = applied(made, source), applied(made, source)
    assert identical(source, before)
    assert identical(first, second)


@each_step
def test_it_survives_what_is_not_finite(step: type[Step]) -> None:
    """NaN and infinities give an answer, without a warning."""
    made, source = fitting(step, broken=True)
    if isinstance(source, pd.DataFrame):
        source.loc[:1, "loss"] = [np.nan, np.inf]
    applied(made, source)


@each_step
def test_it_survives_emptiness_or_refuses_it(step: type[Step]) -> None:
    """Only where nothing has a label is there nothing to group."""
    made, source = fitting(step)
    if isinstance(source, pd.DataFrame):
        applied(made, source.iloc[:0])
        return
    refused = "by" in step.example and step.family != "table"
    groups = pytest.raises(PipelineError, match="nothing to group") if refused else nullcontext()
    with groups:
        applied(made, mapped(source, lambda array: array.isel(sample=slice(0))))


@each_step
def test_it_refuses_the_other_kinds_of_values(step: type[Step]) -> None:
    made, _ = fitting(step)
    others: dict[Kind, AnyValue] = {"array": value(), "table": table(), "columns": columns()}
    for kind, other in others.items():
        if kind not in step.takes:
            with pytest.raises(PipelineError, match=r"^takes .*, not .*: .* (it|them first)$"):
                checked(made, spec_of(other))


@each_step
def test_it_refuses_dims_and_columns_that_are_not_there(step: type[Step]) -> None:
    """Whatever a field names is looked for in the value's description."""
    made, _ = fitting(step)
    strange: dict[str, AnyValue] = {
        "array": xr.DataArray(np.zeros((2, 2)), dims=["left_one", "right_one"]),
        "table": pd.DataFrame({"strange": [1.0]}),
    }
    names = {"over", "by", "dims", "dim", "columns", "values", "range", "aggregate", "class"} & {
        *step.example
    }
    if names and step.takes[0] in strange and step.example["op"] not in {"branch", "histogram"}:
        with pytest.raises(PipelineError, match=r"no (dim|coordinate|column) "):
            made.check(spec_of(strange[step.takes[0]]))


@each_step
def test_it_survives_json(step: type[Step]) -> None:
    made, _ = fitting(step)
    text = made.model_dump_json(by_alias=True, exclude_unset=True)
    assert GRAMMAR.parse([json.loads(text)]) == (made,)


@each_step
def test_it_refuses_unknown_fields_and_lists_the_valid_ones(step: type[Step]) -> None:
    op = step.example["op"]
    with pytest.raises(PipelineError) as error:
        GRAMMAR.parse([{**step.example, "nonsense": 1}])
    fields = [field.alias or name for name, field in step.model_fields.items() if name != "op"]
    assert str(error.value) == f"step 1 ({op}): no field 'nonsense'; it has {', '.join(fields) or 'none'}"
    assert error.value.step == 1


@each_step
def test_it_is_documented(step: type[Step]) -> None:
    """Every step and every field says what it does; the page shows each of them."""
    about = describe(step)
    fields: dict[str, Any] = about["schema"]["properties"]
    assert about["title"].endswith((".", ";"))
    assert all("description" in field for name, field in fields.items() if name != "op")
    assert f"### {about['op']}\n" in markdown()


def test_every_name_stands_for_one_step() -> None:
    assert len(GRAMMAR.by_op) == len(STEPS)
