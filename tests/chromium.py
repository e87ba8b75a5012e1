"""The machine's Chromium, and how tests start it."""

import shutil
from pathlib import Path

FLAGS = (Path(__file__).parents[1] / "scripts" / "chromium.flags").read_text(encoding="utf-8").split()
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first draws no windows, menus and tabs that nobody sees: tests take three quarters of the time."""


def executable() -> str:
    """Return the path of the first that there is."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "install chromium: the page is tested in a real browser"
    return found
