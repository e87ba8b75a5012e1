"""The page about the grammar."""

import runpy
import sys
from pathlib import Path

import pytest

from inspectree.server.grammar.document import markdown

PAGE = Path(__file__).parents[3] / "docs/grammar.md"


def test_the_page_is_what_the_steps_say() -> None:
    """`make docs` writes it again."""
    assert PAGE.read_text(encoding="utf-8") == markdown()


def test_the_command_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "grammar.md"
    monkeypatch.setattr(sys, "argv", ["document", str(target)])
    monkeypatch.delitem(sys.modules, "inspectree.server.grammar.document")
    runpy.run_module("inspectree.server.grammar.document", run_name="__main__")
    assert target.read_text(encoding="utf-8") == markdown()
