"""Two models side by side: the ways in, what is seen, and the ways out."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from inspectree.server import Store

Opened = Callable[..., Page]


@pytest.fixture
def pair(store: Store) -> tuple[str, str]:
    """Return the convolutional model and its child with a skip connection."""
    return store["digits_conv"].id, store["digits_conv_skip"].id


def side_by_side(opened: Opened, address: str, pair: tuple[str, str]) -> Page:
    before, after = pair
    page = opened(f"{address}#{urlencode({'at': after, 'level': 'L2', 'beside': before})}")
    expect(page.locator(".comparison")).to_be_visible()
    return page


def layer(page: Page, model: str, name: str) -> Locator:
    return page.locator(f'.node[data-uoa="{model}/{name}"]')


def test_an_edge_of_the_tree_opens_both_models(opened: Opened, address: str, pair: tuple[str, str]) -> None:
    before, after = pair
    page = opened(address)
    page.locator(f'.edge[data-source="{before}"][data-target="{after}"] .label').first.dblclick()
    expect(page.locator(".comparison")).to_contain_text("1 added")
    expect(page.locator(".comparison")).to_contain_text("1 altered")
    expect(page.locator(".breadcrumbs .compared")).to_contain_text("beside")
    expect(layer(page, after, "add_skip").locator(".mark-text")).to_have_text("added")
    expect(layer(page, after, "conv_1").locator(".mark-text")).to_have_text("filters 8 → 16")
    expect(layer(page, before, "pool_1")).to_be_visible()


def test_hovering_a_layer_lights_it_in_both(opened: Opened, address: str, pair: tuple[str, str]) -> None:
    before, after = pair
    page = side_by_side(opened, address, pair)
    layer(page, after, "conv_1").locator(".name").first.hover()
    expect(page.locator(".node.linked")).to_have_count(2)
    expect(page.locator(f'.node.linked[data-uoa="{before}/conv_1"]')).to_have_count(1)
    layer(page, before, "conv_1").locator(".pictogram").first.hover()
    expect(page.locator(f'.node.linked[data-uoa="{after}/conv_1"]')).to_have_count(1)


def test_it_is_swapped_and_closed_and_the_address_brings_it_back(
    opened: Opened, address: str, pair: tuple[str, str]
) -> None:
    before, after = pair
    page = side_by_side(opened, address, pair)
    page.get_by_label("Swap the sides").click()
    expect(layer(page, after, "add_skip").locator(".mark-text")).to_have_text("removed")
    page.wait_for_function(f"location.hash.includes('beside={after}')")
    again = opened(page.url)
    expect(again.locator(".comparison")).to_contain_text("1 removed")
    page.get_by_label("Close: only").click()
    expect(page.locator(".comparison")).to_be_hidden()
    expect(page.locator(".node")).to_have_count(6)
    expect(layer(page, before, "conv_1")).to_be_visible()


def test_a_click_on_a_kind_of_mark_goes_to_the_next_such_layer(
    opened: Opened, address: str, pair: tuple[str, str]
) -> None:
    page = side_by_side(opened, address, pair)
    page.locator(".mark-kind.mark-altered").click()
    expect(page.locator(f'.node.selected[data-uoa="{pair[1]}/conv_1"]')).to_be_visible()


def test_the_keyboard_leads_there_by_a_models_menu(
    opened: Opened, address: str, store: Store, pair: tuple[str, str]
) -> None:
    page = opened(address)
    model = page.locator(f'.node.model[data-uoa="{pair[1]}"]')
    page.locator(f'.node.model[data-uoa="{store["digits_dense"].id}"]').click()
    expect(page.locator(".node.model.selected")).to_have_count(1)
    model.focus()
    model.dispatch_event("contextmenu", {"bubbles": True})
    expect(page.get_by_role("menuitem", name="Compare with its parent")).to_be_visible()
    page.get_by_role("menuitem", name="which is selected").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".comparison .pair")).to_contain_text(store["digits_dense"].header.title)


def test_what_changed_leads_there(opened: Opened, address: str, pair: tuple[str, str]) -> None:
    before, after = pair
    widget = f'[{{"id":"w1","tool":"comparison","uoa":"{after}","settings":{{}}}}]'
    page = opened(f"{address}#{urlencode({'widgets': widget})}")
    page.get_by_role("button", name="Show both graphs").click()
    expect(page.locator(".comparison")).to_be_visible()
    expect(layer(page, before, "conv_1")).to_be_visible()
