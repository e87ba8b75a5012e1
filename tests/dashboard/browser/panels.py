"""Addresses of pages with widgets, and what is seen of them."""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, Page, expect

PATIENCE = 60
"""Seconds in which a first plot is drawn by a busy machine: workers begin, and Plotly is loaded."""

Widget = tuple[str, str] | tuple[str, str, dict[str, Any]]


def with_widgets(address: str, *widgets: Widget, groups: Sequence[dict[str, Any]] = (), **parts: str) -> str:
    """Return the address of a view with widgets ``w1``, ``w2``, …, each a tool, its unit, and settings."""
    specs = [
        {"id": f"w{number}", "tool": tool, "uoa": uoa, "settings": dict(*settings)}
        for number, (tool, uoa, *settings) in enumerate(widgets, start=1)
    ]
    return (
        f"{address}#{urlencode({**parts, 'widgets': json.dumps(specs), 'groups': json.dumps(list(groups))})}"
    )


def card(page: Page, id_: str) -> Locator:
    """Return a widget's card, or a group's."""
    return page.locator(f'.card[data-id="{id_}"]')


def order(page: Page) -> list[str]:
    """Return the ids of what stands in the panel, from top to bottom."""
    found: list[str] = page.eval_on_selector_all(
        ".flap-body > [data-id]", "cards => cards.map(card => card.dataset.id)"
    )
    return found


def choose(page: Page, id_: str, *entries: str) -> None:
    """Choose an entry of a card's menu, and of the menus that it leads to."""
    card(page, id_).get_by_label("More", exact=True).first.click()
    for entry in entries:
        page.get_by_role("menuitem", name=entry, exact=True).click()


def drawn(page: Page, id_: str) -> Locator:
    """Return a card's plot when it is there: it is drawn when it comes into sight."""
    card(page, id_).scroll_into_view_if_needed()
    plot = card(page, id_).locator(".js-plotly-plot").first
    expect(plot).to_be_visible(timeout=PATIENCE * 1000)
    return plot


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Wait until something holds: the page's policy lets no test's own code be polled in it."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it never came true"
        page.wait_for_timeout(50)


def traces(plot: Locator) -> list[dict[str, Any]]:
    """Return what is drawn in a plot."""
    found: list[dict[str, Any]] = plot.evaluate(
        "plot => plot.data.map(({x, y, name, marker, line}) => "
        "({x: [...x], y: [...y], name, color: marker?.color ?? line?.color}))"
    )
    return found


def ranges(plot: Locator) -> tuple[list[float], list[float]]:
    """Return the ends of a plot's axes."""
    x, y = plot.evaluate(
        "plot => [plot._fullLayout.xaxis, plot._fullLayout.yaxis].map(axis => [...axis.range])"
    )
    return x, y
