"""What every step of the grammar has to do, found through its table."""

import json
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
import xarray as xr

from inspectree.server.errors import PipelineError
from inspectree.server.grammar import GRAMMAR, STEPS
from inspectree.server.grammar.base import Spec, Step
from inspectree.server.grammar.document import describe, markdown

COUNT = 12


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


def fitting(step: type[Step]) -> tuple[Step, xr.DataArray]:
    """Return a step as its example has it, and a value that it fits."""
    (made,) = GRAMMAR.parse([step.example])
    dims = step.example.get("dims")
    squeezed = value().isel({"in": 0})
    if step.example["op"] == "transpose":
        assert set(dims) == set(squeezed.dims)
        return made, squeezed
    return made, value()


each_step = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.model_fields["op"].default)


@each_step
def test_its_description_before_is_true_afterwards(step: type[Step]) -> None:
    """Dims, their order, dtype and coordinates are right; sizes are upper bounds."""
    made, source = fitting(step)
    told, made_of_it = made.check(Spec.of(source)), Spec.of(made(source))
    assert list(told.sizes) == list(made_of_it.sizes)
    assert all(made_of_it.sizes[dim] <= size for dim, size in told.sizes.items())
    assert told.dtype == made_of_it.dtype
    assert told.coords == made_of_it.coords
    assert made_of_it.elements_with_coords <= told.elements_with_coords


@each_step
@pytest.mark.parametrize("dtype", ["float16", "float64", "int64", "uint8", "bool"])
def test_it_takes_every_kind_of_number(step: type[Step], dtype: str) -> None:
    made, source = fitting(step)
    source = abs(source).astype(dtype)
    assert made(source).dtype == made.check(Spec.of(source)).dtype


@each_step
def test_it_is_pure_and_deterministic(step: type[Step]) -> None:
    made, source = fitting(step)
    before = source.copy(deep=True)
    first, second = made(source), made(source)
    assert source.identical(before)
    assert first.identical(second)


@each_step
def test_it_survives_what_is_not_finite(step: type[Step]) -> None:
    """NaN and infinities give an answer, without a warning."""
    made, _ = fitting(step)
    source = value(broken=True)
    made(source.isel({"in": 0}) if step.example["op"] == "transpose" else source)


@each_step
def test_it_survives_emptiness_or_refuses_it(step: type[Step]) -> None:
    """Only where nothing has a label is there nothing to group."""
    made, source = fitting(step)
    groups = (
        nullcontext() if "by" not in step.example else pytest.raises(PipelineError, match="nothing to group")
    )
    with groups:
        made(source.isel(sample=slice(0)))


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
