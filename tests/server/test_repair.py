"""Damaged files are moved away with a reason, nothing is deleted, and what is left is sound."""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import h5py
import pytest

from inspectree.logger.header import Header
from inspectree.logger.store.writer import ModelWriter
from inspectree.server.cli import main
from inspectree.server.store import open_store

ROOT = Path("models/aaaa0000-root")
CHILD = Path("models/bbbb0000-child")
TMP = "checkpoints/.000009.h5.0a1b.tmp"

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def runs(folder: Path, tmp_path: Path) -> Path:
    """Return a sound store that may be spoiled."""
    return shutil.copytree(folder, tmp_path / "runs")


def contents(runs: Path) -> Counter[bytes]:
    return Counter(path.read_bytes() for path in runs.rglob("*") if path.is_file())


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def reasons(runs: Path) -> list[dict[str, str]]:
    lines = (runs / "damaged/reasons.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def repair(capsys: Captured, runs: Path, status: int = 0) -> list[str]:
    assert main(["check", str(runs), "--repair"]) == status
    return capsys.readouterr().out.splitlines()


def test_damaged_files_are_set_aside_and_the_rest_is_sound(capsys: Captured, runs: Path) -> None:
    (runs / ROOT / "checkpoints/000001.h5").write_bytes(b"no HDF5")
    (runs / ROOT / "notes.txt").write_text("mine")
    (runs / CHILD / TMP).write_bytes(b"half")
    before = contents(runs)
    *moved, total = repair(capsys, runs)
    assert [line.split(": ")[0] for line in moved] == [
        str(ROOT / "checkpoints/000001.h5"),
        str(ROOT / "notes.txt"),
        str(CHILD / TMP),
    ]
    assert (
        moved[1]
        == f"{ROOT}/notes.txt: it belongs to nothing in the store; set aside as damaged/{ROOT}/notes.txt"
    )
    assert total == f"{runs} is sound: 11 files read"
    assert contents(runs) - before == Counter([(runs / "damaged/reasons.jsonl").read_bytes()])
    assert not before - contents(runs)
    store = open_store(runs)
    assert [model.checkpoint_numbers for model in store.models] == [(0, 2, 3), (0, 1, 2, 3)]
    assert store.problems == []
    assert main(["check", str(runs)]) == 0


def test_every_move_has_its_reason(capsys: Captured, runs: Path) -> None:
    (runs / ROOT / "notes.txt").write_text("mine")
    repair(capsys, runs)
    (line,) = reasons(runs)
    assert line.pop("time") > "2026"
    assert line == {
        "from": f"{ROOT}/notes.txt",
        "to": f"damaged/{ROOT}/notes.txt",
        "reason": "it belongs to nothing in the store",
    }


def test_a_second_repair_changes_nothing(capsys: Captured, runs: Path) -> None:
    (runs / ROOT / "checkpoints/000001.h5").write_bytes(b"")
    repair(capsys, runs)
    before = {path: path.stat().st_mtime_ns for path in runs.rglob("*")}
    assert repair(capsys, runs) == [f"{runs} is sound: 11 files read"]
    assert {path: path.stat().st_mtime_ns for path in runs.rglob("*")} == before


def test_a_sound_store_is_not_touched(capsys: Captured, runs: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in runs.rglob("*")}
    assert repair(capsys, runs) == [f"{runs} is sound: 12 files read"]
    assert {path: path.stat().st_mtime_ns for path in runs.rglob("*")} == before


def test_what_was_set_aside_before_is_not_overwritten(capsys: Captured, runs: Path) -> None:
    path = runs / ROOT / "checkpoints/000001.h5"
    for content in (b"first", b"second", b"third"):
        path.write_bytes(content)
        repair(capsys, runs)
    aside = runs / "damaged" / ROOT / "checkpoints"
    assert {path.name: path.read_bytes() for path in aside.iterdir()} == {
        "000001.h5": b"first",
        "000001.h5.2": b"second",
        "000001.h5.3": b"third",
    }


@pytest.mark.parametrize("damage", [lambda path: path.write_bytes(b"no HDF5"), Path.unlink])
def test_a_model_that_cannot_be_read_goes_as_a_whole(
    capsys: Captured, runs: Path, damage: Callable[[Path], object]
) -> None:
    """Its child stays, and is sound: where its parent is, is known."""
    damage(runs / ROOT / "model.h5")
    before = names(runs / ROOT)
    assert repair(capsys, runs)[-1] == f"{runs} is sound: 6 files read"
    assert names(runs / "damaged" / ROOT) == before
    assert not (runs / ROOT).exists()
    assert [model.header.name for model in open_store(runs).models] == ["child"]


def test_the_sound_lines_of_a_history_stay(capsys: Captured, runs: Path) -> None:
    path = runs / ROOT / "history.jsonl"
    first, *lines = path.read_text().splitlines()
    spoiled = "\n".join([first, lines[0], "{epoch", *lines[1:], '{"epoch": 4, "st'])
    path.write_text(spoiled)
    repair(capsys, runs)
    assert (runs / "damaged" / ROOT / "history.jsonl").read_text() == spoiled
    assert list(open_store(runs)["root"].history["epoch"]) == [1, 2, 3]
    assert main(["check", str(runs)]) == 0


def test_a_copy_of_a_model_is_set_aside(capsys: Captured, runs: Path) -> None:
    shutil.copytree(runs / ROOT, runs / "models/0copy")
    repair(capsys, runs)
    assert names(runs / "damaged/models/0copy") == names(runs / ROOT)
    assert open_store(runs).problems == []


def test_what_a_living_process_logs_is_left_alone(
    capsys: Captured, runs: Path, write_model: Callable[..., ModelWriter]
) -> None:
    """It is told all the same; when the training has ended, it is set aside."""
    growing = write_model(runs, Header(id="cccc", name="c"), (0,), state="training")
    (growing.folder / "checkpoints/000007.h5").write_bytes(b"no HDF5")
    (growing.folder / TMP).write_bytes(b"half")
    before = contents(runs)
    damaged, total = repair(capsys, runs, status=1)
    assert damaged.startswith("models/cccc/checkpoints/000007.h5: cannot be read as an HDF5 file: ")
    assert total == f"1 problem in {runs}"
    assert contents(runs) == before
    growing.finish()
    assert repair(capsys, runs)[-1].startswith(f"{runs} is sound: ")


def test_files_of_a_newer_inspectree_and_links_to_nowhere_are_left_alone(
    capsys: Captured, runs: Path, write_model: Callable[..., ModelWriter]
) -> None:
    """They are not damaged, and nothing can be moved to mend them: the answer stays no."""
    write_model(runs, Header(id="cccc", name="c", parents=("gone",)), ())
    with h5py.File(runs / CHILD / "model.h5", "r+") as file:
        file.attrs["version"] = "2.0"
    (runs / "models/empty").mkdir()
    before = names(runs)
    newer, empty, parent, total = repair(capsys, runs, status=1)
    assert newer == f"{CHILD}/model.h5: has format version 2.0, this inspectree reads up to 1.x"
    assert empty == "models/empty: it holds no model.h5: its training ended before it began"
    assert parent == "cccc: its parent gone is not in the store"
    assert total == f"2 problems in {runs}"
    assert names(runs) == before


def test_json_says_the_same(capsys: Captured, runs: Path) -> None:
    (runs / ROOT / "notes.txt").write_text("mine")
    finding = {
        "where": f"{ROOT}/notes.txt",
        "what": "it belongs to nothing in the store",
        "harmless": False,
        "set_aside": None,
    }
    assert main(["check", str(runs), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"sound": False, "files": 13, "findings": [finding]}
    assert main(["check", str(runs), "--json", "--repair"]) == 0
    told = {"sound": True, "files": 12, "findings": [{**finding, "set_aside": f"damaged/{ROOT}/notes.txt"}]}
    assert json.loads(capsys.readouterr().out) == told
