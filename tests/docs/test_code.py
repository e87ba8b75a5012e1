"""All code of the documentation runs: Python, and shell commands.

The code of a page runs from its top to its end, in one namespace, in a folder of its own with the store that
the five-minute start makes. A comment before a block changes that, and says so in the page's source:

``<!-- setup … -->``
    Python that a reader has already: the page goes on from it.
``<!-- raises … -->``
    Python that ends in an error; the block below is its message, in which … stands for anything.
``<!-- said in: FILE -->``
    The block below is a message whose words, between the …, stand in this file.
``<!-- not run: REASON -->``
    The block below is not run.

Python with a ``title`` is saved as a file of that name.
"""

import io
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from markdown_it import MarkdownIt

from inspectree.server.cli import main

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

MADE = {"grammar.md", "interestingness.md", "tools.md"}
"""Made from code, whose tests also run the examples."""

WALKS = {f"experiments/{name}.md" for name in ("assessment", "balancing", "distributions")}
"""Their code needs trained experiments: tests/sample_experiments/test_walkthroughs.py runs it."""

PAGES = [path for path in sorted(DOCS.rglob("*.md")) if path.relative_to(DOCS).as_posix() not in MADE | WALKS]
START = DOCS / "index.md"
README = ROOT / "README.md"

RUN = {"python", "bash"}
SHOWN = {"text", "json"}
"""What is not code to run: what programs print, and what is sent."""

ELSEWHERE = {
    "make": "`.ci/run` runs the Makefile's targets",
    "pip": "needs a network; `make install` does it",
    "source": "sets the reader's shell",
    "python": "scripts that train: tests/sample_experiments runs them",
}
"""First words of commands that are not run here, and why."""

COMMENT = re.compile(r"<!-- (setup|raises|said in|not run)(?:: )?(.*?)-->", re.DOTALL)
TITLE = re.compile(r'python title="([\w.]+)"')
PORT = "127.0.0.1:8600"
SECONDS = 60


@dataclass(frozen=True)
class Block:
    """Some code of a page, or what an error says; ``before`` is the comment above it."""

    language: str
    text: str
    line: int
    before: tuple[str, str] = ("", "")


def blocks(page: Path) -> Iterator[Block]:
    """Yield a page's blocks in their order, indented ones as shell."""
    before = ("", "")
    for token in MarkdownIt().enable("table").parse(page.read_text(encoding="utf-8")):
        line = token.map[0] + 1 if token.map else 0
        if token.type == "html_block" and (found := COMMENT.match(token.content)):
            before = (found[1], found[2].strip())
            if before[0] == "setup":
                yield Block("python", before[1], line)
                before = ("", "")
        elif token.type in {"fence", "code_block"}:
            language = token.info.strip() if token.type == "fence" else "indented"
            yield Block(language, token.content, line, before)
            before = ("", "")


