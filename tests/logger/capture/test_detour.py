"""A detour concerns the threads that take it, and nothing of it stays."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from inspectree.logger.capture.detour import Detour


class Greeting:
    """What is looked into."""

    def to(self, name: str) -> str:
        """Return the greeting."""
        return f"hello {name}"


PLAIN = Greeting.to


@pytest.fixture
def detour() -> Any:
    yield Detour(Greeting, "to")
    assert Greeting.to is PLAIN


def _loud(original: Any, greeting: Greeting, name: str) -> str:
    return str(original(greeting, name)).upper()


def _twice(original: Any, greeting: Greeting, name: str) -> str:
    return f"{original(greeting, name)}, {original(greeting, name)}"


def test_calls_of_the_thread_go_the_way_and_those_of_others_do_not(detour: Detour) -> None:
    with detour.through(_loud), ThreadPoolExecutor(1) as pool:
        assert Greeting().to("you") == "HELLO YOU"
        assert pool.submit(Greeting().to, "you").result() == "hello you"
    assert Greeting().to("you") == "hello you"


def test_a_further_way_of_a_thread_leads_through_the_one_before(detour: Detour) -> None:
    with detour.through(_loud):
        with detour.through(_twice):
            assert Greeting().to("you") == "HELLO YOU, HELLO YOU"
        assert Greeting().to("you") == "HELLO YOU"


def test_an_exception_leaves_nothing_behind(detour: Detour) -> None:
    with pytest.raises(KeyError), detour.through(_loud):
        raise KeyError
    assert Greeting.to is PLAIN


@pytest.mark.parametrize("first_leaves_first", [True, False])
def test_threads_leave_in_any_order(first_leaves_first: bool, detour: Detour) -> None:
    leave = Event()

    def other() -> str:
        with detour.through(_twice):
            entered.set()
            assert leave.wait(10)
            return Greeting().to("you")

    entered = Event()
    with ThreadPoolExecutor(1) as pool:
        with detour.through(_loud):
            running = pool.submit(other)
            assert entered.wait(10)
            if not first_leaves_first:
                leave.set()
                assert running.result() == "hello you, hello you"
            assert Greeting().to("you") == "HELLO YOU"
        assert Greeting().to("you") == "hello you"
        leave.set()
        assert running.result() == "hello you, hello you"


def test_what_another_puts_around_it_meanwhile_stays_and_goes_on_working() -> None:
    wrapped: Any = type("Wrapped", (), {"to": PLAIN})
    detour = Detour(wrapped, "to")
    with detour.through(_loud):
        inner = wrapped.to
        wrapped.to = around = lambda self, name: f"<{inner(self, name)}>"
        assert wrapped().to("you") == "<HELLO YOU>"
    assert wrapped().to("you") == "<hello you>"
    with detour.through(_twice):
        assert wrapped().to("you") == "<hello you>, <hello you>"
    assert wrapped.to is around
