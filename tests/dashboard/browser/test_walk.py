"""The page in a real browser, over a store that the real callback has logged."""

import json
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Page, expect

from inspectree.server import Store


def test_the_page_shows_what_the_store_holds(opened: Callable[..., Page], address: str, store: Store) -> None:
    """The tree, a layer, its neurons, a kernel's histogram, classes and a branch are there, and right."""
    page, model = opened(address), store["digits_conv"]
    expect(page.locator(".node.model")).to_have_count(len(store.models))
    page.locator(f'.node.model[data-uoa="{model.id}"]').dblclick()
    kernel = f"{model.id}/conv_1/kernel"
    expect(page.locator(f'.pictogram[data-uoa="{kernel}"]')).to_be_visible()

    page.locator('[data-tool="histogram"]').click()
    page.wait_for_selector('.graph-view[data-tool="histogram"]')
    page.locator(f'.pictogram[data-uoa="{kernel}"]').click()
    card = f'[data-widget="histogram"][data-uoa="{kernel}"]'
    page.wait_for_selector(f"{card} .js-plotly-plot .bars")
    drawn = page.eval_on_selector(f"{card} .plot", "plot => Array.from(plot.data[0].y)")
    values = model.checkpoint("last")["conv_1/kernel"].values
    assert drawn == np.histogram(values, bins=len(drawn))[0].tolist()

    page.locator(f'.node[data-uoa="{model.id}/conv_2"]').dblclick()
    expect(page.locator(".node.neuron").first).to_be_visible()
    fills = "nodes => nodes.map(node => [node.dataset.uoa, node.querySelector('.box').style.fill]).sort()"
    before = page.eval_on_selector_all(".node.neuron", fills)
    for name in ("zero", "one", "two", "three", "four"):
        page.locator(f'[data-class="{name}"]').click()
        expect(page.locator(f'[data-class="{name}"][aria-pressed="false"]')).to_have_count(1)
    page.wait_for_function(
        f"before => JSON.stringify(({fills})([...document.querySelectorAll('.node.neuron')])) !== before",
        arg=json.dumps(before, separators=(",", ":")),
    )

    page.locator('[data-level="L3"]').click()
    expect(page.locator(".node.model")).to_have_count(len(store.models))
    page.locator('[data-tool="branch"]').click()
    page.wait_for_selector('.graph-view[data-tool="branch"]')
    page.locator(f'.node.model[data-uoa="{model.id}"]').click()
    expect(page.locator('[data-widget="branch"] code')).to_contain_text(model.id)
