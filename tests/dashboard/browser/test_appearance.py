"""Both themes, both sizes: what is on the page can be seen."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from inspectree.server import Store

Opened = Callable[..., Page]

THEMES = {"light": "rgb(255, 255, 255)", "dark": "rgb(23, 27, 35)"}
SIZES = [{"width": 1600, "height": 1000}, {"width": 1280, "height": 800}]

in_both_themes = pytest.mark.parametrize("theme", THEMES)
in_both_sizes = pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))


@in_both_themes
@in_both_sizes
def test_every_region_is_there(
    opened: Opened, address: str, store: Store, theme: str, size: dict[str, Any]
) -> None:
    """The header has the theme's colour, as the search box has; nothing overflows the window."""
    page = opened(address, viewport=size, color_scheme=theme)
    expect(page.locator(".node.model")).to_have_count(len(store.models))
    expect(page.locator(".header")).to_have_css("background-color", THEMES[theme])
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", theme)
    for region in ("toolbox", "sidebar", "graph-view", "widget-panel", "checkpoint-bar"):
        expect(page.locator(f".{region}")).to_be_visible()
    wide = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert wide == [size["width"], size["height"]]


@in_both_sizes
def test_all_models_are_in_sight_at_first(opened: Opened, address: str, store: Store, size: Any) -> None:
    page = opened(address, viewport=size)
    expect(page.locator(".node.model")).to_have_count(len(store.models))
    panel = page.locator(".graph-view").bounding_box()
    assert panel is not None
    for model in page.locator(".node.model .box").all():
        box = model.bounding_box()
        assert box is not None
        assert panel["x"] < box["x"]
        assert box["x"] + box["width"] < panel["x"] + panel["width"]


def test_the_theme_can_be_switched_and_is_remembered(opened: Opened, address: str) -> None:
    page = opened(address, color_scheme="light")
    expect(page.locator(".header")).to_have_css("background-color", THEMES["light"])
    page.get_by_label("Light or dark").click()
    expect(page.locator(".header")).to_have_css("background-color", THEMES["dark"])
    page.reload()
    expect(page.locator(".header")).to_have_css("background-color", THEMES["dark"])
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
