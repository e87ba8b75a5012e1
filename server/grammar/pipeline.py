"""Pipelines: steps in their order, parsed, checked and run."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from inspectree.server.errors import LimitError, PipelineError
from inspectree.server.grammar.base import Step
from inspectree.server.grammar.spec import AnySpec, AnyValue, ColumnsSpec, Kind, Spec
from inspectree.server.limits import Limits
from inspectree.server.nearest import nearest

Pipeline = tuple[Step, ...]

INNER = {"type": "array", "items": {"type": "object"}, "title": "Pipeline"}
"""How the schema of a step by itself describes a pipeline within it."""

TAKEN: dict[Kind, str] = {"array": "an array", "table": "a table", "columns": "the columns of a branch"}

ADVICE: dict[tuple[Kind, Kind], str] = {
    ("table", "array"): "pivot makes an array of it",
    ("array", "table"): "melt makes a table of it",
    ("array", "columns"): "branch makes columns of it",
    ("table", "columns"): "branch makes columns of it",
    ("columns", "array"): "merge them first",
    ("columns", "table"): "merge them first",
}
"""What helps who has the first kind of value, for a step that takes the second one."""


@dataclass(frozen=True)
class Grammar:
    """A table of steps, and the pipelines that can be written with it."""

    steps: tuple[type[Step], ...]

    def __post_init__(self) -> None:
        """Refuse two steps of one name."""
        ops = [step.model_fields["op"].default for step in self.steps]
        for op in ops:
            if ops.count(op) > 1:
                raise PipelineError(f"two steps are called {op!r}: give one of them another name")

    @cached_property
    def by_op(self) -> dict[str, type[Step]]:
        """Return the steps by the names that pipelines call them."""
        return {step.model_fields["op"].default: step for step in self.steps}

    @cached_property
    def _adapter(self) -> TypeAdapter[Step]:
        step: Any = Annotated[reduce(or_, self.steps), Field(discriminator="op")]
        return TypeAdapter(step)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of pipelines; the pipelines within a branch refer to the whole (``#``)."""
        step = _with_references(self._adapter.json_schema())
        return {"$defs": step.pop("$defs", {}), "type": "array", "items": step}

    def parse(self, pipeline: Sequence[Any], limits: Limits | None = None) -> Pipeline:
        """Return a pipeline from JSON-like data.

        Raises
        ------
        PipelineError
            Names the step, what was wrong, and what would have been right.
        LimitError
            When pipelines lie too deep within one another.
        """
        try:
            return self._parse(pipeline, limits or Limits(), 0)
        except RecursionError:
            raise LimitError(
                "the pipelines nest deeper than can be worked on: set the limit 'nesting' lower"
            ) from None

    def _parse(self, pipeline: Sequence[Any], limits: Limits, depth: int) -> Pipeline:
        limits.check("nesting", depth, "the branches nest", "merge before you branch again")
        if not isinstance(pipeline, (list, tuple)):
            raise PipelineError('a pipeline is a list of steps, such as [{"op": "mean"}]')
        context = {"parse": lambda inner: self._parse(inner, limits, depth + 1)}
        return tuple(self._step(number, given, context) for number, given in enumerate(pipeline, 1))

    def _step(self, number: int, given: Any, context: dict[str, Any]) -> Step:
        try:
            return self._adapter.validate_python(given, context=context)
        except ValidationError as error:
            raise self._clear(error.errors()[0], number, given) from None
        except PipelineError as error:  # of a pipeline within the step
            raise PipelineError(f"step {number} ({given['op']}): {error}", number) from None

    def _clear(self, error: ErrorDetails, number: int, given: Any) -> PipelineError:
        if error["type"] in {"union_tag_invalid", "union_tag_not_found"}:
            op = given.get("op") if isinstance(given, dict) else None
            wrong = f"no operation {op!r}" if op else "'op' is missing"
            return PipelineError(f"step {number}: {wrong}; {nearest(str(op or ''), self.by_op)}", number)
        if not error["loc"]:
            return PipelineError(f"step {number}: {error['msg']}", number)
        op, *where = map(str, error["loc"])
        message = ": ".join(filter(None, [".".join(where), error["msg"].removeprefix("Value error, ")]))
        if error["type"] == "extra_forbidden":
            fields = [
                field.alias or name for name, field in self.by_op[op].model_fields.items() if name != "op"
            ]
            message = f"no field {where[0]!r}; it has {', '.join(fields) or 'none'}"
        return PipelineError(f"step {number} ({op}): {message}", number)


def _with_references(schema: Any) -> Any:
    if schema == INNER:
        return {"$ref": "#"}
    if isinstance(schema, dict):
        return {key: _with_references(inner) for key, inner in schema.items()}
    return [_with_references(inner) for inner in schema] if isinstance(schema, list) else schema


@contextmanager
def during(number: int, step: Step) -> Iterator[None]:
    """Have a step's error say which step it was."""
    try:
        yield
    except PipelineError as error:
        raise PipelineError(f"step {number} ({step.op}): {error}", number) from None


@contextmanager
def in_column(name: str) -> Iterator[None]:
    """Have an error say in which column of a branch it was."""
    try:
        yield
    except PipelineError as error:
        raise PipelineError(f"{name}: {error}") from None


def checked(step: Step, spec: AnySpec) -> AnySpec:
    """Return what a step makes of a value so described; refuse a kind of value that it does not take."""
    need_kind(step, spec)
    return step.check(spec)


def need_kind(step: Step, spec: AnySpec) -> None:
    """Refuse a kind of value that the step does not take."""
    if spec.kind in step.takes:
        return
    taken = " or ".join(TAKEN[kind] for kind in step.takes)
    raise PipelineError(f"takes {taken}, not {spec}: {ADVICE[spec.kind, step.takes[0]]}")


def need_merged(spec: AnySpec, pipeline: Pipeline) -> None:
    """Refuse a pipeline that ends in the columns of a branch."""
    if isinstance(spec, ColumnsSpec):
        number = len(pipeline)
        raise PipelineError(
            f'step {number} ({pipeline[-1].op}): {spec} stay apart: add a step such as {{"op": "merge"}}',
            number,
        )


def check(pipeline: Pipeline, spec: AnySpec, first: int = 1) -> list[AnySpec]:
    """Return the descriptions of the value after each step, the source's own in front."""
    specs = [spec]
    for number, step in enumerate(pipeline, first):
        with during(number, step):
            specs.append(checked(step, specs[-1]))
    return specs


def unused_coords(pipeline: Pipeline, spec: Spec) -> set[str]:
    """Return the coordinates that no step looks at and that the result has none of.

    Labels of dims stay: without them positions would be labels.
    """
    names = [name for name in spec.coords if name not in spec.sizes]
    if not names:
        return set()
    result = check(pipeline, spec)[-1]
    kept = result.coords if isinstance(result, Spec) else ()
    return {name for name in names if name not in kept and _same_without(name, pipeline, spec, result)}


def _same_without(name: str, pipeline: Pipeline, spec: Spec, result: AnySpec) -> bool:
    try:
        return check(pipeline, spec.without_coords([name]))[-1] == result
    except PipelineError:
        return False


def run(pipeline: Pipeline, value: AnyValue, first: int = 1) -> AnyValue:
    """Return the value after all steps."""
    for number, step in enumerate(pipeline, first):
        with during(number, step):
            value = step(value)
    return value
