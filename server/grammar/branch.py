"""Branching: one value goes through several pipelines."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import BeforeValidator, Field, InstanceOf, SerializeAsAny, ValidationInfo, WithJsonSchema
from typing_extensions import override

from inspectree.server.grammar.base import Step
from inspectree.server.grammar.pipeline import INNER, Pipeline, check, in_column, run
from inspectree.server.grammar.spec import AnySpec, AnyValue, Columns, ColumnsSpec, Kind

T = TypeVar("T")

SCHEMA = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 100,
    "propertyNames": {"minLength": 1},
    "additionalProperties": INNER,
}


def _parsed(columns: Any, info: ValidationInfo) -> Any:
    """Parse the pipelines by the grammar that parses the branch."""
    if not info.context or not isinstance(columns, Mapping):
        return columns
    parsed = {}
    for name, pipeline in columns.items():
        with in_column(str(name)):
            parsed[name] = info.context["parse"](pipeline)
    return parsed


class Branch(Step):
    """Send the value through several pipelines; what comes out are columns, which `merge` unites."""

    family: ClassVar[str] = "branch"
    takes: ClassVar[tuple[Kind, ...]] = ("array", "table")
    example: ClassVar[Mapping[str, Any]] = {
        "op": "branch",
        "columns": {"mean": [{"op": "mean", "over": ["sample"]}], "std": [{"op": "std", "over": ["sample"]}]},
    }

    op: Literal["branch"] = "branch"
    columns: Annotated[
        Mapping[
            Annotated[str, Field(min_length=1)],
            tuple[SerializeAsAny[InstanceOf[Step]], ...],
        ],
        BeforeValidator(_parsed),
        Field(min_length=1, max_length=100, description="a pipeline per name; an empty one changes nothing"),
        WithJsonSchema(SCHEMA),
    ]

    @override
    def check(self, spec: AnySpec) -> ColumnsSpec:
        return ColumnsSpec(dict(self.each(lambda pipeline: check(pipeline, spec)[-1])))

    @override
    def __call__(self, value: AnyValue) -> Columns:
        return Columns(dict(self.each(lambda pipeline: run(pipeline, value))))

    @override
    def capped(self, points: int) -> "Branch":
        columns = {name: tuple(step.capped(points) for step in each) for name, each in self.columns.items()}
        return self.model_copy(update={"columns": columns})

    @property
    @override
    def takes_long(self) -> bool:
        return any(step.takes_long for column in self.columns.values() for step in column)

    def each(self, function: Callable[[Pipeline], T]) -> Iterator[tuple[str, T]]:
        """Yield what a function makes of each pipeline, with its name; errors say in which one they were."""
        for name, pipeline in self.columns.items():
            with in_column(name):
                yield name, function(pipeline)