@dataclass
class Reader:
    """Somebody who follows a page in a folder of their own."""

    page: Path
    names: dict[str, Any] = field(default_factory=lambda: {"__name__": "page"})
    server: subprocess.Popen[str] | None = None
    address: str = ""

    def follow(self) -> None:
        """Do what the page says, from its top to its end."""
        try:
            for block in blocks(self.page):
                self.do(block)
        finally:
            self.stop()

    def do(self, block: Block) -> None:
        """Run a block, or see that its error is raised as it says."""
        kind, about = block.before
        if kind == "not run":
            assert about, f"{self.page.name}:{block.line} does not say why it is not run"
        elif kind == "raises":
            self.told(block, about)
        elif kind == "said in":
            words = (ROOT / about).read_text(encoding="utf-8")
            assert all(part.strip() in words for part in block.text.split("…")), block.line
        elif title := TITLE.match(block.language):
            Path(title[1]).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            self.python(block.text, block.line)
        elif block.language in {"bash", "indented"}:
            self.shell(block.text)

    def python(self, code: str, line: int) -> None:
        """Run Python; lines of errors are those of the page."""
        where = "\n" * line + (code.replace(PORT, self.address) if self.address else code)
        exec(compile(where, str(self.page), "exec"), self.names)  # the documentation's own code

    def told(self, block: Block, code: str) -> None:
        """See that an error's message is the one that the page shows."""
        with pytest.raises(Exception) as error:  # noqa: PT011 - the message is compared
            self.python(code, block.line - code.count("\n"))
        pattern = ".*".join(map(re.escape, block.text.strip().split("…")))
        assert re.fullmatch(pattern, str(error.value), re.DOTALL), f"{block.line}: it says {error.value}"

    def shell(self, text: str) -> None:
        """Do what lines of a shell say; inspectree's commands in this process."""
        for line in text.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0] == "inspectree":
                self.command(words[1:])
            else:
                assert not words or words[0] in ELSEWHERE, f"{self.page.name}: who runs {line!r}?"

    def command(self, words: list[str]) -> None:
        """Run a command of inspectree; serving goes on in the background, trainings are only understood."""
        if words[0] == "serve":
            self.serve(words[1:])
            return
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "stdin", io.StringIO("y\n"))  # whoever is asked agrees
            assert main([*words, "--help"] if words[0] == "demo" else words) == 0, words

    def serve(self, words: list[str]) -> None:
        """Begin to serve, at a free port, until the page ends."""
        self.stop()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"127.0.0.1:{port}"
        inspectree = Path(sys.executable).with_name("inspectree")
        command = [inspectree, "serve", *words, "--port", str(port)]
        quiet = subprocess.DEVNULL
        self.server = subprocess.Popen(command, text=True, stdout=quiet, stderr=quiet, start_new_session=True)
        self.wait()

    def wait(self) -> None:
        """Wait until the server answers."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                if httpx.get(f"http://{self.address}/api/health", timeout=SECONDS).json()["status"] == "ok":
                    return
            except httpx.HTTPError:
                assert self.server is not None
                assert self.server.poll() is None, "the server has ended"
            time.sleep(0.05)
        raise AssertionError(f"the server did not answer within {SECONDS} s")

    def stop(self) -> None:
        """End the server, if there is one."""
        if self.server is not None:
            self.server.terminate()
            self.server.wait(SECONDS)
            self.server = None


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which somebody has followed the five-minute start: its store is ``runs``."""
    folder = tmp_path_factory.mktemp("start")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        Reader(START).follow()
    return folder


@pytest.fixture
def begin(started: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what puts one into a folder of one's own, with a copy of the store."""

    def copy() -> None:
        shutil.copytree(started / "runs", tmp_path / "runs")
        monkeypatch.chdir(tmp_path)

    return copy


def test_the_five_minute_start_runs(started: Path) -> None:
    assert models(started) == 2


@pytest.mark.parametrize("page", [page for page in PAGES if page != START], ids=lambda page: page.stem)
def test_the_code_of_a_page_runs(page: Path, begin: Callable[[], None]) -> None:
    if any(block.language in {*RUN, "text"} for block in blocks(page)):
        begin()
        Reader(page).follow()


def test_the_code_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reader has data and a compiled model."""
    monkeypatch.chdir(tmp_path)
    Reader(README, readers_own()).follow()
    assert models(tmp_path) == 2


def models(folder: Path) -> int:
    """Return how many models the store in a folder holds."""
    return len([*(folder / "runs" / "models").iterdir()])


def readers_own() -> dict[str, Any]:
    """Return a small model with a convolution, and data for it."""
    import keras
    import numpy as np

    rng = np.random.default_rng(0)
    layers = [
        keras.layers.Conv2D(4, 3, name="conv_1"),
        keras.layers.Flatten(),
        keras.layers.Dense(3, "softmax"),
    ]
    model = keras.Sequential([keras.Input((6, 6, 1)), *layers])
    model.compile("adam", "sparse_categorical_crossentropy")
    x, y = rng.random((40, 6, 6, 1), dtype="float32"), rng.integers(0, 3, 40)
    return {"__name__": "readme", "model": model, "x": x, "y": y, "x_test": x[:20], "y_test": y[:20]}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_says_what_it_is(page: Path) -> None:
    """What is indented would be run as shell in README alone, and would be overlooked in a page."""
    assert {TITLE.sub("python", block.language) for block in blocks(page)} <= RUN | SHOWN


def test_pages_whose_code_is_run_elsewhere_are_there() -> None:
    there = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert there >= MADE | WALKS
    assert "test_walkthroughs.py" in {path.name for path in (ROOT / "tests/sample_experiments").iterdir()}
