"""Questions that no well-meant client sends: each is answered at once, by a problem that says why."""

import json
import socket
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

POSTS: dict[str, dict[str, Any]] = {
    "/api/values": {"uoa": "root/conv/kernel"},
    "/api/values/batch": {"queries": [{"uoa": "root/conv/kernel"}]},
    "/api/interestingness": {"measure": "variance"},
    "/api/interestingness/batch": {"questions": [{"measure": "variance"}]},
    "/api/locate": {},
    "/api/branch": {"parent": "root"},
}
"""A question of each kind that has an answer."""

JSON = {"Content-Type": "application/json"}

asked = settings(max_examples=100, derandomize=True, suppress_health_check=list(HealthCheck))

TEXTS = st.text(max_size=20) | st.sampled_from(
    ["", "root", "root/conv/kernel", "\ud800", "\0", "../../etc", "NaN", "x" * 9999]
)
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -(2**63), 2**64, 1e308, -1, 0, 1])
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
STEP_FIELDS = (
    "over",
    "by",
    "at",
    "bins",
    "range",
    "n",
    "k",
    "axis",
    "value",
    "components",
    "of",
    "steps",
    "pipeline",
)


def judge(answer: httpx.Response) -> None:
    """See that an answer is one, or a problem in one line."""
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        told = answer.json()
        assert told["status"] == answer.status_code
        assert told["title"]
        assert told["detail"]


def post(client: httpx.Client, path: str, body: bytes) -> httpx.Response:
    return client.post(path, content=body, headers=JSON)


@pytest.mark.parametrize("path", POSTS)
@asked
@given(body=VALUES)
def test_any_json_is_answered(client: httpx.Client, path: str, body: Any) -> None:
    judge(post(client, path, json.dumps(body).encode()))


@pytest.mark.parametrize("path", POSTS)
@asked
@given(changes=st.dictionaries(st.integers(min_value=0, max_value=9), VALUES, min_size=1, max_size=2))
def test_any_field_is_answered(client: httpx.Client, path: str, changes: dict[int, Any]) -> None:
    names = fields(client, path)
    question = POSTS[path] | {names[place % len(names)]: value for place, value in changes.items()}
    judge(post(client, path, json.dumps(question).encode()))


def fields(client: httpx.Client, path: str) -> list[str]:
    """Return what a question of this kind may have."""
    described = client.get("/api/openapi.json").json()
    body = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return list(described["components"]["schemas"][body["$ref"].rpartition("/")[2]]["properties"])


@asked
@given(
    number=st.integers(min_value=0),
    changes=st.dictionaries(st.integers(min_value=0, max_value=5), VALUES, max_size=2),
    more=st.dictionaries(st.sampled_from(STEP_FIELDS), VALUES, max_size=1),
    uoa=st.sampled_from(["root/conv/kernel", "root@0/conv/activations", "child/dense", "root"]),
)
def test_any_step_is_answered(
    client: httpx.Client,
    examples: list[dict[str, Any]],
    number: int,
    changes: dict[int, Any],
    more: dict[str, Any],
    uoa: str,
) -> None:
    """Each is first as its documentation shows it; then some of its fields are anything."""
    step = examples[number % len(examples)] | more
    fields = sorted(step.keys() - {"op"}) or ["op"]
    step |= {fields[place % len(fields)]: value for place, value in changes.items()}
    judge(post(client, "/api/values", json.dumps({"uoa": uoa, "pipeline": [step]}).encode()))


@pytest.fixture(scope="session")
def examples(client: httpx.Client) -> list[dict[str, Any]]:
    """Return a step of each kind but UMAP, which compiles itself for longer than a client waits."""
    steps = client.get("/api/grammar").json()["steps"]
    return [step["example"] for step in steps if step["op"] != "umap"]


def nested(opening: bytes, inner: bytes, closing: bytes, depth: int) -> bytes:
    return opening * depth + inner + closing * depth


BROKEN = {
    "nothing": b"",
    "no JSON": b"{'uoa': 1}",
    "half": b'{"uoa": "root',
    "no UTF-8": b'{"uoa": "\xff\xfe"}',
    "UTF-16": '{"uoa": "root"}'.encode("utf-16"),
    "half a surrogate pair": rb'{"uoa": "\ud800", "parent": "\ud800", "measure": "\ud800"}',
    "of a pipeline": rb'{"uoa": "root", "pipeline": [{"op": "\ud800", "\udfff": "\ud800"}]}',
    "names that are not finite": b'{"uoa": NaN, "parent": Infinity, "measure": -Infinity, "types": [NaN]}',
    "a number of many digits": b'{"uoa": ' + b"9" * 100_000 + b"}",
    "a large exponent": b'{"uoa": "root", "samples": [1e999999999]}',
    "deep lists": nested(b"[", b"", b"]", 100_000),
    "deep objects": nested(b'{"uoa":', b"1", b"}", 100_000),
    "a deep pipeline": nested(b'{"uoa": "root", "pipeline": [{"op": "mean", "over": ', b"1", b"}]}", 9_000),
    "a name twice": b'{"uoa": "root", "uoa": "child"}',
    "many names": json.dumps({"uoa": ["root"] * 100_000}).encode(),
    "many steps": json.dumps({"uoa": "root/conv/kernel", "pipeline": [{"op": "abs"}] * 5_000}).encode(),
    "many samples": json.dumps({"uoa": "root", "samples": [0] * 500_000}).encode(),
    "10 MB": b'{"uoa": "' + b"x" * 10_000_000 + b'"}',
    "a long name": b'{"uoa": "' + b"x" * 3_000_000 + b'"}',
}  # fmt: skip


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("path", POSTS)
def test_what_is_no_question_is_a_problem(client: httpx.Client, path: str, body: bytes) -> None:
    judge(post(client, path, body))


