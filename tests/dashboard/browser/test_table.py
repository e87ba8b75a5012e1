"""Tables in the page: heads sort by click and by keyboard, rows light and select what they stand for."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson
from playwright.sync_api import Page, expect

from inspectree.server import Store

Opened = Callable[..., Page]


def with_widget(address: str, tool: str, uoa: str, **settings: Any) -> str:
    widget = {"id": "w1", "tool": tool, "uoa": uoa, "settings": settings}
    return f"{address}#{urlencode({'widgets': orjson.dumps([widget]).decode()})}"


def test_a_head_sorts_by_click_and_by_keyboard_and_says_so(
    opened: Opened, address: str, store: Store
) -> None:
    page = opened(with_widget(address, "metrics_table", store.experiments[0].id))
    losses = {model.header.title: model.last_metrics["loss"] for model in store.models}
    names = page.locator(".table-view tbody th")
    head = page.locator(".table-view thead th", has_text="loss").last
    expect(head).to_have_attribute("aria-sort", "none")
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(names).to_have_text(sorted(losses, key=lambda name: -losses[name]))
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(names).to_have_text(sorted(losses, key=lambda name: losses[name]))


def test_a_row_lights_its_unit(opened: Opened, address: str, store: Store) -> None:
    model = store["digits_conv"].id
    page = opened(with_widget(address, "metrics_table", store.experiments[0].id))
    page.locator(f'.table-view tr[data-uoa="{model}"] th').hover()
    expect(page.locator(f'.node.linked[data-uoa="{model}"]')).to_have_count(1)


def test_the_keyboard_leads_through_the_rows_and_selects_samples(
    opened: Opened, address: str, store: Store
) -> None:
    uoa = f"{store['digits_dense'].id}/hidden_2"
    page = opened(with_widget(address, "raw_values", uoa, style="table", size=4))
    rows = page.locator(".table-view tbody tr")
    expect(rows).to_have_count(4)
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press(" ")
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    expect(rows.first).to_have_attribute("aria-selected", "false")


def test_at_first_two_hundred_rows_are_in_the_document(opened: Opened, address: str) -> None:
    page = opened(address)
    page.evaluate(
        """async () => {
            const { table } = await import('/static/js/widgets/table.js');
            const columns = [{ name: 'a', title: 'a', kind: 'number' }];
            const rows = Array.from({ length: 450 }, (_, place) => [place]);
            document.body.append(table({ columns, rows }));
        }"""
    )
    expect(page.locator(".table-view tbody tr")).to_have_count(200)
    foot = page.locator(".table-foot")
    expect(foot).to_contain_text("200 of 450 rows")
    foot.get_by_role("button").click()
    expect(page.locator(".table-view tbody tr")).to_have_count(400)
