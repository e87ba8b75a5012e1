"""How long after a file has its final name the open page shows it.

Starts ``inspectree demo`` on an empty folder, opens the page in Chromium at once, and notes by a mutation
observer when each model's box, and each checkpoint's number in the bar (which follows the longest training),
appears: ``python benchmarks/appearance.py``.
"""

import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

from inspectree.sample_experiments.digits_tree import NAMES
from inspectree.server import open_store
from inspectree.server.api.serving import listen

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chromium-headless-shell")
FLAGS = (Path(__file__).parents[1] / "scripts" / "chromium.flags").read_text().split()
LONGEST = 300
"""Seconds after which a run has failed."""

OBSERVE = """
window.seen = {};
const look = () => {
  for (const box of document.querySelectorAll('.node.model')) window.seen[box.dataset.uoa] ??= Date.now();
  const bar = document.querySelector('.checkpoint-bar .where');
  const last = bar?.textContent.match(/ of (\\d+)/)?.[1];
  if (last) window.seen[`${bar.title} ${last}`] ??= Date.now();
};
new MutationObserver(look).observe(document, {subtree: true, childList: true, characterData: true});
"""


def main() -> None:
    """Run the demo once and print the delays."""
    folder = Path(tempfile.mkdtemp()) / "demo"
    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("inspectree")), "demo", str(folder), "--port", str(port)]
    written: dict[Path, float] = {}
    ended = threading.Event()
    threading.Thread(target=follow, args=(folder, written, ended)).start()
    demo = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        seen = watch(f"http://127.0.0.1:{port}/", folder)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(30)
        ended.set()
    report(delays(seen, written, folder))
    shutil.rmtree(folder.parent)


def watch(address: str, folder: Path) -> dict[str, float]:
    """Return when the page showed what, in seconds since the epoch."""
    browser = next(filter(None, map(shutil.which, CHROMIUM)))
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=browser, args=FLAGS).new_page()
        page.add_init_script(OBSERVE)
        open_page(page, address)
        begun = time.monotonic()
        while not finished(folder) and time.monotonic() - begun < LONGEST:
            page.wait_for_timeout(500)
        page.wait_for_timeout(3000)
        seen: dict[str, Any] = page.evaluate("window.seen")
        page.context.browser.close()  # type: ignore[union-attr] # it was launched above
    return {what: moment / 1000 for what, moment in seen.items()}


def follow(folder: Path, written: dict[Path, float], ended: threading.Event) -> None:
    """Note when each file is there under its final name, to 10 ms."""
    while not ended.wait(0.01):
        for file in folder.glob("models/*/model.h5"):
            written.setdefault(file, time.time())
            for checkpoint in file.parent.glob("checkpoints/*.h5"):
                written.setdefault(checkpoint, time.time())


def open_page(page: Page, address: str) -> None:
    """Open the page as soon as the server listens."""
    for _ in range(100):
        try:
            page.goto(address)
            return
        except Exception:
            time.sleep(0.2)
    raise SystemExit(f"nothing answered at {address}")


def finished(folder: Path) -> bool:
    """Tell whether the last model has ended."""
    models = open_store(folder).models if folder.exists() else []
    return len(models) == len(NAMES) and all(model.state == "finished" for model in models)


def delays(seen: dict[str, float], written: dict[Path, float], folder: Path) -> dict[str, list[float]]:
    """Return the seconds from a file's appearance to the page's, by what appeared."""
    found: dict[str, list[float]] = {"model": [], "checkpoint": []}
    titles = {model.header.id: model.header.title for model in open_store(folder).models}
    for file, moment in written.items():
        if file.name == "model.h5":
            kind, shown = "model", seen.get(file.parent.name)
        else:
            kind, shown = "checkpoint", first_with(seen, titles[file.parents[1].name], int(file.stem))
        if shown is not None:
            found[kind].append(shown - moment)
    return found


def first_with(seen: dict[str, float], title: str, number: int) -> float | None:
    """Return when a model's checkpoint, or a later one at once, was the last of the bar."""
    moments = [
        moment
        for what, moment in seen.items()
        if what.rpartition(" ")[0] == title and int(what.rpartition(" ")[2]) >= number
    ]
    return min(moments, default=None)


def report(found: dict[str, list[float]]) -> None:
    """Print a table."""
    table = Table("appeared", "n", "median s", "max s")
    for what, times in found.items():
        if times:
            table.add_row(what, str(len(times)), f"{statistics.median(times):.2f}", f"{max(times):.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
