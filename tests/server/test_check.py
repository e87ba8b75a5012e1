"""What is said of a store whose files are damaged or belong to nothing."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from inspectree.logger.header import Header
from inspectree.logger.store.writer import ModelWriter
from inspectree.server.catalog import Problem
from inspectree.server.check import check

ROOT = Path("models/aaaa0000-root")


@pytest.fixture
def runs(folder: Path, tmp_path: Path) -> Path:
    """Return a sound store that may be spoiled."""
    return shutil.copytree(folder, tmp_path / "runs")


def problems(runs: Path) -> dict[str, str]:
    return {problem.where: problem.what for problem in check(runs) if problem is not None}


def spoil(path: Path, start: int, count: int) -> None:
    content = bytearray(path.read_bytes())
    content[start : start + count] = b"\xff" * count
    path.write_bytes(content)


def test_a_sound_store_is_read_file_by_file(folder: Path) -> None:
    """Two models, each with its file, a history and four checkpoints."""
    assert list(check(folder)) == [None] * 2 * 6


def test_nothing_is_changed(runs: Path) -> None:
    (runs / ROOT / "checkpoints/000001.h5").write_bytes(b"no HDF5")
    before = {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in runs.rglob("*")}
    assert problems(runs)
    assert {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in runs.rglob("*")} == before


def test_a_file_that_is_cut_off_is_named(runs: Path) -> None:
    path = ROOT / "checkpoints/000001.h5"
    content = (runs / path).read_bytes()
    (runs / path).write_bytes(content[: len(content) // 2])
    ((where, what),) = problems(runs).items()
    assert where == str(path)
    assert what.startswith("cannot be read as an HDF5 file: ")
    assert "truncated" in what


def test_values_that_cannot_be_unpacked_are_found(
    tmp_path: Path, write_model: Callable[..., ModelWriter]
) -> None:
    """The file opens and its catalogue is right: only reading the values shows the damage."""
    write_model(tmp_path, Header(id="aaaa", name="a"), (0,))
    path = tmp_path / "models/aaaa/checkpoints/000000.h5"
    with h5py.File(path, "r+") as file:
        layer = file["layers/conv"]
        del layer["activations"]
        values = np.random.default_rng(0).random((30, 4, 4, 2), dtype=np.float32)
        stored = layer.create_dataset("activations", data=values, chunks=values.shape, fletcher32=True)
        stored.attrs["dims"] = ["sample", "y", "x", "channel"]
        chunk = stored.id.get_chunk_info(0)
    spoil(path, chunk.byte_offset, 16)
    ((where, what),) = problems(tmp_path).items()
    assert where == "models/aaaa/checkpoints/000000.h5"
    assert what.startswith("damaged: OSError: ")


def test_a_model_that_cannot_be_read_is_named_once(runs: Path) -> None:
    """Its child's parent is then missing."""
    (runs / ROOT / "model.h5").write_bytes(b"no HDF5")
    found = problems(runs)
    assert list(found) == [str(ROOT / "model.h5"), "bbbb0000-child"]
    assert found["bbbb0000-child"] == "its parent aaaa0000-root is not in the store"


def test_a_history_that_is_no_json_is_named(runs: Path) -> None:
    with (runs / ROOT / "history.jsonl").open("a") as file:
        file.write("{epoch\n")
    assert problems(runs)[str(ROOT / "history.jsonl")].startswith("damaged: JSONDecodeError")


def test_a_checkpoint_under_a_wrong_name_is_named(runs: Path) -> None:
    checkpoints = runs / ROOT / "checkpoints"
    shutil.copy(checkpoints / "000001.h5", checkpoints / "000007.h5")
    assert problems(runs) == {str(ROOT / "checkpoints/000007.h5"): "it says that it is checkpoint 1"}


def test_a_saved_model_is_an_archive_that_belongs_to_a_checkpoint(runs: Path) -> None:
    saved = runs / ROOT / "saved"
    saved.mkdir()
    for number in (1, 2, 9):
        with zipfile.ZipFile(saved / f"{number:06d}.keras", "w") as archive:
            archive.writestr("config.json", "{}" * 100)
    spoil(saved / "000002.keras", 60, 20)
    assert problems(runs) == {
        str(ROOT / "saved/000002.keras"): "config.json in it is damaged",
        str(ROOT / "saved/000009.keras"): "it belongs to nothing in the store",
    }


def test_what_belongs_to_nothing_is_named(runs: Path) -> None:
    (runs / ROOT / "notes.txt").write_text("mine")
    (runs / ROOT / ".DS_Store").write_text("a desktop's")
    (runs / "models/empty").mkdir()
    (runs / "models/file").write_text("mine")
    assert problems(runs) == {
        str(ROOT / "notes.txt"): "it belongs to nothing in the store",
        "models/empty": "it holds no model.h5: its training ended before it began",
        "models/file": "it belongs to nothing in the store",
    }


def test_leftovers_are_named_when_nobody_writes_them(
    runs: Path, write_model: Callable[..., ModelWriter]
) -> None:
    """While a model is logged, such a file is one that is being written."""
    growing = write_model(runs, Header(id="cccc", name="c"), (0,), state="training")
    for model in (ROOT.name, "cccc"):
        (runs / "models" / model / "checkpoints/.000009.h5.0a1b.tmp").write_bytes(b"half")
    leftover = Problem(
        str(ROOT / "checkpoints/.000009.h5.0a1b.tmp"),
        "a process that was killed left it half-written; it can be deleted",
    )
    assert [problem for problem in check(runs) if problem] == [leftover]
    growing.finish()
    assert len(problems(runs)) == 2


def test_two_models_of_one_id_are_told(runs: Path) -> None:
    shutil.copytree(runs / ROOT, runs / "models/copy")
    assert problems(runs) == {"copy": "it has the same id as aaaa0000-root: aaaa0000-root; left out"}
