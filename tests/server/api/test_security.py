"""Who may ask."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import httpx
import pytest
from fastapi import FastAPI

from inspectree.server import Store
from inspectree.server.api.app import create_app

Serving = Callable[[FastAPI], AbstractContextManager[httpx.Client]]

TOKEN = "a secret & more"


@pytest.fixture
def guarded(store: Store, serving: Serving) -> Iterator[httpx.Client]:
    with serving(create_app(store, token=TOKEN)) as client:
        yield client


def status(client: httpx.Client, **headers: str) -> int:
    return client.get("/api/health", headers=headers).status_code


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:80", "LOCALHOST"])
def test_names_of_this_machine_are_answered(client: httpx.Client, host: str) -> None:
    assert status(client, Host=host) == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", ""])
def test_another_name_is_refused(client: httpx.Client, host: str) -> None:
    """It may be a foreign page that had its own name resolved to this machine."""
    answer = client.get("/api/health", headers={"Host": host})
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")


def test_any_name_is_answered_where_the_server_is_meant_to_be_reached(store: Store, serving: Serving) -> None:
    with serving(create_app(store, hosts=None)) as client:
        assert status(client, Host="lab.example") == 200


def test_pages_of_other_origins_are_refused(client: httpx.Client) -> None:
    host = client.base_url.netloc.decode()
    assert status(client, Origin=f"http://{host}") == 200
    assert status(client, Origin="http://evil.example") == 403
    assert status(client, Origin="null") == 403


def test_without_the_token_nothing_is_answered(guarded: httpx.Client) -> None:
    answer = guarded.get("/api/health")
    assert answer.status_code == 401
    assert (
        answer.json()["detail"] == "the token is missing or wrong: open the address that the server printed"
    )
    assert status(guarded, Authorization="Bearer wrong") == 401
    assert status(guarded, Cookie="inspectree_token=wrong") == 401
    assert guarded.get("/api/health", params={"token": "wrong"}).status_code == 401


def test_the_token_is_taken_as_bearer(guarded: httpx.Client) -> None:
    assert status(guarded, Authorization=f"Bearer {TOKEN}") == 200


def test_the_token_in_the_address_becomes_a_cookie(guarded: httpx.Client) -> None:
    """It is out of the address after the first visit, whose other parts stay."""
    first = guarded.get("/api/models", params={"limit": 1, "token": TOKEN})
    assert (first.status_code, first.headers["location"]) == (303, "/api/models?limit=1")
    assert "HttpOnly" in first.headers["set-cookie"]
    assert "SameSite=strict" in first.headers["set-cookie"]
    assert guarded.get(first.headers["location"]).status_code == 200
