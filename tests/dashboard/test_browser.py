"""The page in a real browser, over a store that the real callback has logged."""

import json
import shutil
from collections.abc import Iterator
from threading import Thread

import numpy as np
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from inspectree.dashboard.app import mount
from inspectree.server import Store
from inspectree.server.api.app import create_app
from inspectree.server.api.serving import WebServer, listen

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.browser,
    # Keras, Dash and their dependencies warn about their own internals; ours are errors in the other suites.
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def address(store: Store) -> Iterator[str]:
    """Serve the store on a free port of this machine."""
    app = create_app(store)
    mount(app)
    with listen("127.0.0.1", 0) as listening:
        server = WebServer(app, log_level="warning")
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def browser_page(address: str) -> Iterator[Page]:
    """Open the page in the machine's Chromium."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    executable = next(filter(None, found), None)
    assert executable, "install chromium: the page is tested in a real browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        page = browser.new_page(viewport={"width": 1600, "height": 1000})
        page.goto(address)
        yield page
        browser.close()


def test_the_page_shows_what_the_store_holds(browser_page: Page, store: Store) -> None:
    """The tree, a layer, its neurons, a kernel's histogram, classes and a branch are there, and right."""
    page, model = browser_page, store["digits_conv"]
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
