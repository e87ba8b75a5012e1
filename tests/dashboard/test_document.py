"""The page about tools."""

from pathlib import Path

import pytest

from inspectree.dashboard.document import EXAMPLES, FAMILIES, markdown
from inspectree.dashboard.tools import TOOLS
from inspectree.dashboard.tools.base import Tool

PAGE = Path(__file__).parent.parent.parent / "docs" / "tools.md"


def test_the_page_is_as_the_tools_are() -> None:
    """`make docs` writes it."""
    assert PAGE.read_text() == markdown()


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_every_tool_has_its_place_and_something_that_it_fits(tool: Tool) -> None:
    assert tool.family in FAMILIES
    assert any(tool.fits(unit) for unit in EXAMPLES.values())
    assert f"### {tool.title}\n\n{tool.description}\n" in markdown()
