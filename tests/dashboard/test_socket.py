"""The widgets' own way to the server, by a real socket."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import ClientConnection, connect

from inspectree.dashboard.app import mount
from inspectree.dashboard.socket import LONGEST, wanted_widget
from inspectree.dashboard.view import View, WidgetSpec
from inspectree.dashboard.widgets import question
from inspectree.server.api.app import create_app
from inspectree.server.api.serving import serving

pytestmark = pytest.mark.filterwarnings("ignore")  # Dash and what it stands on warn about their own internals


class Page:
    """A page's end of the socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    def send(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def receive(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.connection.recv(timeout=60))
        return found

    def until(self, key: str) -> list[dict[str, Any]]:
        """Return the messages up to the first that holds ``key``."""
        messages = [self.receive()]
        while key not in messages[-1]:
            messages.append(self.receive())
        return messages


@pytest.fixture
def socket(store: Any) -> Iterator[Page]:
    app = create_app(store)
    mount(app)
    with serving(app) as address, connect(address.replace("http", "ws") + "page/widgets") as connection:
        yield Page(connection)


def asked(tool: str, uoa: str, id_: str = "w1", **settings: Any) -> str:
    return question(WidgetSpec(id_, tool, uoa, settings), View())


def test_a_widget_is_drawn_and_its_progress_told(socket: Page, ids: Any) -> None:
    text = asked("histogram", f"{ids['digits_conv']}/conv_1/kernel", bins=4)
    socket.send(id="w1", question=text)
    messages = socket.until("card")
    assert all((message["id"], message["question"]) == ("w1", text) for message in messages)
    assert [(m["asked"], m["answered"]) for m in messages[:-1]] == [(1, 0), (1, 1)]
    assert sum(messages[-1]["card"]["content"]["figure"]["data"][0]["y"]) == 3 * 3 * 8


def test_a_quick_widget_does_not_wait_for_a_slow_one(socket: Page, ids: Any) -> None:
    slow = asked("histogram_over_checkpoints", f"{ids['digits_conv']}/conv_1", "w1")
    socket.send(id="w1", question=slow)
    socket.send(id="w2", question=asked("note", ids["digits_conv"], "w2", text="hello"))
    cards = [socket.until("card")[-1]["id"] for _ in range(2)]
    assert cards == ["w2", "w1"]


def test_what_is_given_up_is_not_answered(socket: Page, ids: Any) -> None:
    socket.send(id="w1", question=asked("histogram", f"{ids['digits_conv']}/conv_1"))
    socket.send(id="w1")
    socket.send(id="w2", question=asked("histogram", f"{ids['digits_conv']}/conv_1", "w2"))
    assert socket.until("card")[-1]["id"] == "w2"
    with pytest.raises(TimeoutError):
        socket.connection.recv(timeout=1)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"id": 3}', '{"id": "w1", "question": 7}', "\u0000"])
def test_what_says_nothing_is_left_alone(socket: Page, ids: Any, text: str) -> None:
    socket.connection.send(text)
    socket.send(id="w2", question=asked("note", ids["digits_conv"], "w2"))
    assert socket.until("card")[-1]["id"] == "w2"


def test_a_question_of_another_version_says_what_to_do(socket: Page) -> None:
    socket.send(id="w1", question="{}")
    assert "reload" in socket.receive()["error"]


def test_a_message_may_not_be_endless(socket: Page) -> None:
    socket.connection.send("x" * (LONGEST + 1))
    with pytest.raises(ConnectionClosedError, match="1009"):
        socket.receive()


GOOD: dict[str, Any] = {
    "widget": asdict(WidgetSpec("w1", "note", "a")), "off": ["one"], "checkpoint": 3,
    "selection": {"name": "n", "space": "s", "samples": [1, 2]},
    "marked": {"name": "m", "space": "s", "samples": [2]},
}  # fmt: skip


def test_a_question_holds_what_the_widget_is_drawn_from() -> None:
    found = wanted_widget(json.dumps(GOOD))
    assert found is not None
    spec, view = found
    assert spec == WidgetSpec("w1", "note", "a")
    assert (view.off, view.checkpoint, view.filtered, view.lit) == (("one",), 3, "n", "m")
    assert [selection.samples for selection in view.selections] == [(1, 2), (2,)]


@pytest.mark.parametrize(
    "damage",
    [
        {"widget": 1},
        {"off": "one"},
        {"off": [1]},
        {"checkpoint": "first"},
        {"checkpoint": -1},
        {"checkpoint": True},
        {"selection": []},
        {"selection": {}},
        {"selection": {"name": "n", "space": "s", "samples": ["1"]}},
        {"selection": {"name": 1, "space": "s", "samples": [1]}},
        {"marked": []},
        {"marked": {"name": "m", "space": "s", "samples": [1.5]}},
    ],
)
def test_nothing_in_a_question_is_taken_on_trust(damage: Any) -> None:
    assert wanted_widget(json.dumps({**GOOD, **damage})) is None
