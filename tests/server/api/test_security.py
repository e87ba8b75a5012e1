"""Who may ask."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from urllib.parse import quote, unquote, urlsplit

import httpx
import pytest
from fastapi import FastAPI

from inspectree.server import Store
from inspectree.server.api.app import create_app
from inspectree.server.api.guard import COOKIE
from inspectree.server.api.hosts import names_for
from inspectree.server.api.token import token_for
from inspectree.server.errors import ServingError

Serving = Callable[[FastAPI], AbstractContextManager[httpx.Client]]

TOKEN = "a secret & more"


@pytest.fixture
def guarded(store: Store, serving: Serving) -> Iterator[httpx.Client]:
    with serving(create_app(store, token=TOKEN)) as client:
        yield client


def status(client: httpx.Client, **headers: str) -> int:
    return client.get("/api/health", headers=headers).status_code


def test_beyond_this_machine_a_token_is_made_up() -> None:
    """Another one each time, too long to be guessed."""
    made = {token_for(host, given) for host in ("0.0.0.0", "::", "lab.example", "") for given in (None, "")}
    assert len(made) == 8
    assert all(token is not None and len(token) == 32 for token in made)
    assert token_for("0.0.0.0", TOKEN) == TOKEN


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost", "LOCALHOST"])
def test_on_this_machine_a_token_is_the_user_s_choice(host: str) -> None:
    assert token_for(host, None) is None
    assert token_for(host, TOKEN) == TOKEN


@pytest.mark.parametrize("token", ["schlüssel", "a\nb", " a", "a ", "\x00"])
def test_a_token_that_no_header_can_hold_is_refused(token: str) -> None:
    with pytest.raises(ServingError, match=r"^a token is of ASCII letters, digits and signs"):
        token_for("127.0.0.1", token)


def test_names_are_checked_on_this_machine_only() -> None:
    assert names_for("127.0.0.2") == {"localhost", "127.0.0.1", "::1", "127.0.0.2"}
    assert names_for("0.0.0.0") is None


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:80", "LOCALHOST"])
def test_names_of_this_machine_are_answered(client: httpx.Client, host: str) -> None:
    assert status(client, Host=host) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::1"]
)
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
    assert status(client, Origin="http://[") == 403


def test_what_a_browser_says_of_a_foreign_page_is_believed(client: httpx.Client) -> None:
    """Such as of an image there, which has no origin; a link may be followed."""
    image = {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
    link = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    frame = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    for site, sent, expected in [
        ("cross-site", image, 403),
        ("same-site", image, 403),  # another port of this machine
        ("same-origin", image, 200),
        ("none", link, 200),
        ("cross-site", link, 200),
        ("cross-site", frame, 403),
    ]:
        assert status(client, **{"Sec-Fetch-Site": site}, **sent) == expected
    form = client.post("/api/locate", json={}, headers={"Sec-Fetch-Site": "cross-site", **link})
    assert form.status_code == 403


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_what_a_foreign_form_could_send_is_no_question(client: httpx.Client, media_type: str) -> None:
    """Without a content type, too: a page can send such bytes anywhere unasked."""
    for path in ("/api/locate", "/_dash-update-component"):
        sent = client.build_request("POST", path, content=b"{}", headers={"Content-Type": media_type})
        if not media_type:
            del sent.headers["content-type"]
        answer = client.send(sent)
        assert answer.status_code == 415
        assert answer.json()["detail"] == "a question is sent as Content-Type: application/json"
    assert client.post("/api/locate", json={}).status_code == 200


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
    """It is out of the address after the first visit, whose other parts stay; the cookie doesn't hold it."""
    first = guarded.get("/api/models", params={"limit": 1, "token": TOKEN})
    assert (first.status_code, first.headers["location"]) == (303, "/api/models?limit=1")
    assert first.headers["cache-control"] == "no-store"
    set_ = first.headers["set-cookie"]
    assert set_.startswith(f"{COOKIE}_{guarded.base_url.port}=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(set_.split("; "))
    assert TOKEN not in unquote(set_)
    assert guarded.get(first.headers["location"]).status_code == 200


def test_the_cookie_is_kept_to_https_where_that_is_spoken(guarded: httpx.Client) -> None:
    """A proxy on this machine says so."""
    for scheme, secure in (("http", False), ("https", True)):
        headers = {"X-Forwarded-Proto": scheme}
        cookie = guarded.get("/", params={"token": TOKEN}, headers=headers).headers["set-cookie"]
        assert ("Secure" in cookie) is secure


def test_the_first_visit_leads_to_no_other_server(guarded: httpx.Client) -> None:
    for path in ("//evil.example/x", "/\\evil.example/x", "///evil.example/x"):
        address = f"{str(guarded.base_url).rstrip('/')}{path}?token={quote(TOKEN)}"
        location = guarded.get(address).headers["location"]
        assert urlsplit(location)[:2] == ("", "")
        assert not location.startswith(("//", "/\\"))


def test_cookies_of_other_servers_on_this_machine_do_no_harm(guarded: httpx.Client) -> None:
    cookie = guarded.get("/", params={"token": TOKEN}).headers["set-cookie"].partition(";")[0]
    guarded.cookies.clear()
    assert status(guarded, Cookie=f'other={{"a": 1}}; {cookie}; "=') == 200
    assert status(guarded, Cookie=cookie + "0") == 401


def test_every_answer_says_what_it_is_not_for(guarded: httpx.Client, client: httpx.Client) -> None:
    """Refusals, files and pages included: browsers run nothing of them, frame them nowhere, guess no type."""
    for answer in (
        client.get("/api/health"),
        client.get("/api/nonsense"),
        client.get("/api/docs/files/swagger-ui.css"),
        client.post("/api/locate", json={}),
        client.post("/api/locate", content=b"x", headers={"Content-Type": "text/plain"}),
        client.get("/api/health", headers={"Host": "evil.example"}),
        guarded.get("/api/health"),
        guarded.get("/", params={"token": TOKEN}),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]


@pytest.fixture
def failing(store: Store, serving: Serving) -> Iterator[httpx.Client]:
    app = create_app(store)

    @app.get("/fails")
    def fails() -> None:
        raise RuntimeError("in the log only")

    with serving(app) as client:
        yield client


def test_an_unexpected_error_tells_nothing_of_the_inside(
    failing: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    answer = failing.get("/fails?token=secret")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["detail"] == "the server failed at this; its log says why"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "in the log only" in caplog.text
    assert "secret" not in caplog.text
