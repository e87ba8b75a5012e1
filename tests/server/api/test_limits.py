"""Every limit can be set, and is met by a question whose answer names it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import fields
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from inspectree.server.api.app import create_app
from inspectree.server.limits import Limits

Serving = Callable[[FastAPI], AbstractContextManager[httpx.Client]]

KERNEL = {"uoa": "root@0/conv/kernel"}
ACTIVATIONS = {"uoa": "root@0/conv/activations"}


def nested(depth: int) -> list[dict[str, Any]]:
    """Return branches that lie within one another."""
    columns = {name: nested(depth - 1) for name in "ab"} if depth else {}
    return [{"op": "branch", "columns": columns}, {"op": "merge"}] if depth else []


PROVOKING: dict[str, tuple[int, str, dict[str, Any]]] = {
    "read": (100, "/api/values", ACTIVATIONS),
    "held": (100, "/api/values", ACTIVATIONS),
    "body": (10, "/api/locate", {"types": ["unit"]}),
    "elements": (5, "/api/values", KERNEL),
    "seconds": (1, "/api/values", {**ACTIVATIONS, "pipeline": [{"op": "abs"}] * 40_000}),
    "points": (2, "/api/values", {**ACTIVATIONS, "pipeline": [{"op": "pca", "components": 2}]}),
    "nesting": (1, "/api/values", {**KERNEL, "pipeline": nested(3)}),
    "batch": (100, "/api/values/batch", {"queries": [KERNEL, ACTIVATIONS]}),
    "units": (1, "/api/values", {"uoa": ["root@0/conv/kernel", "root@1/conv/kernel"]}),
    "queries": (1, "/api/values/batch", {"queries": [KERNEL, KERNEL]}),
}
"""For each limit what it is set to, and what then costs more."""


@pytest.fixture
def limited(serving: Serving, folder: Path, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """Serve with one limit set, as the command line sets it."""
    name: str = request.param
    with serving(
        create_app(folder, limits=Limits().with_settings([f"{name}={PROVOKING[name][0]}"]))
    ) as client:
        yield client


def test_every_limit_is_provoked() -> None:
    assert PROVOKING.keys() == {field.name for field in fields(Limits)}
    assert all(getattr(Limits(), name) > allowed for name, (allowed, *_) in PROVOKING.items())


@pytest.mark.parametrize(("limited", "name"), [(name, name) for name in PROVOKING], indirect=["limited"])
def test_the_answer_names_the_limit(limited: httpx.Client, name: str) -> None:
    """A projection is of as many points as are allowed, and says so; all else is refused."""
    _, path, question = PROVOKING[name]
    answer = limited.post(path, json=question)
    assert answer.status_code == (200 if name == "points" else 413), answer.text
    told = "limit 'points')" if name == "points" else f"(limit '{name}')"
    assert told in answer.text
