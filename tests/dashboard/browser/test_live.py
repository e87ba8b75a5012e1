"""The page while a model is trained: everything appears by itself."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from inspectree.sample_experiments import digits
from inspectree.server import Store
from tests.dashboard.browser.panels import with_widgets

Opened = Callable[..., Page]


def test_an_empty_store_fills_before_ones_eyes(
    opened: Opened, serve: Callable[[Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First the page says how to log a model; then models, checkpoints and metrics come without a reload."""
    page = opened(serve(tmp_path))
    expect(page.locator(".empty-store")).to_contain_text("TreeLogger")
    page.evaluate("window.notReloaded = true")

    monkeypatch.setattr(digits, "TREE", digits.TREE[:2])
    digits.main(str(tmp_path), epochs=2)

    expect(page.locator(".node.model")).to_have_count(2)
    expect(page.locator(".edge")).to_have_count(1)
    expect(page.locator(".checkpoint-bar .where")).to_contain_text("Checkpoint 2 of 2 · epoch 2")
    expect(page.locator(".node.model .state")).to_have_count(0)
    expect(page.locator(".empty-store")).to_have_count(0)
    assert page.evaluate("window.notReloaded")


def test_a_server_that_comes_back_answers_what_was_clicked_meanwhile(
    chromium: Browser, store: Store, serving: Callable[..., AbstractContextManager[str]]
) -> None:
    """The page says that it has lost the server, and goes on without a reload."""
    model = store["digits_conv"].id
    page = chromium.new_page()
    with serving(store) as address:
        page.goto(address)
        expect(page.locator(".node.model")).to_have_count(len(store.models))
    expect(page.locator(".lost")).to_be_visible()
    page.locator(f'.node.model[data-uoa="{model}"]').dblclick()
    with serving(store, int(address.rstrip("/").rpartition(":")[2])):
        expect(page.locator(".lost")).to_be_hidden()
        expect(page.locator(f'.node.layer[data-uoa="{model}/conv_1"]')).to_be_visible()
        page.close()


def test_what_was_changed_while_the_server_was_away_is_drawn_when_it_is_back(
    chromium: Browser, store: Store, serving: Callable[..., AbstractContextManager[str]]
) -> None:
    """Events keep their order, the widget asks again by itself, and what waits for the server goes on."""
    page = chromium.new_page()
    with serving(store) as address:
        page.goto(with_widgets(address, ("confusion_matrix", store["digits_conv"].id)))
        expect(page.locator(".card .caption")).to_contain_text("checkpoint 2")
        page.get_by_label("Play the checkpoints").click()
        expect(page.get_by_label("Stop", exact=True)).to_be_visible()
    expect(page.locator(".lost")).to_be_visible()
    expect(page.get_by_label("Play the checkpoints")).to_be_visible()
    page.evaluate("""() => {
      import('/static/js/live.js').then((live) => live.whenOnline()).then(() => (window.back = true));
    }""")
    page.locator(".checkpoint-bar input").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(200)  # more than the bar waits for the thumb to rest
    assert page.evaluate("window.back") is None
    with serving(store, int(address.rstrip("/").rpartition(":")[2])):
        expect(page.locator(".lost")).to_be_hidden()
        expect(page.locator(".card .caption")).to_contain_text("checkpoint 1")
        assert page.evaluate("window.back")
        page.close()
