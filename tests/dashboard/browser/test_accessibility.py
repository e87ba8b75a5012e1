"""What axe finds in the real page, and text that is cut."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from inspectree.server import Store
from tests.dashboard.browser.panels import until

Opened = Callable[..., Page]


AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
BAD = ("serious", "critical")

RUN = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .filter(({impact}) => %s.includes(impact))
  .flatMap(({id, nodes}) => nodes.map(({html, failureSummary}) =>
    `${id}: ${html.slice(0, 200)} ${failureSummary}`))
"""

CUT = """() => [...document.querySelectorAll('body *')].filter((element) => {
  if (!(element instanceof HTMLElement) || !element.getClientRects().length) return false;
  if (element.closest('[hidden],svg,.plot,code,pre,input,textarea,select')) return false;
  if (![...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())) return false;
  const hides = ['hidden', 'clip'].includes(getComputedStyle(element).overflowX);
  const told = element.closest('[title]') || element.closest('.tool');  // tools have tooltips of their own
  return hides && element.scrollWidth > element.clientWidth + 1 && !told;
}).map((element) => element.outerHTML.slice(0, 160))
"""
"""What holds text of its own, hides what is too long, and has no tooltip."""

LONGEST = """() => Math.max(...[...document.querySelectorAll('body *')].map((element) => {
  const {transitionDuration, animationDuration} = getComputedStyle(element);
  const all = [transitionDuration, animationDuration].flatMap((text) => text.split(','));
  return Math.max(...all.map(parseFloat));
}))
"""
"""The seconds that the longest movement on the page takes."""

SIZES = [(1280, 800), (1600, 1000), (2560, 1440), (3840, 2160)]

WIDE = "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"

on_all_levels = pytest.mark.parametrize("level", ["L3", "L2", "L1"])
in_both_themes = pytest.mark.parametrize("theme", ["light", "dark"])


@cache
def axe() -> str:
    assert AXE.exists(), "axe-core comes from npm: make js"
    return AXE.read_text(encoding="utf-8")


def widgets(*pairs: tuple[str, str]) -> str:
    specs = [
        {"id": f"w{n}", "tool": tool, "uoa": uoa, "settings": {}} for n, (tool, uoa) in enumerate(pairs, 1)
    ]
    return json.dumps(specs)


def views(ids: Mapping[str, str], experiment: str) -> dict[str, dict[str, Any]]:
    """Return the three levels with widgets of every kind of content, a measure and badges."""
    model = ids["digits_conv_skip"]
    return {
        "L3": {
            "level": "L3", "selected": model, "measure": "variance", "located": "skip",
            "widgets": widgets(
                ("performance", experiment), ("misclassified", model), ("comparison", model),
                ("norms", model), ("model_summary", model), ("layer_graph", model), ("note", model),
                ("branch", model),
            ),
        },
        "L2": {
            "level": "L2", "at": model, "selected": f"{model}/conv_1",
            "widgets": widgets(
                ("histogram", f"{model}/conv_1"), ("kernel_images", f"{model}/conv_1/kernel"),
                ("dead_units", f"{model}/conv_1"), ("export", f"{model}/conv_1"),
                ("gradients", f"{model}/image"), ("feature_maps", f"{model}/conv_1"),
            ),
        },
        "L1": {
            "level": "L1", "at": f"{model}/conv_2", "selected": f"{model}/conv_2#1",
            "widgets": widgets(("histogram", f"{model}/conv_2#1"), ("neuron_classes", f"{model}/conv_2")),
        },
    }  # fmt: skip


@pytest.fixture
def show(opened: Opened, address: str, ids: Mapping[str, str], store: Store) -> Callable[..., Page]:
    """Return how to open one of the views with all its widgets drawn."""

    def open_(level: str, **options: Any) -> Page:
        page = opened(f"{address}#{urlencode(views(ids, store.experiments[0].id)[level])}", **options)
        page.wait_for_selector(".graph-view .node")
        page.wait_for_selector('.toolbox [data-tool="select"]')
        expect(page.locator(".card")).not_to_have_count(0)
        expect(page.locator(".card.loading, .card .skeleton")).to_have_count(0, timeout=90_000)
        page.wait_for_selector(".plot .main-svg", timeout=90_000)
        return page

    return open_


def found(page: Page) -> list[str]:
    """Return what axe has to say that is serious or critical."""
    page.evaluate(axe())
    told: list[str] = page.evaluate(RUN % json.dumps(BAD))
    return told


@on_all_levels
def test_axe_finds_nothing_serious(show: Callable[..., Page], level: str) -> None:
    """In both themes, with widgets, a measure and badges, and with a tool chosen."""
    page = show(level, color_scheme="light", reduced_motion="reduce")
    assert found(page) == []
    page.locator('.toolbox [data-tool="histogram"], .toolbox [data-tool="norms"]').first.click()
    expect(page.locator(".tool-hint")).to_be_visible()
    page.mouse.move(700, 400)
    assert found(page) == []
    page.get_by_label("Light or dark").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.mouse.move(700, 400)
    assert found(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(".tool-hint")).to_be_hidden()
    assert found(page) == []


@in_both_themes
def test_axe_finds_nothing_serious_in_what_opens(show: Callable[..., Page], theme: str) -> None:
    """The help with its words, the tools' names, a form, an enlarged widget, a menu, the tour."""
    page = show("L3", color_scheme=theme)
    page.get_by_label("Show or hide names").click()
    page.locator(".card").first.get_by_label("Adjust").click()
    assert found(page) == []
    page.locator(".node.model").first.click(button="right")
    expect(page.get_by_role("menu")).to_be_visible()
    assert found(page) == []
    page.keyboard.press("Escape")
    page.locator(".card").first.get_by_label("Enlarge").click()
    expect(page.locator("dialog[open] .main-svg").first).to_be_visible()
    assert found(page) == []
    page.keyboard.press("Escape")
    page.get_by_label("Help: keys, words, tour").click()
    page.locator("#glossary summary").click()
    assert found(page) == []
    page.get_by_role("button", name="Take the tour").click()
    expect(page.locator(".tour-card")).to_be_visible()
    assert found(page) == []


@on_all_levels
def test_no_text_is_cut_without_a_tooltip(show: Callable[..., Page], level: str) -> None:
    """In no window, from the smallest to the largest."""
    page = show(level)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        until(page, lambda size=[width, height]: page.evaluate(WIDE) == size)  # type: ignore[misc]
        assert page.evaluate(CUT) == [], (width, height)


def test_who_wants_no_motion_sees_none(show: Callable[..., Page]) -> None:
    page = show("L3", reduced_motion="reduce")
    assert page.evaluate(LONGEST) < 0.001
