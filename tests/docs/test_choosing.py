"""The page that tells which tool and which measure to choose knows all of them, and no others."""

import re
from pathlib import Path

from inspectree.dashboard.tools import TOOLS
from inspectree.server.interestingness import BASELINES, MEASURES

BOLD, CODE = re.compile(r"\*\*([^*`]+)\*\*"), re.compile(r"`([^*`]+)`")


def test_it_names_every_tool(docs: Path) -> None:
    page = (docs / "choosing.md").read_text(encoding="utf-8")
    assert {*BOLD.findall(page)} == {tool.title for tool in TOOLS}


def test_it_names_every_measure(docs: Path) -> None:
    page = (docs / "choosing.md").read_text(encoding="utf-8")
    measures = {measure.name for measure in MEASURES}
    others = {kind.model_fields["kind"].default for kind in BASELINES} | {"first"}
    told = {*CODE.findall(page)}
    assert measures <= told
    assert {word for word in told if "=" not in word} <= measures | others
