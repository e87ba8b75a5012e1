"""The command line."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import httpx
import numpy as np
import pytest
from rich.console import Console

from inspectree.logger.header import Header
from inspectree.logger.store.writer import ModelWriter
from inspectree.sample_experiments.digits_tree import NAMES
from inspectree.server import Store
from inspectree.server.api.serving import listen
from inspectree.server.cli import COMMANDS, main
from inspectree.server.cli.listing import COLUMNS, LEFT_OUT, fitting
from inspectree.server.errors import ServingError

COMMAND = [sys.executable, "-c", "from inspectree.server.cli import main; raise SystemExit(main())"]

Captured = pytest.CaptureFixture[str]


def out(capsys: Captured, *arguments: object) -> str:
    assert main(list(map(str, arguments))) == 0
    return capsys.readouterr().out


def test_version(capsys: Captured) -> None:
    assert out(capsys, "version").strip() == version("inspectree")


def test_ls_lists_models(capsys: Captured, folder: Path) -> None:
    head, root, child = out(capsys, "ls", folder).splitlines()
    assert head.split()[:3] == ["id", "name", "label"]
    assert root.startswith("aaaa0000  root   The root  finished")
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
        ("root", ["level: model", "state: finished", "  batch_size: 32", "flops: 850"]),
        ("root/conv", ["level: layer", "type: Conv2D", "parameters: 20", "flops: 640"]),
        (
            "root@1/conv/kernel",
            ["level: variable", "epoch: 1", "dims: y, x, in, out", "  count: 18"],
        ),
        ("root/dense", ["level: layer", "  kernel: in 32, out 3; float32"]),
        (
            "root@best",
            ["level: checkpoint", "step: 20", "  loss: 0.5", "  conv/kernel: y 3, x 3, in 1, out 2; float32"],
        ),
    ],
)
def test_show_tells_what_is_known(capsys: Captured, folder: Path, uoa: str, lines: list[str]) -> None:
    printed = out(capsys, "show", folder, uoa).splitlines()
    assert set(lines) <= set(printed)
    assert json.loads(out(capsys, "show", folder, uoa, "--json"))["level"] == lines[0].split()[1]


@pytest.mark.parametrize(("width", "left_out"), [(200, 0), (80, 1), (60, 2), (30, 5), (5, 5)])
def test_in_a_narrow_terminal_whole_columns_are_left_out(store: Store, width: int, left_out: int) -> None:
    """What tells the models apart stays to the last."""
    table, without = fitting(store, Console(width=width))
    assert without == list(LEFT_OUT[:left_out])
    assert [column.header for column in table.columns] == [name for name in COLUMNS if name not in without]


def test_another_program_gets_every_column(
    capsys: Captured, tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    """However long a row is."""
    write_model(tmp_path, Header(name="long", label="very " * 100))
    assert "val_loss" in out(capsys, "ls", tmp_path).splitlines()[1]


def test_query_prints_values(capsys: Captured, folder: Path) -> None:
    assert json.loads(out(capsys, "query", folder, "root/dense/bias", '[{"op": "sum"}]'))["values"] == 9
    assert (
        out(capsys, "query", folder, "root/dense/bias", "--format", "csv")
        == "out,bias\n0,3.0\n1,3.0\n2,3.0\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such terminal")
def test_on_a_terminal_query_prints_what_can_be_read(folder: Path) -> None:
    import pty

    own, theirs = pty.openpty()
    command = [*COMMAND, "query", str(folder), "root/conv/kernel"]
    subprocess.run(command, stdout=theirs, check=True)
    os.close(theirs)
    with os.fdopen(own, "rb", buffering=0) as terminal:
        assert terminal.read(60).startswith(b"<xarray.DataArray 'kernel' (y: 3, x: 3, in: 1, out: 2)")


def test_query_writes_a_file(capsys: Captured, folder: Path, tmp_path: Path, store: Store) -> None:
    target = tmp_path / "kernel.npy"
    out(capsys, "query", folder, "root/conv/kernel", "--format", "npy", "-o", target)
    np.testing.assert_array_equal(np.load(target), store["root"].checkpoint()["conv/kernel"].values)


def test_check_says_what_is_damaged(capsys: Captured, folder: Path, tmp_path: Path) -> None:
    """A sound store is a yes, any other a no."""
    assert out(capsys, "check", folder) == f"{folder} is sound: 12 files read\n"
    runs = shutil.copytree(folder, tmp_path / "runs")
    (runs / "models/aaaa0000-root/notes.txt").write_text("mine")
    assert main(["check", str(runs)]) == 1
    where, total = capsys.readouterr().out.splitlines()
    assert where == "models/aaaa0000-root/notes.txt: it belongs to nothing in the store"
    assert total == f"1 problem in {runs}"


def test_prune_deletes_when_told_to(capsys: Captured, folder: Path, tmp_path: Path) -> None:
    runs = shutil.copytree(folder, tmp_path / "runs")
    checkpoints = runs / "models/aaaa0000-root/checkpoints"
    root, child, total = out(capsys, "prune", runs, "--dry-run").splitlines()
    assert (root, child) == ("aaaa0000  The root: 1", "bbbb0000  child: 1")
    assert total.startswith("would be deleted: 2 checkpoints, ")
    assert len(list(checkpoints.iterdir())) == 4
    assert out(capsys, "prune", runs, "--yes").splitlines()[-1].startswith("deleted: 2 checkpoints, ")
    assert sorted(path.name for path in checkpoints.iterdir()) == ["000000.h5", "000002.h5", "000003.h5"]
    assert out(capsys, "prune", runs, "--yes") == "nothing has to go\n"


@pytest.mark.parametrize(("answer", "left"), [("n\n", 4), ("", 4), ("y\n", 3)])
def test_prune_asks_before_it_deletes(folder: Path, tmp_path: Path, answer: str, left: int) -> None:
    """Without an answer, as in a script, nothing goes."""
    runs = shutil.copytree(folder, tmp_path / "runs")
    command = [*COMMAND, "prune", str(runs)]
    done = subprocess.run(command, input=answer, capture_output=True, text=True, check=False)
    assert len(list((runs / "models/aaaa0000-root/checkpoints").iterdir())) == left
    assert (done.returncode == 0) == (left == 3)


def test_branch_prints_a_header_ready_to_paste(capsys: Captured, folder: Path) -> None:
    text = out(capsys, "branch", folder, "child", "--name", "wider", "--label", "Wider")
    assert text.startswith("from inspectree.logger import Header\n\nheader = Header(\n")
    assert '    parents=["bbbb0000-child"],\n' in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ls", "nowhere"], "the store nowhere does not exist"),
        (["serve", "nowhere"], "the store nowhere does not exist"),
        (["show", "{}", "rot"], "there is no model 'rot'; the nearest are root, The root"),
        (["query", "{}", "root/conv/kernel", "{{"], "the pipeline is not JSON: "),
        (["query", "{}", "root/conv/kernel", "3"], "a pipeline is a JSON list of steps, such as "),
        (["query", "{}", "root/conv/kernel", '[{{"op": "men"}}]'], "step 1: no operation 'men'; "),
        (["ls"], "Missing argument 'store'."),
        (["lss"], "No such command 'lss'."),
        (["query", "{}", "root/conv", "-o", "no/such/file"], "no/such/file: No such file or directory"),
        (
            ["serve", "{}", "--host", "192.0.2.1"],  # kept for documentation: no machine has it
            "cannot listen on 192.0.2.1, port 8600: Cannot assign requested address",
        ),
        (["check", "nowhere"], "the store nowhere does not exist"),
        (["prune", "{}", "--keep", "frist"], "'frist' is nothing to keep: write first, last, best, every:N"),
        (["show", "{}", "aa"], "there is no model 'aa'; a prefix of an id needs 4 characters"),
        (["show", "{}", "root@x"], "'root@x': 'x' is no checkpoint: write a number, last, first, best"),
        (
            ["query", "{}", "root@2"],
            "aaaa0000-root@2 is a whole checkpoint: name a layer or a variable in it",
        ),
        (["ls", "{}", "--nonsense"], "No such option: --nonsense"),
        (["serve", "{}", "--cache", "redis://127.0.0.1:1"], "the Redis cannot be used: "),
        (
            ["serve", "{}", "--limit", "held"],
            "'held': the limit 'held' is a number above 0, such as held=4 GB",
        ),
        (
            ["serve", "{}", "--limit", "hold=1GB"],
            "'hold=1GB': there is no limit 'hold'; the nearest are held, body",
        ),
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


def test_an_ambiguous_prefix_is_one_clear_line_that_lists_the_ids(
    capsys: Captured, tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    for id_ in ("aaaa1111", "aaaa2222"):
        write_model(tmp_path, Header(id=id_, name=id_), ())
    assert main(["show", str(tmp_path), "aaaa"]) == 2
    line = "'aaaa' fits 2 models: say which by its id (aaaa1111, aaaa2222)"
    assert capsys.readouterr().err == f"inspectree: {line}\n"


def test_every_command_is_in_the_help(capsys: Captured) -> None:
    printed = out(capsys, "--help")
    assert all(f" {command} " in printed for command in ("version", *COMMANDS))


@pytest.mark.parametrize("command", ["version", *COMMANDS])
def test_every_command_explains_itself(capsys: Captured, command: str) -> None:
    assert f"inspectree {command}" in out(capsys, command, "--help")


def test_a_port_in_use_is_one_clear_line_that_names_a_free_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServingError) as error:
            listen("127.0.0.1", port)
    words = str(error.value).split()
    assert words[:5] == ["port", str(port), "is", "in", "use;"]
    listen("127.0.0.1", int(words[5])).close()


def demo_tree(store: Path, write_model: Callable[..., ModelWriter], count: int = len(NAMES)) -> None:
    """Write the demo's first models, as far as their names go."""
    for number, name in enumerate(NAMES[:count]):
        write_model(store, Header(id=f"{number:04}", name=name), ())


