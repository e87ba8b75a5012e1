"""The command line."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import httpx
import numpy as np
import pytest

from inspectree.logger.header import Header
from inspectree.logger.store.writer import ModelWriter
from inspectree.server import Store
from inspectree.server.api.serving import listen
from inspectree.server.cli import main
from inspectree.server.errors import ServingError

Captured = pytest.CaptureFixture[str]


def out(capsys: Captured, *arguments: object) -> str:
    assert main(list(map(str, arguments))) == 0
    return capsys.readouterr().out


def test_version(capsys: Captured) -> None:
    assert out(capsys, "version").strip() == version("inspectree")


def test_ls_lists_models(capsys: Captured, folder: Path) -> None:
    head, root, child = out(capsys, "ls", folder).splitlines()
    assert head.split()[:3] == ["id", "model", "state"]
    assert root.startswith("aaaa0000  The root  finished")
    assert "val_loss 1.5" in child


def test_ls_draws_the_tree(capsys: Captured, tmp_path: Path, write_model: Callable[..., ModelWriter]) -> None:
    """A model with two parents stands below the first and names the second; names are no markup."""
    write_model(tmp_path, Header(id="aaaa", name="[red]a"), ())
    write_model(tmp_path, Header(id="bbbb", name="b", parents=("aaaa",)), ())
    write_model(tmp_path, Header(id="cccc", name="c", parents=("bbbb", "aaaa", "gone")), ())
    assert main(["ls", str(tmp_path), "--tree"]) == 0
    printed = capsys.readouterr()
    assert [line.rstrip() for line in printed.out.splitlines()] == [
        "[red]a",
        "└── [red]a  aaaa  finished",
        "    └── b  bbbb  finished",
        "        └── c  cccc  finished  also from [red]a",
    ]
    assert printed.err == "cccc: its parent gone is not in the store\n"


def test_ls_prints_json(capsys: Captured, folder: Path) -> None:
    (experiment,) = json.loads(out(capsys, "ls", folder, "--json"))["experiments"]
    assert [model["name"] for model in experiment["models"]] == ["root", "child"]


def test_ls_of_an_empty_store_says_so(capsys: Captured, tmp_path: Path) -> None:
    assert out(capsys, "ls", tmp_path).split() == f"{tmp_path} holds no models yet".split()


@pytest.mark.parametrize(
    ("uoa", "lines"),
    [
        ("root", ["level: model", "state: finished", "  batch_size: 32"]),
        ("root/conv", ["level: layer", "type: Conv2D", "parameters: 20"]),
        (
            "root@1/conv/kernel",
            ["level: variable", "epoch: 1", 'dims: ["y", "x", "in", "out"]', "  count: 18"],
        ),
    ],
)
def test_show_tells_what_is_known(capsys: Captured, folder: Path, uoa: str, lines: list[str]) -> None:
    printed = out(capsys, "show", folder, uoa).splitlines()
    assert set(lines) <= set(printed)
    assert json.loads(out(capsys, "show", folder, uoa, "--json"))["level"] == lines[0].split()[1]


def test_query_prints_values(capsys: Captured, folder: Path) -> None:
    assert json.loads(out(capsys, "query", folder, "root/dense/bias", '[{"op": "sum"}]'))["values"] == 9
    assert (
        out(capsys, "query", folder, "root/dense/bias", "--format", "csv")
        == "out,bias\n0,3.0\n1,3.0\n2,3.0\n"
    )


def test_query_writes_a_file(capsys: Captured, folder: Path, tmp_path: Path, store: Store) -> None:
    target = tmp_path / "kernel.npy"
    out(capsys, "query", folder, "root/conv/kernel", "--format", "npy", "-o", target)
    np.testing.assert_array_equal(np.load(target), store["root"].checkpoint()["conv/kernel"].values)


def test_branch_prints_a_header_ready_to_paste(capsys: Captured, folder: Path) -> None:
    text = out(capsys, "branch", folder, "child", "--name", "wider", "--label", "Wider")
    assert text.startswith("from inspectree.logger import Header\n\nheader = Header(\n")
    assert '    parents=["bbbb0000-child"],\n' in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ls", "nowhere"], "the store nowhere does not exist"),
        (["serve", "nowhere"], "the store nowhere does not exist"),
        (["show", "{}", "rot"], "there is no model 'rot'; the nearest is root"),
        (["query", "{}", "root/conv/kernel", "{{"], "the pipeline is not JSON: "),
        (["query", "{}", "root/conv/kernel", "3"], "a pipeline is a JSON list of steps, such as "),
        (["query", "{}", "root/conv/kernel", '[{{"op": "men"}}]'], "step 1: no operation 'men'; "),
        (["ls"], "Missing argument 'store'."),
        (["lss"], "No such command 'lss'."),
        (["ls", "{}", "--nonsense"], "No such option: --nonsense"),
        (["serve", "{}", "--cache", "redis://x"], "Invalid value for '--cache': "),
    ],
)
def test_wrong_use_is_one_clear_line(
    capsys: Captured, folder: Path, arguments: list[str], message: str
) -> None:
    assert main([argument.format(folder) for argument in arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.startswith(f"inspectree: {message}")


def test_debug_shows_where_an_error_comes_from(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="does not exist"):
        main(["ls", str(tmp_path / "nowhere"), "--debug"])


def test_a_port_in_use_is_one_clear_line_that_names_a_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServingError) as error:
            listen("127.0.0.1", port)
    words = str(error.value).split()
    assert words[:5] == ["port", str(port), "is", "in", "use;"]
    listen("127.0.0.1", int(words[5])).close()


def test_a_demo_that_was_not_finished_is_not_added_to(
    capsys: Captured, tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    write_model(tmp_path, Header(id="aaaa", name="dense"), (), state="interrupted")
    assert main(["demo", str(tmp_path)]) == 2
    line = f"{tmp_path} holds a tree that is not finished (dense): delete it, or name another folder"
    assert capsys.readouterr().err == f"inspectree: {line}\n"


def test_a_demo_that_is_complete_is_not_trained_again(folder: Path) -> None:
    assert main(["demo", str(folder), "--no-serve"]) == 0


def test_serve_serves_and_ends_at_a_signal(folder: Path) -> None:
    """The address is printed, dashboard and interface answer, and nothing is left running."""
    command = [sys.executable, "-c", "from inspectree.server.cli import main; raise SystemExit(main())"]
    process = subprocess.Popen(
        [*command, "serve", str(folder), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    with process, process.stdout as printed:
        line = printed.readline()
        address = next(word for word in line.split() if word.startswith("http"))
        with httpx.Client(base_url=address, timeout=20) as client:
            assert client.get("/api/health").json()["models"] == 2
            assert client.get("/").headers["content-type"].startswith("text/html")
            assert client.get("/some/deep/link").status_code == 200
            assert client.get("/api/nonsense").status_code == 404
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
