"""Everything without a mouse."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from inspectree.server import Store

Opened = Callable[..., Page]


def arrived(opened: Opened, url: str, **more: Any) -> Page:
    page = opened(url, **more)
    page.wait_for_selector(".graph-view .node")
    page.wait_for_selector('.toolbox [data-tool="select"]')
    return page


def focused(page: Page) -> dict[str, str]:
    return dict(page.evaluate("({...document.activeElement.dataset})"))


def test_arrows_lead_through_the_toolbox_and_tab_leaves_it(opened: Opened, address: str) -> None:
    """One tool is in the tab order: the one that was reached last."""
    page = arrived(opened, address)
    page.locator('[data-tool="select"]').focus()
    page.keyboard.press("End")
    last = focused(page)["tool"]
    assert last != "select"
    page.keyboard.press("ArrowLeft")
    assert focused(page)["tool"] != last
    page.keyboard.press("Home")
    assert focused(page)["tool"] == "select"
    page.keyboard.press("ArrowDown")
    reached = focused(page)["tool"]
    assert page.locator('.toolbox [tabindex="0"]').count() == 1
    page.keyboard.press("Tab")
    assert "tool" not in focused(page)
    page.keyboard.press("Shift+Tab")
    assert focused(page)["tool"] == reached


def test_a_widget_is_made_adjusted_and_closed(opened: Opened, address: str, store: Store) -> None:
    """A tool by Enter, a unit by Space; the card's own buttons; the focus is never lost."""
    page, model = arrived(opened, address), store["digits_conv"].id
    page.locator('[data-tool="norms"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator('[data-tool="norms"][aria-pressed="true"]')).to_be_focused()
    page.locator(f'.node.model[data-uoa="{model}"]').focus()
    page.keyboard.press("Space")
    card = page.locator(f'.card[data-widget="norms"][data-uoa="{model}"]')
    expect(card).to_be_visible()
    expect(card.locator(".plot .main-svg").first).to_be_visible()
    adjust = card.get_by_label("Adjust")
    adjust.focus()
    page.keyboard.press("Enter")
    expect(card.locator("form.settings")).to_be_visible()
    close = card.get_by_label("Close", exact=True)
    close.focus()
    page.keyboard.press("Enter")
    expect(card).to_have_count(0)


def test_down_into_a_layer_and_up_again(opened: Opened, address: str, store: Store) -> None:
    page, model = arrived(opened, address), store["digits_conv"].id
    page.locator(f'.node.model[data-uoa="{model}"]').focus()
    page.keyboard.press("Enter")
    layer = page.locator(f'.node[data-uoa="{model}/conv_2"]')
    layer.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".node.neuron").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(layer).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".node.model").first).to_be_visible()


def test_arrows_lead_from_unit_to_unit(opened: Opened, address: str, store: Store) -> None:
    page = arrived(opened, address)
    page.locator(f'.node.model[data-uoa="{store["digits_dense"].id}"]').focus()
    page.keyboard.press("ArrowRight")
    assert focused(page)["uoa"] == store["digits_conv"].id


def test_edges_of_the_tree_are_reached_and_opened(opened: Opened, address: str, store: Store) -> None:
    """Shift and an arrow lead from a model to the edge there, an arrow to its other end; Enter compares."""
    page = arrived(opened, address)
    parent, child = store["digits_dense"], store["digits_conv"]
    page.locator(f'.node.model[data-uoa="{parent.id}"]').focus()
    page.keyboard.press("Shift+ArrowRight")
    assert focused(page)["source"] == parent.id
    expect(page.locator(":focus")).to_have_attribute(
        "aria-label",
        re.compile(rf"From {parent.header.title} to {child.header.title}: .* Enter: side by side"),
    )
    expect(page.locator(".graph-view .tip")).to_contain_text(f"{parent.header.title} → {child.header.title}")
    page.keyboard.press("ArrowRight")
    assert focused(page)["uoa"] == child.id
    page.keyboard.press("Shift+ArrowLeft")
    assert focused(page)["target"] == child.id
    page.keyboard.press("Enter")
    expect(page.locator(".comparison .side")).to_have_text([parent.header.title, child.header.title])


def test_the_menu_of_a_unit_gives_the_focus_back(opened: Opened, address: str, store: Store) -> None:
    page, model = arrived(opened, address), store["digits_conv"].id
    page.locator(f'.node.model[data-uoa="{model}"]').focus()
    page.keyboard.press("ContextMenu")
    items = page.get_by_role("menuitem")
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.press("Escape")
    assert focused(page)["uoa"] == model


