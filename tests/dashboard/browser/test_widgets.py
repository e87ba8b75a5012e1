"""What can be done with a widget: adjust, copy, pin, show elsewhere, enlarge, move, close and take back."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Browser, Page, expect

from inspectree.server import Store
from tests.dashboard.browser.panels import card, choose, drawn, order, traces, until, with_widgets

Opened = Callable[..., Page]


@pytest.fixture
def model(store: Store) -> str:
    return store["digits_conv"].id


def test_a_form_changes_what_is_drawn(opened: Opened, address: str, store: Store, model: str) -> None:
    page = opened(with_widgets(address, ("histogram", f"{model}/conv_1/kernel")))
    drawn(page, "w1")
    card(page, "w1").get_by_label("Adjust").click()
    bins = card(page, "w1").get_by_role("spinbutton", name="Bins")
    bins.fill("5")
    bins.press("Enter")
    expect(card(page, "w1").locator(".caption")).to_contain_text("in 5 bins")
    (bars,) = traces(drawn(page, "w1"))
    assert sum(bars["y"]) == store["digits_conv"].checkpoint("last")["conv_1/kernel"].size


def test_a_copy_stands_beside_its_original_and_is_pinned_by_itself(
    opened: Opened, address: str, model: str
) -> None:
    """The bar goes on to another checkpoint; what is pinned stays, and says so."""
    page = opened(with_widgets(address, ("confusion_matrix", model)))
    drawn(page, "w1")
    choose(page, "w1", "Duplicate")
    expect(card(page, "w2")).to_be_visible()
    assert order(page) == ["w2", "w1"]
    expect(card(page, "w2").locator(".pin")).to_have_text("@2")
    card(page, "w2").locator(".pin").click()
    expect(card(page, "w2").locator('.pin[aria-pressed="true"]')).to_have_text("@2")
    page.locator(".checkpoint-bar input").focus()
    page.keyboard.press("Home")
    expect(card(page, "w1").locator(".pin")).to_have_text("@0")
    expect(card(page, "w2").locator(".pin")).to_have_text("@2")
    expect(card(page, "w2").locator(".caption")).to_contain_text("checkpoint 2")
    choose(page, "w2", "Follow the checkpoint bar again")
    expect(card(page, "w2").locator('.pin[aria-pressed="false"]')).to_have_text("@0")


def test_the_next_unit_that_is_clicked_is_shown_instead(opened: Opened, address: str, model: str) -> None:
    """With its settings; the tool is put away then, and another click selects as ever."""
    histogram = ("histogram", f"{model}/conv_1", {"bins": 7})
    page = opened(with_widgets(address, histogram, at=model, level="L2"))
    drawn(page, "w1")
    choose(page, "w1", "Apply to another unit…")
    expect(page.locator(".toast")).to_contain_text("Click the unit that Histogram is to show")
    page.wait_for_selector('.graph-view[data-tool="histogram"]')
    page.locator(f'.node.layer[data-uoa="{model}/conv_2"] .bar').first.click()
    expect(card(page, "w1")).to_have_attribute("data-uoa", f"{model}/conv_2")
    expect(card(page, "w1").locator(".caption")).to_contain_text("in 7 bins")
    expect(page.locator(".toast")).to_have_count(0)
    expect(page.locator('.graph-view[data-tool="histogram"]')).to_have_count(0)
    page.locator(f'.node.layer[data-uoa="{model}/conv_1"] .bar').first.click()
    expect(page.locator(f'.node.selected[data-uoa="{model}/conv_1"]')).to_be_visible()
    assert order(page) == ["w1"]


def test_by_the_keyboard_alone_a_widget_goes_to_another_unit(
    opened: Opened, address: str, model: str
) -> None:
    page = opened(with_widgets(address, ("histogram", f"{model}/conv_1"), at=model, level="L2"))
    drawn(page, "w1")
    card(page, "w1").get_by_label("More", exact=True).focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector('.graph-view[data-tool="histogram"]')
    page.locator(f'.node.layer[data-uoa="{model}/conv_2"]').focus()
    page.keyboard.press(" ")
    expect(card(page, "w1")).to_have_attribute("data-uoa", f"{model}/conv_2")


def test_what_is_not_applied_elsewhere_stays(opened: Opened, address: str, model: str) -> None:
    page = opened(with_widgets(address, ("histogram", f"{model}/conv_1"), at=model, level="L2"))
    drawn(page, "w1")
    choose(page, "w1", "Apply to another unit…")
    page.wait_for_selector('.graph-view[data-tool="histogram"]')
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator('.graph-view[data-tool="histogram"]')).to_have_count(0)
    page.locator('[data-tool="histogram"]').first.click()
    page.wait_for_selector('.graph-view[data-tool="histogram"]')
    page.locator(f'.node.layer[data-uoa="{model}/conv_2"] .bar').first.click()
    expect(card(page, "w2")).to_have_attribute("data-uoa", f"{model}/conv_2")
    expect(card(page, "w1")).to_have_attribute("data-uoa", f"{model}/conv_1")


def test_a_large_widget_can_be_adjusted_and_comes_home(opened: Opened, address: str, model: str) -> None:
    page = opened(with_widgets(address, ("histogram", f"{model}/conv_1/kernel"), ("misclassified", model)))
    small = drawn(page, "w1").bounding_box()
    card(page, "w1").get_by_label("Enlarge").click()
    dialog = page.locator("dialog[open]")
    large = dialog.locator(".js-plotly-plot").bounding_box()
    assert small
    assert large
    assert large["width"] > 2 * small["width"]
    assert large["height"] > 2 * small["height"]
    dialog.get_by_label("Adjust").click()
    dialog.get_by_role("spinbutton", name="Bins").fill("4")
    page.keyboard.press("Enter")
    expect(dialog.locator(".caption")).to_contain_text("in 4 bins")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(card(page, "w1")).to_be_focused()
    assert sorted(order(page)) == ["w1", "w2"]
    assert (drawn(page, "w1").bounding_box() or {})["width"] == small["width"]
    card(page, "w2").get_by_label("Enlarge").click()
    expect(dialog.locator(".picture").first).to_be_visible()


def test_what_was_closed_can_be_taken_back(opened: Opened, address: str, model: str) -> None:
    """One, or all of them, to where they were and as they were set."""
    page = opened(with_widgets(address, ("note", model, {"text": "one"}), ("note", model, {"text": "two"})))
    expect(card(page, "w2").locator(".markdown")).to_have_text("two")
    card(page, "w1").get_by_label("Close").click()
    expect(card(page, "w1")).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text("Note is closed")
    page.get_by_role("button", name="Undo").click()
    expect(card(page, "w1").locator(".markdown")).to_have_text("one")
    assert order(page) == ["w1", "w2"]
    page.get_by_label("Close all").click()
    expect(page.locator(".card")).to_have_count(0)
    expect(page.locator(".panel-head .count")).to_have_text("0")
    page.get_by_role("button", name="Undo").click()
    expect(card(page, "w2").locator(".markdown")).to_have_text("two")
    assert order(page) == ["w1", "w2"]


def test_the_order_is_changed_by_the_keyboard_and_by_dragging(
    opened: Opened, address: str, model: str
) -> None:
    page = opened(with_widgets(address, *(("note", model, {"text": text}) for text in "abc")))
    expect(card(page, "w3").locator(".markdown")).to_have_text("c")
    choose(page, "w1", "Move down")
    until(page, lambda: order(page) == ["w2", "w1", "w3"])
    expect(card(page, "w1").get_by_label("More", exact=True)).to_be_focused()
    page.drag_and_drop('[data-id="w3"] header', '[data-id="w2"]', target_position={"x": 90, "y": 2})
    until(page, lambda: order(page) == ["w3", "w2", "w1"])


def test_flaps_are_folded_all_at_once(opened: Opened, address: str, model: str) -> None:
    page = opened(with_widgets(address, ("note", model, {"text": "one"})))
    page.get_by_label("Collapse all").click()
    expect(card(page, "w1")).to_be_hidden()
    page.get_by_label("Expand all").click()
    expect(card(page, "w1")).to_be_visible()


def test_one_more_leaves_the_others_as_they_are(opened: Opened, address: str, model: str) -> None:
    """No other widget is asked for again, and none is made anew."""
    page = opened(address)
    asked: list[str] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framesent", lambda frame: asked.append(json.loads(frame)["id"])),
    )
    page.goto(with_widgets(address, *(("histogram", f"{model}/conv_1", {"bins": 9 + n}) for n in range(3))))
    page.reload()
    for id_ in ("w1", "w2", "w3"):
        drawn(page, id_).evaluate("plot => { plot.stays = true; }")
    before = len(asked)
    choose(page, "w2", "Duplicate")
    drawn(page, "w4")
    assert asked[before:] == ["w4"]
    card(page, "w4").get_by_label("Close").click()
    expect(card(page, "w4")).to_have_count(0)
    assert set(asked[before:]) == {"w4"}
    assert all(drawn(page, id_).evaluate("plot => plot.stays === true") for id_ in ("w1", "w2", "w3"))


def test_a_widget_is_drawn_when_the_server_is_back(
    chromium: Browser, store: Store, serving: Callable[..., AbstractContextManager[str]], model: str
) -> None:
    """What comes into sight while the server is away says so; nobody has to ask again."""
    page = chromium.new_page(viewport={"width": 1600, "height": 500})
    notes = [("note", model, {"text": f"note {number}"}) for number in range(50)]
    with serving(store) as address:
        page.goto(with_widgets(address, *notes, ("confusion_matrix", model)))
        expect(card(page, "w1").locator(".markdown")).to_have_text("note 0")
    expect(page.locator(".lost")).to_be_visible()
    last = card(page, "w51")
    last.scroll_into_view_if_needed()
    expect(last.locator(".waiting")).to_contain_text("The server is away")
    with serving(store, int(address.rstrip("/").rpartition(":")[2])):
        expect(last.locator(".caption")).to_contain_text("checkpoint 2")
        expect(last.locator(".waiting")).to_have_count(0)
        page.close()
