"""A real Chromium, pages that complain, and servers that end with their test."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from inspectree.dashboard.app import mount
from inspectree.server import Store, open_store
from inspectree.server.api.app import create_app
from inspectree.server.api.serving import serving as serving_app
from tests.chromium import FLAGS, executable

LARGE = {"width": 1600, "height": 1000}
OWN = ("data:", "blob:")
"""Addresses besides the server's that are no request to anybody."""

LOUD = {"error", "warning"}

PATIENCE = 20_000
"""Milliseconds in which what is expected has to come true: machines may be slow, or busy with other tests."""

expect.set_options(timeout=PATIENCE)

Opened = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # The server's thread runs Dash and its dependencies, which warn about their own internals.
            item.add_marker(pytest.mark.filterwarnings("ignore"))


def forgotten(page: Page) -> None:
    """Close a page, and what it has stored with it."""
    if page.is_closed():
        return
    page.evaluate("localStorage.clear()")
    page.close()


@contextmanager
def served(store: Store, port: int = 0) -> Iterator[str]:
    """Serve a store on a port of this machine, by default a free one."""
    app = create_app(store)
    mount(app)
    with serving_app(app, port) as url:
        yield url


@pytest.fixture(scope="session")
def address(store: Store) -> Iterator[str]:
    """Return where the trained store is served."""
    with served(store) as url:
        yield url


@pytest.fixture
def serving() -> Callable[..., AbstractContextManager[str]]:
    """Return `served`, for what must end before its test does."""
    return served


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Return how to serve another folder until the test ends."""
    with ExitStack() as stack:
        yield lambda folder: stack.enter_context(served(open_store(folder)))


@pytest.fixture(scope="module")
def chromium(store: Store) -> Iterator[Browser]:
    """Start the machine's Chromium.

    After the store was made and for one module only: Playwright keeps an event loop running in this thread,
    beside which nothing else can run one.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def profile(chromium: Browser) -> Callable[..., BrowserContext]:
    """Return what gives a profile for some options, with what its browser keeps of the page's own files."""

    @cache
    def profile_(options: str) -> BrowserContext:
        return chromium.new_context(**json.loads(options))

    return lambda **options: profile_(json.dumps(options, sort_keys=True))


@pytest.fixture
def opened(profile: Callable[..., BrowserContext], serve: Callable[[Path], str]) -> Iterator[Opened]:
    """Return how to open an address; what a page has stored is forgotten, and closed before the servers end.

    In the end no page may have written an error or a warning to the console, nor asked any other server.
    """
    complaints: list[str] = []
    with ExitStack() as stack:

        def open_(url: str, **options: Any) -> Page:
            page = profile(**{"viewport": LARGE, **options}).new_page()
            stack.callback(forgotten, page)
            own = (url.partition("#")[0], *OWN)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda told: told.type in LOUD and complaints.append(told.text))
            page.on("request", lambda sent: sent.url.startswith(own) or complaints.append(sent.url))
            page.goto(url)
            return page

        yield open_
    assert complaints == []
