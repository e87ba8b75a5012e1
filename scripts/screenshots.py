"""Take the documents' pictures: the sample tree in a real browser, light and dark.

Run it with ``make docs``; it trains the tree where ``demo`` does not hold one yet.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

from inspectree.dashboard.app import mount
from inspectree.server import Store, open_store
from inspectree.server.api.app import create_app
from inspectree.server.api.serving import serving
from inspectree.server.cli import main as inspectree

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
FLAGS = Path(__file__).with_name("chromium.flags").read_text().split()
SIZE = {"width": 1600, "height": 1000}
SETTLED = 4000
"""Milliseconds after which plots are drawn."""


def main(folder: Path) -> None:
    """Write one PNG per view into ``folder``."""
    if inspectree(["demo", "demo", "--no-serve"]):
        raise SystemExit("there is no sample tree to take pictures of")
    store = open_store("demo")
    folder.mkdir(parents=True, exist_ok=True)
    with served(store) as address, sync_playwright() as playwright:
        executable = next(filter(None, map(shutil.which, CHROMIUM)))
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        for name, view in views(store).items():
            theme = "dark" if name.endswith("dark") else "light"
            take(browser, f"{address}#{urlencode(view)}", folder / f"{name}.png", theme)
        browser.close()


@contextmanager
def served(store: Store) -> Iterator[str]:
    """Serve a store on a free port of this machine."""
    app = create_app(store)
    mount(app)
    with serving(app) as address:
        yield address


def views(store: Store) -> dict[str, dict[str, Any]]:
    """Return what the pictures show, as the parts of an address."""
    experiment = store.experiments[0].id
    dense, merged = store["digits_dense"].id, store["digits_merged"].id
    saturated = {
        "at": dense,
        "level": "L2",
        "measure": "saturation",
        "selected": f"{dense}/hidden_1",
        "widgets": widgets(
            performance=experiment,
            histogram=f"{dense}/hidden_1",
            histogram_over_checkpoints=f"{dense}/hidden_1/kernel",
        ),
    }
    return {
        "models": {"selected": dense, "widgets": widgets(performance=experiment, confusion_matrix=merged)},
        "layers": saturated,
        "layers-dark": saturated,
        "neurons": {
            "at": f"{merged}/conv_2",
            "level": "L1",
            "selected": f"{merged}/conv_2",
            "widgets": widgets(
                misclassified=merged,
                feature_maps=f"{merged}/conv_2",
                kernel_images=f"{merged}/conv_1/kernel",
            ),
        },
    }


def widgets(**uoas: str) -> str:
    """Return a tool per name, applied to a unit, as the address holds them."""
    return json.dumps(
        [
            {"id": f"w{number}", "tool": tool, "uoa": uoa, "settings": {}}
            for number, (tool, uoa) in enumerate(uoas.items(), start=1)
        ]
    )


def take(browser: Browser, address: str, file: Path, theme: Any) -> None:
    """Open an address in a new profile and take a picture when its plots are drawn."""
    context = browser.new_context(viewport=SIZE, color_scheme=theme)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".graph-view .node")
    page.wait_for_timeout(SETTLED)
    page.screenshot(path=file)
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
