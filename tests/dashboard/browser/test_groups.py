"""Widgets that are seen together."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from inspectree.server import Store
from tests.dashboard.browser.panels import card, choose, drawn, order, ranges, traces, until, with_widgets

Opened = Callable[..., Page]
KERNELS = ("conv_1/kernel", "conv_2/kernel")


@pytest.fixture
def model(store: Store) -> str:
    return store["digits_conv"].id


@pytest.fixture
def kernels(model: str) -> tuple[Any, ...]:
    return tuple(("histogram", f"{model}/{name}", {"bins": 8}) for name in KERNELS)


def grouped(**more: bool) -> dict[str, Any]:
    return {"id": "g1", "members": ["w1", "w2"], **more}


def foot(page: Page, name: str) -> Any:
    return card(page, "g1").locator("footer").get_by_role("button", name=name)


def test_one_dropped_on_another_makes_a_group(
    opened: Opened, address: str, model: str, kernels: tuple[Any, ...]
) -> None:
    """A chip for each leads to it; the address brings the group back; taken apart both are as before."""
    page = opened(with_widgets(address, *kernels))
    drawn(page, "w1")
    drawn(page, "w2")
    page.drag_and_drop('[data-id="w1"] header', '[data-id="w2"]')
    expect(card(page, "g1").locator("> header .count")).to_have_text("2")
    assert order(page) == ["g1"]
    chips = card(page, "g1").locator(".chips .chip")
    expect(chips).to_have_text(["conv_2", "conv_1"])
    expect(card(page, "w2")).to_be_visible()
    chips.nth(1).click()
    expect(card(page, "w1")).to_be_visible()
    expect(card(page, "w2")).to_have_count(0)
    until(page, lambda: "groups" in page.url)
    again = opened(page.url)
    expect(card(again, "g1")).to_be_visible()
    choose(again, "g1", "Ungroup")
    expect(card(again, "g1")).to_have_count(0)
    assert order(again) == ["w1", "w2"]
    again.get_by_role("button", name="Undo").click()
    expect(card(again, "g1")).to_be_visible()


def test_by_the_keyboard_widgets_join_and_leave(
    opened: Opened, address: str, model: str, kernels: tuple[Any, ...]
) -> None:
    page = opened(with_widgets(address, *kernels, ("note", model, {"text": "hello"})))
    drawn(page, "w1")
    card(page, "w3").get_by_label("More", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("menuitem", name="Group with…").press("Enter")
    page.get_by_role("menuitem", name="Histogram · Convolutional › conv_1 › kernel").press("Enter")
    expect(card(page, "g1")).to_be_visible()
    assert sorted(order(page)) == ["g1", "w2"]
    card(page, "g1").locator('.chip[data-member="w3"]').press("Enter")
    choose(page, "w3", "Take out of the group")
    expect(card(page, "g1")).to_have_count(0)
    expect(card(page, "w3")).to_be_visible()


def test_a_common_scale_has_the_same_bins_and_ranges(
    opened: Opened, address: str, store: Store, kernels: tuple[Any, ...]
) -> None:
    """The counts are those of NumPy in bins from the lowest value of both to the highest."""
    page = opened(with_widgets(address, *kernels, groups=[grouped(common=True)]))
    foot(page, "Side by side").click()
    dialog = page.locator("dialog.overlay")
    values = [store["digits_conv"].checkpoint("last")[name].values for name in KERNELS]
    low, high = min(v.min() for v in values), max(v.max() for v in values)
    plots = [drawn(page, id_) for id_ in ("w1", "w2")]
    until(page, lambda: len({traces(plot)[0]["x"][0] for plot in plots}) == 1)
    for plot, each in zip(plots, values, strict=True):
        (bars,) = traces(plot)
        assert bars["y"] == np.histogram(each, bins=8, range=(low, high))[0].tolist()
    assert ranges(plots[0]) == ranges(plots[1])
    dialog.get_by_role("button", name="Common scale").click()
    until(page, lambda: len({traces(plot)[0]["x"][0] for plot in plots}) == 2)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(card(page, "g1")).to_be_focused()
    for plot, each in zip([drawn(page, "w1")], values[:1], strict=True):
        assert traces(plot)[0]["y"] == np.histogram(each, bins=8)[0].tolist()


def test_merged_they_are_one_chart_in_two_colours(
    opened: Opened, address: str, store: Store, kernels: tuple[Any, ...]
) -> None:
    page = opened(with_widgets(address, *kernels, groups=[grouped()]))
    drawn(page, "w1")
    expect(foot(page, "Merged")).not_to_have_attribute("aria-disabled", "true")
    foot(page, "Merged").click()
    expect(card(page, "w1")).to_have_count(0)
    both = traces(drawn(page, "g1"))
    values = [store["digits_conv"].checkpoint("last")[name].values for name in KERNELS]
    for bars, each in zip(both, values, strict=True):  # in shares: counts of few values would not be seen
        np.testing.assert_allclose(bars["y"], np.histogram(each, bins=8)[0] / each.size, rtol=1e-12)
    assert [bars["name"] for bars in both] == ["conv_1", "conv_2"]
    assert len({bars["color"] for bars in both}) == 2
    card(page, "g1").get_by_role("button", name="conv_1").click()
    until(page, lambda: len(traces(drawn(page, "g1"))) == 1)
    assert [bars["name"] for bars in traces(drawn(page, "g1"))] == ["conv_2"]


def test_what_cannot_be_merged_says_why(opened: Opened, address: str, model: str) -> None:
    widgets = (("histogram", f"{model}/conv_1/kernel"), ("confusion_matrix", model))
    page = opened(with_widgets(address, *widgets, groups=[grouped()]))
    drawn(page, "w1")
    button = foot(page, "Merged")
    expect(button).to_have_attribute("title", "Only charts of one kind, or tables, can become one.")
    button.click(force=True)
    expect(button).to_have_attribute("aria-pressed", "false")


def test_a_group_of_one_tool_is_adjusted_at_once(
    opened: Opened, address: str, model: str, kernels: tuple[Any, ...]
) -> None:
    page = opened(with_widgets(address, *kernels, groups=[grouped(merged=True)]))
    assert [len(trace["y"]) for trace in traces(drawn(page, "g1"))] == [8, 8]
    card(page, "g1").get_by_label("Adjust all").press("Enter")
    bins = card(page, "g1").get_by_label("Bins")
    expect(bins).to_have_value("8")
    bins.fill("5")
    bins.press("Enter")
    until(page, lambda: [len(trace["y"]) for trace in traces(drawn(page, "g1"))] == [5, 5])
    card(page, "g1").get_by_label("Adjust all").press("Enter")
    expect(bins).to_be_hidden()
    expect(card(page, "g1").get_by_label("Adjust all")).to_be_focused()
    card(page, "g1").get_by_label("Open side by side").click()
    page.locator("dialog.overlay").get_by_role("button", name="Adjust all").click()
    page.locator("dialog.overlay").get_by_label("Bins").fill("6")
    page.keyboard.press("Enter")
    plot = page.locator("dialog.overlay .js-plotly-plot")
    until(page, lambda: [len(trace["y"]) for trace in traces(plot)] == [6, 6])
    page.keyboard.press("Escape")
    expect(card(page, "g1").get_by_label("Bins")).to_have_value("6")
    mixed = opened(with_widgets(address, *kernels[:1], ("note", model), groups=[grouped()]))
    expect(card(mixed, "g1").get_by_label("Open side by side")).to_be_visible()
    expect(card(mixed, "g1").get_by_label("Adjust all")).to_have_count(0)


def test_tables_become_one_that_tells_the_widget_of_each_row(
    opened: Opened, address: str, store: Store
) -> None:
    models = [store[name].id for name in ("digits_conv", "digits_dense")]
    widgets = [("model_summary", model) for model in models]
    page = opened(with_widgets(address, *widgets, groups=[grouped(merged=True)]))
    table = card(page, "g1").locator("table")
    expect(table.locator("th").first).to_contain_text("Widget")
    names = table.locator("tbody tr > :first-child").all_text_contents()
    layers = [len(list(store[name].architecture.layers)) for name in ("digits_conv", "digits_dense")]
    assert [names.count(name) for name in ("Convolutional", "Dense, saturated")] == layers


def test_closing_a_group_can_be_taken_back(opened: Opened, address: str, kernels: tuple[Any, ...]) -> None:
    page = opened(with_widgets(address, *kernels, groups=[grouped(merged=True)]))
    drawn(page, "g1")
    card(page, "g1").get_by_label("Close the group").click()
    expect(page.locator(".card")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    assert len(traces(drawn(page, "g1"))) == 2
