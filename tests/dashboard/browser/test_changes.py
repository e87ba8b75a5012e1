"""What changed between models, on the tree's edges and in the tool; and words that are found anywhere."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from inspectree.server import Store

Opened = Callable[..., Page]


def test_an_edge_tells_what_changed(opened: Opened, address: str, store: Store) -> None:
    parent, child = (store[name].id for name in ("digits_conv", "digits_conv_skip"))
    page = opened(address)
    edge = page.locator(f'.edge[data-source="{parent}"][data-target="{child}"]')
    expect(edge.locator(".note")).to_have_text("+1 ~1")
    edge.locator(".hit").hover(force=True)
    expect(page.locator(".tip")).to_contain_text("+ add_skip (Add) after pool_1 and conv_2")
    expect(page.locator(".tip")).to_contain_text("conv_1: filters 8 → 16")


def test_the_tool_shows_a_table_of_what_was_and_is(opened: Opened, address: str, store: Store) -> None:
    """What was added and removed has signs, which do not need colours."""
    child = store["digits_conv_skip"].id
    page = opened(address)
    page.locator('[data-tool="comparison"]').click()
    page.locator(f'.node.model[data-uoa="{child}"]').click()
    card = page.locator(f'.card[data-uoa="{child}"]')
    expect(card.locator(".caption")).to_have_text("Convolutional → Skip connection")
    expect(card.locator("tr.added .sign")).to_have_text("+")
    expect(card.locator("tr.added th")).to_contain_text("add_skip")
    expect(card.locator("tr.altered", has_text="filters").locator("td").last).to_have_text("8 → 16")
    titles: Any = card.locator("h3")
    expect(titles).to_have_text(["Layers", "Settings", "Hyperparameters", "Metrics", "Sizes"])


def test_words_are_found_in_any_order_and_with_small_errors(
    opened: Opened, address: str, store: Store
) -> None:
    model = store["digits_conv_skip"].id
    page = opened(address)
    expect(page.locator(".node.model")).to_have_count(len(store.models))
    page.keyboard.press("/")
    page.keyboard.type("conv_2 digits_conv_skip")
    option = page.get_by_role("option", name="conv_2 · Skip connection")
    expect(option).to_be_visible()
    option.click()
    expect(page.locator(f'.node.selected[data-uoa="{model}/conv_2"]')).to_have_count(1)


def test_all_layers_of_a_pattern_are_marked(opened: Opened, address: str, store: Store) -> None:
    model = store["digits_conv_skip"].id
    page = opened(f"{address}#at={model}&level=L2")
    page.locator('[data-located="skip_connection"]').click()
    for layer in ("pool_1", "conv_2", "add_skip"):
        expect(page.locator(f'.node[data-uoa="{model}/{layer}"] .annotation .badge')).to_have_count(1)
    expect(page.locator(f'.node[data-uoa="{model}/conv_1"] .annotation .badge')).to_have_count(0)
