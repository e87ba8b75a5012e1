"""The page while a model is trained: everything appears by itself."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from inspectree.sample_experiments import digits
from inspectree.server import Store

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
