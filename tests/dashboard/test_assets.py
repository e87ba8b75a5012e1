"""Icons and style rules: everything that is named is there, and nothing is there that nothing names."""

import ast
import re
import runpy
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "dashboard"
ASSETS = DASHBOARD / "assets"
SHEETS = ("inspectree.css", "widgets.css", "comparison.css")

NAMES = (
    r"\bicon=\"([a-z0-9-]+)\"",
    r"\bicon\(\s*[\"']([a-z0-9-]+)[\"']",
    r"\biconButton\(\s*'([a-z0-9-]+)'",
    r"[\"']?\bicon[\"']?: ?[\"']([a-z0-9-]+)[\"']",
    r"\bicon icon-([a-z0-9-]+)",
)
"""Where it is plain that a name is an icon's."""

COMPOSED = ("data-", "kind-", "level-", "mark-", "weight-")
"""Beginnings of classes whose ends come from values: ``level-${graph.level}``."""

STATES = {"interrupted"}
"""Classes that are values of the server."""


@cache
def sources() -> dict[Path, str]:
    """Return the texts of the dashboard's Python and JavaScript."""
    return {path: path.read_text() for kind in ("*.py", "*.js") for path in sorted(DASHBOARD.rglob(kind))}


@cache
def literals() -> frozenset[str]:
    """Return every string that Python or JavaScript writes out."""
    found: set[str] = set()
    for path, text in sources().items():
        if path.suffix == ".py":
            nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
            found |= {word for node in nodes if isinstance(node.value, str) for word in node.value.split()}
        else:
            found |= set(re.findall(r"'([^'\n]*)'", text))
    return frozenset(found)


@cache
def vendored() -> list[str]:
    icons: list[str] = runpy.run_path(str(ROOT / "scripts" / "vendor.py"))["ICONS"]
    return icons


def test_icons_that_are_named_are_there() -> None:
    named = {name for text in sources().values() for pattern in NAMES for name in re.findall(pattern, text)}
    assert len(named) > 50
    assert named <= set(vendored())


def test_icons_that_are_there_are_named() -> None:
    assert [name for name in vendored() if not {name, f"icon-{name}"} & literals()] == []


def test_the_icons_style_sheet_is_what_the_script_writes() -> None:
    rules = re.findall(r"^\.icon-([a-z0-9-]+)\{", (ASSETS / "icons.css").read_text(), re.MULTILINE)
    assert rules == vendored()
    assert rules == sorted(set(rules))


@pytest.mark.parametrize("sheet", SHEETS)
def test_classes_of_the_style_sheets_are_used(sheet: str) -> None:
    rules = re.sub(
        r"/\*.*?\*/|url\([^)]*\)|@font-face[^}]*}", "", (ASSETS / sheet).read_text(), flags=re.DOTALL
    )
    selectors = re.findall(r"([^{}]+)\{", rules)
    classes = {name for selector in selectors for name in re.findall(r"\.([A-Za-z][\w-]*)", selector)}
    words = {word for text in sources().values() for word in re.findall(r"[A-Za-z][\w-]*", text)} | STATES
    assert sorted(name for name in classes - words if not name.startswith(COMPOSED)) == []
