"""A process that is killed at any moment leaves whole files only."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import h5py
import pytest

from inspectree.logger.errors import StoreError
from inspectree.logger.store.reader import ModelReader
from inspectree.server.check import check
from inspectree.server.inspector import Inspector

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")

LINES = 20
"""So many times the training is killed between two lines of the store's code, from its first to its last."""

MOMENTS = 10
"""So many times it is killed from outside, wherever it is: most often within HDF5."""

NURSERY = """
import os, runpy, signal, sys, threading, time
from pathlib import Path
import inspectree.logger.store.writer as writer

script, stores, lines, moments = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
train = runpy.run_path(script)["train"]
code = str(Path(writer.__file__).parent)

def child(store, last=None):
    count = 0
    def trace(frame, event, argument):
        nonlocal count
        if not frame.f_code.co_filename.startswith(code):
            return None
        if event == "line":
            count += 1
            if count == last:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace
    if last is not None:
        threading.settrace(trace)
        sys.settrace(trace)
    train(store, "model", 3, 12)
    sys.settrace(None)
    return count

def fork(*arguments):
    process = os.fork()
    if not process:
        count = child(*arguments)
        (arguments[0] / "count").write_text(str(count))
        os._exit(0)
    return process

os.waitpid(fork(stores / "whole", 10**9), 0)
total = int((stores / "whole" / "count").read_text())
for index in range(lines):
    moment = 1 + index * (total - 1) // lines
    _, status = os.waitpid(fork(stores / f"line {moment}", moment), 0)
    assert os.WTERMSIG(status) == signal.SIGKILL, (moment, total, status)

began = time.perf_counter()
os.waitpid(fork(stores / "untraced"), 0)
lasts = time.perf_counter() - began
for index in range(moments):
    process = fork(stores / f"moment {index}")
    time.sleep(lasts * (index + 0.5) / moments)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
"""


@pytest.fixture(scope="module")
def stores(script: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return the stores that killed trainings have left."""
    folder = tmp_path_factory.mktemp("killed")
    arguments = [str(script), str(folder), str(LINES), str(MOMENTS)]
    subprocess.run([sys.executable, "-I", "-c", NURSERY, *arguments], check=True)
    left = sorted(folder.iterdir())
    assert len(left) >= LINES
    return left


def _started(stores: list[Path]) -> list[ModelReader]:
    return [ModelReader(path.parent) for store in stores for path in store.glob("models/model/model.h5")]


def test_the_trainings_were_killed_at_all_stages(stores: list[Path]) -> None:
    stages = {len(reader.checkpoint_numbers()) for reader in _started(stores)}
    assert stages == {0, 1, 2, 3}
    assert len(_started(stores)) < len(stores)


def test_every_checkpoint_with_a_name_is_whole(stores: list[Path], training: SimpleNamespace) -> None:
    for reader in _started(stores):
        numbers = reader.checkpoint_numbers()
        assert numbers == list(range(len(numbers)))
        for checkpoint in map(reader.checkpoint, numbers):
            kernels = training.record(checkpoint.number, 12).layers[0].weights
            assert (checkpoint.read("conv/float").values == kernels["float"]).all()
            assert all(checkpoint.read(path).size for path in checkpoint.entries)


def test_every_file_with_a_name_opens_with_any_hdf5_tool(stores: list[Path]) -> None:
    for store in stores:
        for path in store.rglob("[!.]*.h5"):
            with h5py.File(path) as file:
                assert {"kind", "version"} <= set(file.attrs)


def test_check_finds_nothing_but_what_a_killed_process_leaves(stores: list[Path]) -> None:
    with Inspector() as inspector:
        found = [finding for store in stores for finding in check(store, inspector) if finding is not None]
    assert [finding for finding in found if not finding.harmless] == []
    assert len(found) > 0


def test_models_and_histories_are_readable(stores: list[Path]) -> None:
    for reader in _started(stores):
        assert reader.graph.name == "m"
        assert reader.hyperparameters == {"rate": 0.1}
        assert [line["epoch"] for line in reader.history()] == list(range(len(reader.history())))
        assert reader.state in {"interrupted", "finished"}


def test_the_id_of_a_start_that_was_killed_can_be_used(stores: list[Path], training: SimpleNamespace) -> None:
    for store in stores:
        if (store / "models" / "model" / "model.h5").exists():
            with pytest.raises(StoreError, match=r"already holds a model with the id model$"):
                training.train(store, "model", 1)
        else:
            folder = training.train(store, "model", 1).folder
            assert ModelReader(folder).checkpoint_numbers() == [0]
            assert [path.name for path in folder.rglob(".*")] == []
