"""What the interface's description allows, and what it does not: every answer is one that it tells of."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from inspectree.server.api.app import create_app

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
STREAM = "/api/events"
SECONDS = 10
"""Within which everything is answered: a store of two small models has no long answers."""

UOAS = (
    "root",
    "root@1/conv/kernel",
    "child@last/dense",
    "child@0/conv/activations#1",
    "root@best/prediction",
)
STEPS: list[dict[str, Any]] = [
    {"op": "abs"},
    {"op": "mean"},
    {"op": "mean", "over": ["sample"]},
    {"op": "histogram", "bins": 4},
]

KNOWN = {
    "model": st.sampled_from(["root", "child"]),
    "number": st.sampled_from(["0", "3", "best"]),
    "parent": st.just("root"),
    "measure": st.sampled_from(["variance", "change"]),
    "models": st.just(["root"]),
    "uoa": st.sampled_from(UOAS),
    "pipeline": st.lists(st.sampled_from(STEPS), max_size=3),
}
"""What this store holds: chance alone would never ask for it."""


def operations() -> Iterator[APIOperation]:
    """Yield every route that the interface describes, but the stream, which has no end."""
    described = create_app(Path("nowhere")).openapi()
    for found in schemathesis.openapi.from_dict(described).exclude(path=STREAM).get_all_operations():
        yield found.ok()


@st.composite
def questions(draw: st.DrawFn, operation: APIOperation) -> Case:
    """Return a question that the description allows, or another, about what the store holds or does not."""
    mode = draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
    case: Case = draw(operation.as_strategy(generation_mode=mode))
    for part in (case.path_parameters, case.body):
        for name in sorted(KNOWN.keys() & part) if isinstance(part, dict) else ():
            part[name] = draw(st.just(part[name]) | KNOWN[name])
    return case


@pytest.mark.parametrize("operation", list(operations()), ids=lambda operation: str(operation.label))
def test_every_question_has_an_answer_that_is_described(
    operation: APIOperation, client: httpx.Client
) -> None:
    @settings(max_examples=60, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(questions(operation))
    def ask(case: Case) -> None:
        case.validate_response(case.call(base_url=str(client.base_url), timeout=SECONDS), checks=CHECKS)

    ask()
