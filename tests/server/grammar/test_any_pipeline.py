"""Whatever a pipeline is: it is refused in one line, or it gives what was told before."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspectree.server import Store, open_store
from inspectree.server.errors import LimitError, PipelineError, RequestError, UnitError
from inspectree.server.filters import NO_FILTERS, Filters
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.pipeline import check
from inspectree.server.grammar.spec import AnySpec, AnyValue, Spec
from inspectree.server.limits import Limits
from inspectree.server.planner import Planner

Telling = Callable[[AnySpec, AnyValue], None]

DEFS: dict[str, Any] = GRAMMAR.schema()["$defs"]

REFUSALS = (PipelineError, LimitError, RequestError, UnitError)
SLOW = {"tsne", "umap"}
"""Their own tests and the contract are enough: they take seconds."""

LIMITS = Limits(held=20_000_000, elements=100_000, points=20)

ADDRESSES = ["@first", "@2", "child", "root@1/dense/kernel", "root/conv", "nobody"]

SOURCES = [
    ["root/conv"],
    ["root/conv/activations#1"],
    ["root@0/conv/kernel", "root@3/conv/kernel"],
    ["root/conv", "child/conv"],
    ["root/y_prediction"],
    ["root/dense/bias"],
    ["root"],
]


Strategy = st.SearchStrategy[Any]


def of_schema(schema: dict[str, Any], spec: AnySpec, depth: int) -> Strategy:
    """Return values that a JSON Schema allows, small ones, with names that a value so described has."""
    if "$ref" in schema:
        known = schema["$ref"].rpartition("/")[2]
        return pipelines(spec, depth - 1) if known == "#" else of_schema(DEFS[known], spec, depth)
    if "anyOf" in schema:
        return st.one_of([of_schema(each, spec, depth) for each in schema["anyOf"]])
    if "const" in schema or "enum" in schema:
        return st.sampled_from(schema.get("enum", [schema.get("const")]))
    if "prefixItems" in schema:
        return st.tuples(*(of_schema(each, spec, depth) for each in schema["prefixItems"])).map(list)
    if schema.get("type") == "array":
        inner = of_schema(schema["items"], spec, depth)
        return st.lists(inner, max_size=3, min_size=schema.get("minItems", 0), unique_by=repr)
    if schema.get("type") == "object":
        inner = of_schema(schema.get("additionalProperties", {}), spec, depth)
        return st.dictionaries(names(spec), inner, max_size=2, min_size=schema.get("minProperties", 0))
    return _plain(schema, spec)


def _plain(schema: dict[str, Any], spec: AnySpec) -> Strategy:
    low = schema.get("minimum", schema.get("exclusiveMinimum", -3))
    match schema.get("type"):
        case "integer":
            return st.integers(int(low), min(int(low) + 6, int(schema.get("maximum", 10**9))))
        case "number":
            return st.floats(low, schema.get("maximum", low + 4), exclude_min="exclusiveMinimum" in schema)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
    return names(spec)


def names(spec: AnySpec) -> st.SearchStrategy[str]:
    """Return the names of a value's dims, labels or columns, and sometimes another one."""
    own = [*spec.sizes, *spec.coords] if isinstance(spec, Spec) else [*spec.columns]
    return st.one_of(
        st.sampled_from(own or ["nonsense"]), st.sampled_from(["zero", "one", "class", "nonsense"])
    )


@st.composite
def steps(draw: st.DrawFn, spec: AnySpec, depth: int) -> dict[str, Any]:
    """Return a step that takes such a value: as its example has it, or with fields as its schema allows."""
    fitting = [op for op, step in GRAMMAR.by_op.items() if spec.kind in step.takes and op not in SLOW]
    op = draw(st.sampled_from([op for op in fitting if op != "branch" or depth]))
    step = GRAMMAR.by_op[op]
    made = {name: value for name, value in step.example.items() if name == "op" or draw(st.booleans())}
    for name, schema in DEFS[step.__name__]["properties"].items():
        needed = name in DEFS[step.__name__].get("required", ()) and name not in made
        if name != "op" and (needed or draw(st.integers(0, 2)) == 0):
            made[name] = draw(of_schema(schema, spec, depth))
    return {**made, "to": draw(st.sampled_from(ADDRESSES))} if "to" in made else made


@st.composite
def pipelines(draw: st.DrawFn, spec: AnySpec, depth: int = 2) -> list[dict[str, Any]]:
    """Return a pipeline for such a value; mostly one that fits it, up to a step that does not."""
    pipeline: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(0, 4))):
        attempts = draw(st.lists(steps(spec, depth), min_size=1, max_size=3))
        fitting = [(step, after) for step in attempts if (after := _after(step, spec)) is not None]
        if not fitting:
            return [*pipeline, attempts[0]]
        pipeline.append(fitting[0][0])
        spec = fitting[0][1]
    return pipeline


def _after(step: dict[str, Any], spec: AnySpec) -> AnySpec | None:
    try:
        return check(GRAMMAR.parse([step]), spec)[-1]
    except REFUSALS:
        return None


@pytest.fixture(scope="module")
def opened(folder: Path) -> Store:
    return open_store(folder)


@contextmanager
def refused_in_one_line() -> Iterator[None]:
    """Take a refusal, if it is one that people can read."""
    refusal = ""
    try:
        yield
    except REFUSALS as error:
        refusal = str(error)
    assert "\n" not in refusal


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_it_is_refused_or_gives_what_was_told(
    opened: Store, assert_told: Telling, data: st.DataObject
) -> None:
    units = [opened.resolve(each) for each in data.draw(st.sampled_from(SOURCES))]
    pipeline = data.draw(pipelines(Planner(NO_FILTERS, LIMITS, opened.resolve).plan(units, ()).spec))
    filters = data.draw(st.sampled_from([NO_FILTERS, Filters(classes=("one",)), Filters(samples=(1, 2, 29))]))
    planner = Planner(filters, LIMITS, opened.resolve)
    with refused_in_one_line():
        plan = planner.plan(units, GRAMMAR.parse(pipeline, LIMITS))
        value = plan.made(planner.ledger)
        assert_told(plan.spec, value)


@pytest.mark.parametrize(
    "pipeline",
    [
        [{"op": "min", "by": ["sample", "class"]}],
        [{"op": "min", "by": ["id", "sample"]}],
        [{"op": "unstack", "dim": "sample", "sizes": {}, "by": ["sample"]}],
        [{"op": "mean"}, {"op": "top_k"}],
        [{"op": "mean"}, {"op": "digitise", "edges": [0, 1]}],
        [{"op": "select", "class": []}, {"op": "rank"}],
        [{"op": "cluster", "dim": "sample", "k": 1}, {"op": "correlate", "dim": "sample"}],
        [{"op": "fill"}, {"op": "wasserstein", "to": "@first"}],
        [{"op": "rename", "names": {"class": "sample", "sample": "one"}}],
    ],
)
def test_what_once_went_wrong(opened: Store, assert_told: Telling, pipeline: list[dict[str, Any]]) -> None:
    """Each of these was found by the test above."""
    planner = Planner(NO_FILTERS, LIMITS, opened.resolve)
    plan = planner.plan([opened.resolve("root/conv")], GRAMMAR.parse(pipeline))
    assert_told(plan.spec, plan.made(planner.ledger))
