"""The page about the REST interface."""

import json
import runpy
import sys
from pathlib import Path

import pytest

from inspectree.server.api.document import TITLES, described, markdown

PAGE = Path(__file__).parents[3] / "docs/rest.md"


def test_the_page_is_as_the_interface_describes_itself() -> None:
    """`make docs` writes it again."""
    assert PAGE.read_text(encoding="utf-8") == markdown(described())


def test_every_route_and_what_can_be_given_to_it_stand_there() -> None:
    page = markdown(described())
    for path, methods in described()["paths"].items():
        for method, route in methods.items():
            assert f"### {method.upper()} {path}\n" in page
            assert {*route["tags"]} <= TITLES.keys()
    samples = page.partition("### GET /api/models/{model}/samples\n")[2].partition("###")[0]
    assert "| `limit` |" in samples
    assert f"`{json.dumps('last')}`" in samples
    values = page.partition("### POST /api/values\n")[2].partition("###")[0]
    assert "| `uoa` | one address, or several to be stacked | required |" in values
    assert "`text/csv`" in values


def test_the_command_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "rest.md"
    monkeypatch.setattr(sys, "argv", ["document", str(target)])
    monkeypatch.delitem(sys.modules, "inspectree.server.api.document")
    runpy.run_module("inspectree.server.api.document", run_name="__main__")
    assert target.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