def test_a_menu_names_the_families_of_tools(opened: Opened, address: str, store: Store) -> None:
    """As the toolbox does, in the same order; the keyboard goes on from one family to the next."""
    page = arrived(opened, address)
    page.locator(f'.node.model[data-uoa="{store["digits_conv"].id}"]').focus()
    page.keyboard.press("ContextMenu")
    names = "all => all.map(one => one.getAttribute('aria-label'))"
    families = page.locator(".menu [role=group]").evaluate_all(names)
    assert families == page.locator(".tool-group").evaluate_all(names)[1:]
    items = page.get_by_role("menuitem")
    last = page.locator(".menu [role=group]").first.get_by_role("menuitem").last
    last.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".menu [role=group]").nth(1).get_by_role("menuitem").first).to_be_focused()
    items.last.focus()
    page.keyboard.press("ArrowDown")
    expect(items.first).to_be_focused()


def test_what_is_switched_keeps_the_focus(opened: Opened, address: str) -> None:
    """Classes, measures, badges and levels are drawn anew when they are switched."""
    page = arrived(opened, address)
    for selector in ('[data-class="two"]', '[data-measure="variance"]', "[data-located]"):
        switch = page.locator(selector).first
        switch.focus()
        state = "aria-checked" if selector == "[data-located]" else "aria-pressed"
        before = switch.get_attribute(state)
        page.keyboard.press("Enter")
        expect(switch).not_to_have_attribute(state, before or "")
        expect(switch).to_be_focused()


def test_the_checkpoint_bar_follows_the_arrows(opened: Opened, address: str) -> None:
    page = arrived(opened, address)
    expect(page.locator(".checkpoint-bar .where")).to_contain_text("Checkpoint 2 of 2")
    page.get_by_label("Checkpoint", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".checkpoint-bar .where")).to_contain_text("Checkpoint 1 of 2")
    page.keyboard.press("Home")
    expect(page.locator(".checkpoint-bar .where")).to_contain_text("Checkpoint 0 of 2")


def test_the_matrix_is_sorted_and_a_row_is_selected(opened: Opened, address: str, store: Store) -> None:
    model = store["digits_conv"].id
    page = opened(f"{address}#level=L1&at={model}/conv_2")
    page.wait_for_selector(".matrix-row")
    head = page.get_by_label("Sort by class three")
    head.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Sort by class three")).to_have_attribute("aria-pressed", "true")
    page.locator(".matrix-rows").focus()
    page.keyboard.press("ArrowDown")
    row = focused(page)["uoa"]
    assert row.startswith(f"{model}/conv_2#")
    page.keyboard.press("Enter")
    page.wait_for_function("row => decodeURIComponent(location.hash).includes(row)", arg=row)


def test_a_slash_finds_and_a_question_mark_helps(opened: Opened, address: str) -> None:
    page = arrived(opened, address)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("Convolutional")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector(".graph-view .level-L2")


def test_what_was_found_is_shown_though_more_is_found_just_then(opened: Opened, address: str) -> None:
    """What the server finds in what is written comes while one chooses."""
    page = arrived(opened, address)
    page.keyboard.press("/")
    page.keyboard.type("Convolutional")
    expect(page.locator("[role=option]").first).to_have_text("Convolutional")
    page.keyboard.press("ArrowDown")
    page.evaluate("""() => {
      document.querySelector('[data-combobox-selected]').click();
      window.dash_clientside.set_props('written', {data: []});
    }""")
    page.wait_for_selector(".graph-view .level-L2")


def test_whatever_has_the_focus_can_be_seen_to(opened: Opened, address: str, store: Store) -> None:
    """From the first to the last: each stop has an outline, a shadow or a border of its own."""
    page = arrived(opened, f"{address}#level=L2&at={store['digits_conv'].id}")
    seen = """() => {
      const element = document.activeElement, style = getComputedStyle(element);
      const box = element.querySelector?.(':scope > .box, :scope > .outline, :scope > .border');
      const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
      const around = element.closest('.mantine-Input-wrapper') !== null;
      const drawn = box && parseFloat(getComputedStyle(box).strokeWidth) >= 2;
      return [ring || around || Boolean(drawn) || element === document.body, element.outerHTML.slice(0, 160)];
    }"""
    unseen = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        visible, what = page.evaluate(seen)
        if not visible:
            unseen.add(what)
    assert unseen == set()
