"""What every route has to do, found through the application's own description."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from inspectree.server.api.app import create_app

BODIES: dict[str, Any] = {
    "/api/values": {"uoa": "root/conv/kernel", "pipeline": [{"op": "mean"}]},
    "/api/interestingness": {"measure": "variance"},
    "/api/interestingness/batch": {"questions": [{"measure": "variance"}]},
    "/api/locate": {},
    "/api/branch": {"parent": "root"},
    "/api/values/batch": {"queries": [{"uoa": "root/conv/kernel"}]},
}

QUERIES = {
    "/api/search": "?q=conv",
    "/api/comparison": "?a=root&b=child",
    "/api/comparison/edges": "?experiment=experiment:aaaa0000-root",
}

STREAMS = {"/api/events"}


def routes() -> list[tuple[str, str]]:
    """Return method and path of every route that the interface describes."""
    paths = create_app(Path("nowhere")).openapi()["paths"]
    return [
        (method.upper(), path) for path, methods in paths.items() for method in methods if path not in STREAMS
    ]


def filled(path: str) -> str:
    return path.replace("{model}", "root").replace("{number}", "2") + QUERIES.get(path, "")


each_route = pytest.mark.parametrize(("method", "path"), routes(), ids=lambda part: part)


def ask(client: httpx.Client, method: str, path: str, **more: Any) -> httpx.Response:
    return client.request(method, path, json=BODIES.get(path) if method == "POST" else None, **more)


@each_route
def test_it_answers(client: httpx.Client, method: str, path: str) -> None:
    answer = ask(client, method, filled(path))
    assert answer.status_code == 200
    assert answer.headers["content-type"] in {"application/json", "image/png"}


@each_route
def test_its_answer_can_be_kept(client: httpx.Client, method: str, path: str) -> None:
    """Whoever has the answer to a GET gets it again only when it has changed."""
    if method != "GET":
        return
    tag = ask(client, method, filled(path)).headers["etag"]
    again = ask(client, method, filled(path), headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")


@each_route
def test_what_is_not_there_is_a_problem(client: httpx.Client, method: str, path: str) -> None:
    if "{model}" not in path:
        return
    answer = ask(client, method, filled(path).replace("root", "rooot"))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "about:blank",
        "title": "No such unit of analysis",
        "status": 404,
        "detail": "there is no model 'rooot'; the nearest are root, The root",
        "uoa": "rooot",
    }


@each_route
def test_a_body_that_does_not_fit_is_a_problem(client: httpx.Client, method: str, path: str) -> None:
    if method != "POST":
        return
    answer = client.post(path, json={"nonsense": 1})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    broken = client.post(path, content=b"{", headers={"content-type": "application/json"})
    assert (broken.status_code, broken.headers["content-type"]) == (422, "application/problem+json")


@each_route
def test_it_is_documented(method: str, path: str) -> None:
    described = create_app(Path("nowhere")).openapi()["paths"][path][method.lower()]
    assert described["description"]
    assert described["tags"]
