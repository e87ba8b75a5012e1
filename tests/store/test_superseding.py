"""Setting aside what a training does again, whatever happens meanwhile."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import h5py
import pytest

from inspectree.logger.store.reader import ModelReader
from inspectree.logger.store.superseding import NOTHING, set_aside


@pytest.fixture(scope="module")
def finished(training: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a model with five checkpoints, one every ten steps, and a saved one."""
    folder: Path = training.train(tmp_path_factory.mktemp("runs"), "model", 5).folder
    (folder / "saved").mkdir()
    (folder / "saved" / "000004.keras").write_text("saved")
    return folder


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / "models" / "model")


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "superseded").glob("*"))


def _epochs(path: Path) -> list[int]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert lines[0]["kind"] == "history"
    return [line["epoch"] for line in lines if "kind" not in line]


def test_what_lies_ahead_of_a_step_is_set_aside(folder: Path) -> None:
    assert set_aside(folder, 20, None) == 2
    reader = ModelReader(folder)
    assert reader.checkpoint_numbers() == [0, 1, 2]
    assert [line["epoch"] for line in reader.history()] == [0, 1, 2]
    assert _names(folder) == ["000003.1.h5", "000004.1.h5", "000004.1.keras", "history.1.jsonl"]
    assert _epochs(folder / "superseded" / "history.1.jsonl") == [3, 4]
    assert list((folder / "saved").iterdir()) == []


def test_what_lies_ahead_of_an_epoch_is_set_aside(folder: Path) -> None:
    assert set_aside(folder, 100, 3) == 1
    assert ModelReader(folder).checkpoint_numbers() == [0, 1, 2, 3]


def test_nothing_ahead_leaves_no_trace(folder: Path) -> None:
    assert set_aside(folder, 40, 4) == 0
    assert not (folder / "superseded").exists()


def test_everything_lies_ahead_of_nothing(folder: Path) -> None:
    assert set_aside(folder, NOTHING, 0) == 5
    reader = ModelReader(folder)
    assert (reader.checkpoint_numbers(), reader.history()) == ([], [])


def test_a_checkpoint_that_cannot_be_read_is_set_aside_with_those_after_it(folder: Path) -> None:
    (folder / "checkpoints" / "000003.h5").write_text("damaged")
    assert set_aside(folder, 40, 4) == 0
    (folder / "checkpoints" / "000004.h5").write_text("damaged")
    assert set_aside(folder, 40, 4) == 2
    assert ModelReader(folder).checkpoint_numbers() == [0, 1, 2]


def test_what_was_set_aside_can_be_read_with_its_links(folder: Path) -> None:
    set_aside(folder, 20, None)
    with h5py.File(folder / "superseded" / "000003.1.h5") as file:
        assert file["data_samples/x"].shape[0] == 30


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
from inspectree.logger.store import superseding

finished, copies = map(Path, sys.argv[1:])

def killer(line):
    seen = 0
    def trace(frame, event, argument):
        nonlocal seen
        if frame.f_code.co_filename != superseding.__file__:
            return None
        seen += event == "line"
        if seen == line:
            os.kill(os.getpid(), signal.SIGKILL)
        return trace
    return trace

line, status = 0, signal.SIGKILL
while status == signal.SIGKILL:
    line += 3
    folder = shutil.copytree(finished, copies / str(line))
    process = os.fork()
    if not process:
        sys.settrace(killer(line))
        superseding.set_aside(folder, 20, None)
        os._exit(0)
    status = os.waitpid(process, 0)[1]
assert status == 0
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_nothing_is_lost_wherever_it_is_killed_and_the_next_time_completes_it(
    finished: Path, tmp_path: Path
) -> None:
    subprocess.run([sys.executable, "-I", "-c", KILLED, str(finished), str(tmp_path)], check=True)
    copies = list(tmp_path.iterdir())
    assert len(copies) > 20
    stages = set()
    for folder in copies:
        numbers = ModelReader(folder).checkpoint_numbers()
        assert numbers == list(range(len(numbers)))
        assert _aside(folder) | set(numbers) == {0, 1, 2, 3, 4}
        stages.add(len(numbers))
        set_aside(folder, 20, None)
        reader = ModelReader(folder)
        assert reader.checkpoint_numbers() == [0, 1, 2]
        assert [entry["epoch"] for entry in reader.history()] == [0, 1, 2]
        assert _aside(folder) == {3, 4}
        histories = [folder / "superseded" / name for name in _names(folder) if name.endswith("jsonl")]
        assert [3, 4] in map(_epochs, histories)
    assert stages == {5, 4, 3}


def _aside(folder: Path) -> set[int]:
    return {int(name[:6]) for name in _names(folder) if name.endswith(".h5")}
