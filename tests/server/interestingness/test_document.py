"""The page about interestingness."""

import runpy
import sys
from pathlib import Path

import pytest

from inspectree.server.interestingness.document import markdown
from inspectree.server.interestingness.listing import listing

PAGE = Path(__file__).parents[3] / "docs/interestingness.md"


def test_the_page_is_what_the_tables_say() -> None:
    """`make docs` writes it again."""
    assert PAGE.read_text(encoding="utf-8") == markdown()


def test_the_page_shows_everything_that_there_is() -> None:
    page, about = markdown(), listing()
    names = [each["name"] for each in (*about["measures"], *about["divergences"])]
    names += [each["kind"] for each in about["baselines"]]
    assert all(f"\n### {name}\n" in page for name in names)


def test_the_command_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "interestingness.md"
    monkeypatch.setattr(sys, "argv", ["document", str(target)])
    monkeypatch.delitem(sys.modules, "inspectree.server.interestingness.document")
    runpy.run_module("inspectree.server.interestingness.document", run_name="__main__")
    assert target.read_text(encoding="utf-8") == markdown()
