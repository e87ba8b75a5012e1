"""How large a question may be."""

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import httpx
import pytest
from fastapi import FastAPI

from inspectree.server import Store
from inspectree.server.api.app import create_app
from inspectree.server.limits import Limits

Serving = Callable[[FastAPI], AbstractContextManager[httpx.Client]]

JSON = {"Content-Type": "application/json"}
REFUSAL = "0.00102 MB; 0.001 MB are allowed (limit 'body'): ask for less at once"


@pytest.fixture
def small(store: Store, serving: Serving) -> Iterator[httpx.Client]:
    """Serve questions of up to 1,000 bytes."""
    with serving(create_app(store, limits=Limits(body=1000))) as client:
        yield client


def padded(size: int) -> bytes:
    return b"{}".ljust(size)


def test_a_question_may_have_as_many_bytes_as_are_allowed(small: httpx.Client) -> None:
    assert small.post("/api/locate", content=padded(1000), headers=JSON).status_code == 200


@pytest.mark.parametrize("path", ["/api/locate", "/api/values", "/_dash-update-component", "/api/nonsense"])
def test_a_larger_one_is_refused_by_its_header(small: httpx.Client, path: str) -> None:
    answer = small.post(path, content=padded(1020), headers=JSON)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    assert answer.json()["detail"] == f"the question has {REFUSAL}"


def test_a_larger_one_that_does_not_tell_its_size_is_refused_while_it_comes(small: httpx.Client) -> None:
    answer = small.post("/api/locate", content=(padded(510) for _ in range(2)), headers=JSON)
    assert answer.status_code == 413
    assert answer.json()["detail"] == f"the question has {REFUSAL}"


def test_a_refused_question_is_not_held(small: httpx.Client) -> None:
    """Client and server are one process here: the client sends the same megabyte again and again."""
    piece = bytes(2**20)
    tracemalloc.start()
    try:
        answer = small.post("/api/locate", content=(piece for _ in range(100)), headers=JSON)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert answer.status_code == 413
    assert most < 20 * len(piece)
