"""What the browser itself keeps from the page, and from whoever links to it."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from inspectree.dashboard.app import mount
from inspectree.server import Store
from inspectree.server.api.app import create_app
from inspectree.server.api.serving import serving

Opened = Callable[..., Page]

TOKEN = "a secret & more"

INLINE = "const s = document.createElement('script'); s.text = 'window.ran = 1'; document.body.append(s)"
FOREIGN = "fetch('http://localhost:9/').then(() => 'sent', () => 'refused')"


def test_the_documentation_is_shown_without_a_complaint(opened: Opened, address: str) -> None:
    """Its script is the only one that may run inline there."""
    page = opened(address)
    page.goto(f"{address}api/docs")
    expect(page.locator("#operations-values-values_api_values_post")).to_be_visible()


def test_what_is_written_into_the_page_does_not_run(chromium: Browser, address: str) -> None:
    """Neither as a script nor in an attribute, nor does anything leave for another server."""
    page = chromium.new_page()
    page.goto(address)
    expect(page.locator(".graph-view .node").first).to_be_visible()
    page.evaluate(INLINE)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=window.ran=1>')")
    with page.expect_console_message(lambda told: "Content Security Policy" in told.text):
        assert page.evaluate(FOREIGN) == "refused"
    assert page.evaluate("window.ran") is None
    page.close()


@pytest.fixture
def guarded(store: Store) -> Iterator[str]:
    """Return where a store is served to those who know the token."""
    app = create_app(store, token=TOKEN)
    mount(app, TOKEN)
    with serving(app) as url:
        yield url


@pytest.fixture
def elsewhere(guarded: str) -> Iterator[str]:
    """Return another site's page with a link to the server: the same machine, by another name."""

    class Linking(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            address = f"{guarded}?{urlencode({'token': TOKEN})}"
            self.wfile.write(f'<a href="{address}">in</a> <a href="{guarded}">again</a>'.encode())

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Linking) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_the_printed_address_may_stand_on_another_page(
    chromium: Browser, guarded: str, elsewhere: str
) -> None:
    """Whose links browsers follow without the cookie; and the token is not in the address any more."""
    context = chromium.new_context()
    page = context.new_page()
    for link in ("in", "again"):
        page.goto(elsewhere)
        page.get_by_text(link, exact=True).click()
        expect(page.locator(".graph-view .node").first).to_be_visible()
        assert urlsplit(page.url).query == ""
    assert [cookie["httpOnly"] for cookie in context.cookies()] == [True]
    context.close()


def test_nobody_frames_the_page(chromium: Browser, address: str, elsewhere: str) -> None:
    """Its buttons could be pressed unseen."""
    page = chromium.new_page()
    page.goto(elsewhere)
    with page.expect_event("framenavigated"):
        page.evaluate(f"document.body.innerHTML = '<iframe src={address}></iframe>'")
    expect(page.frame_locator("iframe").locator(".app")).to_have_count(0)
    page.close()