PATHS = (
    "/api/models",
    "/api/models/root/samples",
    "/api/models/root/checkpoints",
    "/api/samples/root/0.png",
    "/api/samples/root/classes.png",
    "/api/health",
    "/",
)
PARAMETERS = ("limit", "after", "ids", "checkpoint", "scale", "experiment", "tag", "variables", "token", "")


@asked
@given(
    path=st.sampled_from(PATHS),
    parameters=st.dictionaries(st.sampled_from(PARAMETERS), TEXTS | NUMBERS.map(str)),
)
@example("/api/models/root/samples", {"ids": "9" * 5000})
@example("/api/models/root/samples", {"ids": "²"})
@example("/api/models/root/samples", {"checkpoint": "²"})
@example("/api/models/root/samples", {"checkpoint": "9" * 5000})
@example("/api/samples/root/0.png", {"scale": "9" * 5000})
def test_any_query_is_answered(client: httpx.Client, path: str, parameters: dict[str, str]) -> None:
    query = {name: value.encode("utf-8", "surrogatepass") for name, value in parameters.items()}
    judge(client.get(path, params=query))


@asked
@given(st.binary(max_size=40) | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"../../../etc/passwd")
@example(b"%2e%2e%2fmodels")
@example(b"root@" + b"9" * 5000)
@example("root@²".encode())
@example(b"CON")
@example(b"C:\\x")
def test_any_path_is_answered(client: httpx.Client, name: bytes) -> None:
    part = "".join(f"%{byte:02x}" for byte in name)
    for path in (
        "/api/models/{}",
        "/api/models/{}/samples",
        "/api/samples/{}/0.png",
        "/api/models/root/checkpoints/{}",
        "/api/{}",
    ):
        judge(client.get(path.format(part)))


def lines(*wanted: str) -> str:
    """Return the head of a request."""
    return "\r\n".join([*wanted, "", ""])


def told(client: httpx.Client, request: bytes) -> bytes:
    """Send bytes as they are, end the sending, and return what comes back."""
    with socket.create_connection((client.base_url.host, client.base_url.port), timeout=10) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        found = b""
        while piece := line.recv(65536):
            found += piece
    return found


GET, POST = "GET /api/health HTTP/1.1", "POST /api/locate HTTP/1.1"
HOST, END = "Host: localhost", "Connection: close"
TYPE = "Content-Type: application/json"
GARBAGE = {
    "nothing": "",
    "no HTTP": "\x16\x03\x01\x02\x00\x01\x00",
    "no host": lines(GET, END),
    "two hosts": lines(GET, HOST, "Host: evil.example", END),
    "a negative length": lines(POST, HOST, "Content-Length: -1"),
    "two lengths": lines(POST, HOST, "Content-Length: 2", "Content-Length: 3") + "{}",
    "length and chunks": lines(POST, HOST, "Content-Length: 2", "Transfer-Encoding: chunked") + "0\r\n\r\n",
    "a huge length": lines(POST, HOST, TYPE, "Content-Length: 99999999999999999999") + "{}",
    "a huge chunk": lines(POST, HOST, TYPE, "Transfer-Encoding: chunked") + "ffffffffffffffff\r\n{}",
    "half a body": lines(POST, HOST, TYPE, "Content-Length: 9") + "{}",
    "a tag of bytes above 127": lines(GET, HOST, "If-None-Match: \xff", END),
    "an accept of bytes above 127": lines("POST /api/values HTTP/1.1", HOST, "Accept: \xff\xfe", TYPE, END),
    "a token and cookies of bytes above 127": lines(
        GET, HOST, "Authorization: \xff", "Cookie: \xff=\xff;;;=", END
    ),
    "a number that is none": lines("GET /api/events HTTP/1.1", HOST, "Last-Event-ID: \xb2", END),
    "a zero byte": lines("GET /api/\0 HTTP/1.1", HOST, END),
    "a long line": lines("GET /" + "x" * 100_000 + " HTTP/1.1", HOST, END),
    "an odd method": lines("BREW /api/health HTTP/1.1", HOST, END),
    "a whole address": lines("GET http://evil.example/api/health HTTP/1.1", "Host: evil.example", END),
    "an origin that is none": lines(GET, HOST, "Origin: http://[", END),
}


@pytest.mark.parametrize("request_", GARBAGE.values(), ids=GARBAGE)
def test_garbage_does_no_harm(client: httpx.Client, request_: str) -> None:
    status = told(client, request_.encode("latin-1"))[9:12]
    assert status == b"" or 200 <= int(status) < 500
    assert client.get("/api/health").status_code == 200
