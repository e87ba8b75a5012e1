"""A step of one's own: one class in one file, in ten lines."""

import json
from pathlib import Path

import numpy as np
import pytest

from inspectree.server import Store
from inspectree.server.cli import main
from inspectree.server.errors import PipelineError, RequestError
from inspectree.server.grammar import GRAMMAR, STEPS, Grammar
from inspectree.server.grammar.document import OWN, markdown
from inspectree.server.grammar.own import load


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the file that the documentation shows."""
    path = tmp_path / "steps.py"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_ten_lines_are_enough(file: Path) -> None:
    """Without the imports, which every Python file has."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len([line for line in lines if not line.startswith(("import ", "from "))]) <= 10


def test_it_works_like_any_other(store: Store, file: Path) -> None:
    """It is handed over in a longer table; the table that comes with inspectree stays as it is."""
    (double,) = load(file)
    longer = Grammar((*STEPS, double))
    plain = store.query("root/conv/kernel", [{"op": "sum"}])
    doubled = store.query("root/conv/kernel", [{"op": "double"}, {"op": "sum"}], grammar=longer)
    np.testing.assert_allclose(doubled, 2 * plain)
    assert "### double\n\nMultiply by two.\n" in markdown(longer)
    assert "Double" in longer.schema()["$defs"]
    with pytest.raises(PipelineError, match="no operation 'double'"):
        GRAMMAR.parse([{"op": "double"}])


def test_it_works_within_branches(store: Store, file: Path) -> None:
    branch = {"op": "branch", "columns": {"one": [{"op": "max"}], "two": [{"op": "double"}, {"op": "max"}]}}
    steps = [branch, {"op": "merge", "how": "columns"}]
    table = store.query("root/conv/kernel", steps, grammar=Grammar((*STEPS, *load(file))))
    assert table["two"].tolist() == (2 * table["one"]).tolist()


def test_the_command_line_takes_it(folder: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipeline = json.dumps([{"op": "double"}, {"op": "count"}])
    assert main(["query", str(folder), "root/dense/bias", pipeline, "--steps", str(file)]) == 0
    assert json.loads(capsys.readouterr().out)["values"] == 3


COMPLETE = """
from typing import Literal
from inspectree.server.grammar.base import Step
class {name}(Step):
    "Do nothing."
    family, example = "map", {{"op": "{op}"}}
    op: Literal["{op}"] = "{op}"
    def check(self, spec): return spec
    def __call__(self, value): return value
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1", " has no step: no class derived from inspectree.server.grammar.base.Step"),
        ("import nothing_of_this_name", " cannot be loaded: ModuleNotFoundError: No module named"),
        ("def", " cannot be loaded: SyntaxError: "),
        (
            COMPLETE.format(name="A", op="mean"),
            ": two steps are called 'mean': give one of them another name",
        ),
        (
            COMPLETE.format(name="A", op="own") + COMPLETE.format(name="B", op="own"),
            ": two steps are called 'own': give one of them another name",
        ),
        (
            COMPLETE.format(name="A", op="own").replace("family, example =", "family ="),
            ": A has no example",
        ),
        (COMPLETE.format(name="A", op="own").replace('    "Do nothing."', ""), ": A has no docstring"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "own.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RequestError) as error:
        load(path)
    assert str(error.value).startswith(f"{path}{message}")
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"^there is no file .*steps\.py$"):
        load(tmp_path / "steps.py")


def test_a_file_that_is_no_python_is_told(tmp_path: Path) -> None:
    (tmp_path / "steps.txt").write_text("")
    with pytest.raises(RequestError, match=r"steps\.txt is no Python file: name one that ends in \.py"):
        load(tmp_path / "steps.txt")
