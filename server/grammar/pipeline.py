"""Pipelines: steps in their order, parsed, checked and run."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Annotated, Any

import xarray as xr
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, Step
from inspectree.server.nearest import nearest

Pipeline = tuple[Step, ...]


@dataclass(frozen=True)
class Grammar:
    """A table of steps, and the pipelines that can be written with it."""

    steps: tuple[type[Step], ...]

    @cached_property
    def by_op(self) -> dict[str, type[Step]]:
        """Return the steps by the names that pipelines call them."""
        return {step.model_fields["op"].default: step for step in self.steps}

    @cached_property
    def _adapter(self) -> TypeAdapter[Pipeline]:
        step: Any = Annotated[reduce(or_, self.steps), Field(discriminator="op")]
        return TypeAdapter(tuple[step, ...])

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of pipelines."""
        return self._adapter.json_schema()

    def parse(self, pipeline: Sequence[Any]) -> Pipeline:
        """Return a pipeline from JSON-like data.

        Raises
        ------
        PipelineError
            Names the step, what was wrong, and what would have been right.
        """
        try:
            return self._adapter.validate_python(list(pipeline))
        except ValidationError as error:
            raise self._clear(error.errors()[0], pipeline) from None

    def _clear(self, error: ErrorDetails, pipeline: Sequence[Any]) -> PipelineError:
        number = int(error["loc"][0]) + 1
        given = pipeline[number - 1]
        if error["type"] in {"union_tag_invalid", "union_tag_not_found"}:
            op = given.get("op") if isinstance(given, dict) else None
            wrong = f"no operation {op!r}" if op else "'op' is missing"
            return PipelineError(f"step {number}: {wrong}; {nearest(str(op or ''), self.by_op)}", number)
        if len(error["loc"]) < 2:
            return PipelineError(f"step {number}: {error['msg']}", number)
        op, *where = map(str, error["loc"][1:])
        message = (
            f"{'.'.join(where)}: {error['msg']}" if where else error["msg"].removeprefix("Value error, ")
        )
        if error["type"] == "extra_forbidden":
            fields = [
                field.alias or name for name, field in self.by_op[op].model_fields.items() if name != "op"
            ]
            message = f"no field {where[0]!r}; it has {', '.join(fields) or 'none'}"
        return PipelineError(f"step {number} ({op}): {message}", number)


@contextmanager
def during(number: int, step: Step) -> Iterator[None]:
    """Have a step's error say which step it was."""
    try:
        yield
    except PipelineError as error:
        raise PipelineError(f"step {number} ({step.op}): {error}", number) from None


def check(pipeline: Pipeline, spec: Spec, first: int = 1) -> list[Spec]:
    """Return the descriptions of the value after each step, the source's own in front."""
    specs = [spec]
    for number, step in enumerate(pipeline, first):
        with during(number, step):
            specs.append(step.check(specs[-1]))
    return specs


def unused_coords(pipeline: Pipeline, spec: Spec) -> set[str]:
    """Return the coordinates that no step looks at and that the result has none of.

    Labels of dims stay: without them positions would be labels.
    """
    result = check(pipeline, spec)[-1]
    unknown = [name for name in spec.coords if name not in {*spec.sizes, *result.coords}]
    return {name for name in unknown if _same_without(name, pipeline, spec, result)}


def _same_without(name: str, pipeline: Pipeline, spec: Spec, result: Spec) -> bool:
    try:
        return check(pipeline, spec.without_coords([name]))[-1] == result
    except PipelineError:
        return False


def run(pipeline: Pipeline, value: xr.DataArray, first: int = 1) -> xr.DataArray:
    """Return the value after all steps."""
    for number, step in enumerate(pipeline, first):
        with during(number, step):
            value = step(value)
    return value