@pytest.mark.parametrize(("count", "first"), [(1, "digits_dense_relu"), (5, "digits_merged")])
def test_a_demo_that_was_stopped_between_two_models_is_no_whole_one(
    capsys: Captured, tmp_path: Path, write_model: Callable[..., ModelWriter], count: int, first: str
) -> None:
    demo_tree(tmp_path, write_model, count)
    assert main(["demo", str(tmp_path), "--no-serve"]) == 2
    line = f"{tmp_path} holds a tree that is not finished ({first}): delete it, or name another folder"
    assert capsys.readouterr().err == f"inspectree: {line}\n"


def test_a_demo_that_was_not_finished_is_not_added_to(
    capsys: Captured, tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    write_model(tmp_path, Header(id="aaaa", name="digits_dense"), (), state="interrupted")
    assert main(["demo", str(tmp_path)]) == 2
    line = "holds a tree that is not finished (digits_dense): delete it, or name another folder"
    assert capsys.readouterr().err == f"inspectree: {tmp_path} {line}\n"


def test_a_demo_is_not_mixed_with_other_models(capsys: Captured, folder: Path) -> None:
    assert main(["demo", str(folder), "--no-serve"]) == 2
    line = "holds other models (The root): name another folder"
    assert capsys.readouterr().err == f"inspectree: {folder} {line}\n"


def test_a_demo_that_is_complete_is_not_trained_again(
    tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    """Also where somebody has gone on from it."""
    demo_tree(tmp_path, write_model)
    write_model(tmp_path, Header(id="mine", name="mine", parents=("0005",)), (), state="interrupted")
    assert main(["demo", str(tmp_path), "--no-serve"]) == 0


@contextmanager
def served(*arguments: object) -> Iterator[str]:
    """Serve as from a shell, and yield the printed address; end it by a signal, whatever happens."""
    process = subprocess.Popen(
        [*COMMAND, "serve", *map(str, arguments), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    with process, process.stdout as printed:
        try:
            yield next(word for word in printed.readline().split() if word.startswith("http"))
        finally:
            process.send_signal(signal.SIGINT)
            status = process.wait(10)
    assert status == 0


def test_the_printed_address_lets_its_visitor_in(folder: Path) -> None:
    """Whatever the token holds."""
    with (
        served(folder, "--token", "a & b") as address,
        httpx.Client(timeout=20, follow_redirects=True) as client,
    ):
        assert client.get(address.partition("?")[0] + "api/health").status_code == 401
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.2", "LOCALHOST"])
def test_the_host_that_was_given_is_answered_to(folder: Path, host: str) -> None:
    """Every address of this machine's loopback, and no foreign name."""
    with served(folder, "--host", host) as address, httpx.Client(base_url=address, timeout=20) as client:
        assert client.get("/api/health").status_code == 200
        assert client.get("/api/health", headers={"Host": "evil.example"}).status_code == 403


def test_serve_serves_and_ends_at_a_signal(folder: Path) -> None:
    """The address is printed, dashboard and interface answer, and nothing is left running."""
    with served(folder) as address, httpx.Client(base_url=address, timeout=20) as client:
        assert len(client.get("/api/experiments").json()["experiments"][0]["models"]) == 2
        assert client.get("/api/health").json()["models"] == 2
        assert client.get("/").headers["content-type"].startswith("text/html")
        assert client.get("/some/deep/link").status_code == 200
        assert client.get("/api/nonsense").status_code == 404
