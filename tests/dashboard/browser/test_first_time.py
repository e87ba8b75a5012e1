"""What somebody finds who has never seen the page: a tour, help, words that tell what they mean, hints."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from inspectree.dashboard.panels.glossary import GLOSSARY
from inspectree.dashboard.panels.tour import STEPS
from inspectree.server import Store
from tests.dashboard.browser.panels import until

Opened = Callable[..., Page]


def arrived(opened: Opened, address: str) -> Page:
    page = opened(address)
    page.wait_for_selector(".graph-view .node")
    page.wait_for_selector('.toolbox [data-tool="select"]')
    return page


def place(page: Page, selector: str) -> dict[str, float]:
    """Return where something is on the page."""
    return dict(page.locator(selector).first.bounding_box() or {})


def test_a_program_that_drives_the_browser_sees_no_tour(opened: Opened, address: str) -> None:
    page = arrived(opened, address)
    page.wait_for_timeout(600)
    expect(page.locator(".tour")).to_have_count(0)


def test_the_tour_tells_of_every_region_and_ends(opened: Opened, address: str) -> None:
    """Each step stands beside its region, inside the window; the last one ends it."""
    page = opened(f"{address}#tour")
    for number, (target, title, _) in enumerate(STEPS, start=1):
        expect(page.locator("#tour-title")).to_have_text(title)
        expect(page.locator(".tour-count")).to_have_text(f"{number} of {len(STEPS)}")
        until(page, lambda: place(page, ".tour-ring") == pytest.approx(place(page, target), abs=1))  # noqa: B023 - called at once
        card = page.locator(".tour-card").bounding_box()
        assert card is not None
        assert 0 <= card["x"] <= 1600 - card["width"]
        assert 0 <= card["y"] <= 1000 - card["height"]
        page.keyboard.press("Enter")
    expect(page.locator(".tour")).to_have_count(0)
    assert page.evaluate("localStorage.getItem('inspectree-tour')") == "seen"


def test_the_tour_can_be_left_and_begun_again_from_the_help(opened: Opened, address: str) -> None:
    page = opened(f"{address}#tour")
    expect(page.locator(".tour")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".tour")).to_have_count(0)
    page.keyboard.press("?")
    page.get_by_role("button", name="Take the tour").click()
    expect(page.locator("#help")).to_be_hidden()
    expect(page.locator("#tour-title")).to_have_text(STEPS[0][1])
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tour-title")).to_have_text(STEPS[0][1])
    page.get_by_role("button", name="Skip the tour").click()
    expect(page.locator(".tour")).to_have_count(0)


def test_the_help_lists_keys_and_words_and_gives_the_focus_back(opened: Opened, address: str) -> None:
    page = arrived(opened, address)
    button = page.get_by_label("Help: keys, words, tour")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#help")).to_be_visible()
    page.locator("#glossary summary").click()
    assert page.locator("#glossary dt").count() == len(GLOSSARY)
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    expect(button).to_be_focused()


def test_a_word_tells_its_meaning_by_pointer_and_by_keyboard(opened: Opened, address: str) -> None:
    page = arrived(opened, address)
    word = page.locator('[data-term="interestingness"]')
    word.hover()
    expect(page.locator(".tooltip")).to_have_text(GLOSSARY["interestingness"])
    page.mouse.move(800, 500)
    expect(page.locator(".tooltip")).to_be_hidden()
    word.focus()
    expect(page.locator(".tooltip")).to_be_visible()
    assert word.get_attribute("aria-describedby") == "tooltip"
    page.keyboard.press("Escape")
    expect(page.locator(".tooltip")).to_be_hidden()


def test_a_chosen_tool_says_what_it_waits_for(opened: Opened, address: str, store: Store) -> None:
    page = arrived(opened, address)
    page.locator('[data-tool="norms"]').click()
    expect(page.locator(".tool-hint")).to_contain_text("Norms over training: click a model")
    page.locator(".graph-view svg").first.focus()
    page.keyboard.press("Escape")
    expect(page.locator(".tool-hint")).to_be_hidden()
    page.locator(f'.node.model[data-uoa="{store["digits_conv"].id}"]').dblclick()
    page.wait_for_selector(".pictogram[data-uoa]")
    page.locator('[data-tool="histogram"]').click()
    expect(page.locator(".tool-hint")).to_contain_text("Histogram: click a layer or a variable")


def test_tools_stand_in_groups_and_show_their_names_when_asked(opened: Opened, address: str) -> None:
    """The names are remembered by the browser."""
    page = arrived(opened, address)
    assert page.locator(".tool-family").first.inner_text() == "Training"
    name = page.locator('[data-tool="performance"] .tool-name')
    expect(name).to_be_hidden()
    page.get_by_label("Show or hide names").click()
    expect(name).to_be_visible()
    page.reload()
    expect(name).to_be_visible()
    page.get_by_label("Show or hide names").click()
    expect(name).to_be_hidden()


def test_every_tool_is_described_where_it_is_pointed_at(opened: Opened, address: str) -> None:
    page = arrived(opened, address)
    page.locator('[data-tool="norms"]').hover()
    expect(page.get_by_role("tooltip").filter(has_text="How large weights and gradients are")).to_be_visible()


def test_empty_panels_say_how_they_are_filled(opened: Opened, address: str) -> None:
    page = arrived(opened, address)
    hints = page.locator(".widget-panel .empty")
    expect(hints.first).to_contain_text(re.compile("Choose a tool"))
    expect(page.locator("#selection .empty")).to_contain_text("Click a unit")


def test_a_part_of_the_sidebar_folds_and_stays_folded(opened: Opened, address: str) -> None:
    page = arrived(opened, address)
    fold, classes = page.locator("#classes .fold"), page.locator("#classes .class").first
    expect(fold).to_have_attribute("aria-expanded", "true")
    fold.click()
    expect(classes).to_be_hidden()
    expect(fold).to_have_attribute("aria-expanded", "false")
    page.reload()
    expect(page.locator("#classes .fold")).to_have_attribute("aria-expanded", "false")
    expect(classes).to_be_hidden()
    page.locator("#classes .fold").focus()
    page.keyboard.press("Enter")
    expect(classes).to_be_visible()
