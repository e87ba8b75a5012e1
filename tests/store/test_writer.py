import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from inspectree.logger.errors import StoreError
from inspectree.logger.header import Header
from inspectree.logger.store.reader import ModelReader
from inspectree.logger.store.writer import ModelWriter

Start = Callable[..., "subprocess.Popen[str]"]


def _start(writer: ModelWriter, training: SimpleNamespace) -> ModelReader:
    writer.start(training.graph(), {}, training.samples())
    return ModelReader(writer.folder)


# the life of a log


def test_a_model_is_training_until_it_is_finished(writer: ModelWriter, training: SimpleNamespace) -> None:
    assert _start(writer, training).state == "training"
    writer.finish()
    assert ModelReader(writer.folder).state == "finished"


def test_a_failure_has_its_reason_until_training_goes_on(
    writer: ModelWriter, training: SimpleNamespace
) -> None:
    _start(writer, training)
    writer.finish("failed", "ValueError: no")
    reader = ModelReader(writer.folder)
    assert (reader.state, reader.error) == ("failed", "ValueError: no")
    writer.reopen()
    reader = ModelReader(writer.folder)
    assert (reader.state, reader.error) == ("training", None)
    writer.finish()


def test_a_file_that_is_damaged_meanwhile_is_not_written_anew_as_if_it_were_sound(
    writer: ModelWriter, training: SimpleNamespace
) -> None:
    _start(writer, training)
    path = writer.folder / "model.h5"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"model\.h5 is damaged: it does not have its checksum$"):
        writer.finish()
    assert path.read_bytes() == content


def test_a_reopened_log_goes_on(writer: ModelWriter, training: SimpleNamespace) -> None:
    _start(writer, training)
    for number in (0, 1):
        writer.checkpoint(training.record(number))
        writer.scalars(epoch=number, step=number, seconds=1, metrics={})
        writer.finish()
        writer.reopen()
    writer.finish()
    reader = ModelReader(writer.folder)
    assert reader.checkpoint_numbers() == [0, 1]
    assert [line["epoch"] for line in reader.history()] == [0, 1]


def test_a_log_that_is_still_open_is_completed_before_it_goes_on(
    writer: ModelWriter, training: SimpleNamespace
) -> None:
    """A run that was interrupted is never finished; the next one begins all the same."""
    _start(writer, training)
    for number in range(4):
        writer.checkpoint(training.record(number))
        writer.scalars(epoch=number, step=number, seconds=1, metrics={})
        writer.reopen()
        assert ModelReader(writer.folder).checkpoint_numbers() == list(range(number + 1))
    writer.finish()
    reader = ModelReader(writer.folder)
    assert (reader.state, reader.checkpoint_numbers()) == ("finished", [0, 1, 2, 3])
    assert [line["epoch"] for line in reader.history()] == [0, 1, 2, 3]


def test_finishing_waits_for_every_checkpoint(writer: ModelWriter, training: SimpleNamespace) -> None:
    _start(writer, training)
    for number in range(20):
        writer.checkpoint(training.record(number))
    writer.finish()
    assert ModelReader(writer.folder).checkpoint_numbers() == list(range(20))


def test_scalars_are_there_at_once(writer: ModelWriter, training: SimpleNamespace) -> None:
    reader = _start(writer, training)
    writer.scalars(epoch=1, step=5, seconds=0.5, metrics={"loss": float("inf")})
    assert reader.history()[0]["metrics"] == {"loss": float("inf")}
    writer.finish()


def test_a_log_that_is_closed_takes_no_scalars(writer: ModelWriter) -> None:
    with pytest.raises(StoreError, match=r"^.*models/model is not open for writing$"):
        writer.scalars(epoch=1, step=5, seconds=0.5, metrics={})


def test_a_log_that_is_closed_takes_no_checkpoints(writer: ModelWriter, training: SimpleNamespace) -> None:
    with pytest.raises(StoreError, match=r"^.*models/model is not open for writing$"):
        writer.checkpoint(training.record(0))


def test_a_program_that_ends_without_finishing_loses_nothing(tmp_path: Path, script: Path) -> None:
    forgetful = tmp_path / "forgetful.py"
    forgetful.write_text(script.read_text().replace("    writer.finish()\n", ""))
    subprocess.run([sys.executable, "-I", forgetful, tmp_path / "runs", "model", "5"], check=True)
    reader = ModelReader(tmp_path / "runs" / "models" / "model")
    assert reader.checkpoint_numbers() == [0, 1, 2, 3, 4]
    assert reader.state == "interrupted"


# the id


def test_an_id_is_used_once(training: SimpleNamespace, tmp_path: Path) -> None:
    training.train(tmp_path, "model", 1)
    with pytest.raises(StoreError, match=f"^{tmp_path} already holds a model with the id model$"):
        ModelWriter(tmp_path, Header(id="model", name="other"))


def test_a_start_that_failed_does_not_use_up_the_id(writer: ModelWriter, training: SimpleNamespace) -> None:
    with pytest.raises(TypeError, match="not JSON serializable"):
        writer.start(training.graph(), {"rate": object()}, training.samples())
    again = ModelWriter(writer.folder.parent.parent, writer.header)
    assert _start(again, training).state == "training"
    again.finish()
    assert [path.name for path in again.folder.rglob(".*")] == []


def test_a_writer_that_never_started_does_not_use_up_the_id(
    writer: ModelWriter, training: SimpleNamespace
) -> None:
    again = ModelWriter(writer.folder.parent.parent, writer.header)
    assert _start(again, training).state == "training"
    again.finish()


def test_a_folder_with_checkpoints_is_not_taken_over(training: SimpleNamespace, tmp_path: Path) -> None:
    """Where ``model.h5`` was lost, its checkpoints must not be mixed with another model's."""
    folder = training.train(tmp_path, "model", 1).folder
    (folder / "model.h5").unlink()
    with pytest.raises(StoreError, match=r"already holds a model with the id model$"):
        ModelWriter(tmp_path, Header(id="model", name="other"))


def test_of_two_writers_with_one_id_the_first_to_start_wins(
    writer: ModelWriter, training: SimpleNamespace
) -> None:
    other = ModelWriter(writer.folder.parent.parent, Header(id="model", name="other"))
    _start(writer, training)
    with pytest.raises(StoreError, match=r"already holds a model with the id model$"):
        _start(other, training)
    writer.checkpoint(training.record(0))
    writer.finish()
    reader = ModelReader(writer.folder)
    assert (reader.header.name, reader.checkpoint_numbers()) == ("m", [0])


def test_a_log_is_gone_on_with_by_one_process_at_a_time(
    writer: ModelWriter, training: SimpleNamespace
) -> None:
    _start(writer, training)
    writer.checkpoint(training.record(0))
    writer.finish("interrupted")
    store = writer.folder.parent.parent
    first, other = (ModelWriter(store, writer.header, resumes=True) for _ in range(2))
    assert first.resume(training.graph(), training.samples(), 0, 0) == 0
    message = f"^{store} already holds a model with the id model, which is being trained$"
    with pytest.raises(StoreError, match=message):
        other.resume(training.graph(), training.samples(), 0, 0)
    with pytest.raises(StoreError, match=message):
        ModelWriter(store, writer.header, resumes=True)
    first.checkpoint(training.record(first.next_number))
    first.finish()
    assert ModelReader(writer.folder).checkpoint_numbers() == [0, 1]


def test_two_processes_start_two_models_in_one_store(tmp_path: Path, started: Start) -> None:
    store = tmp_path / "not" / "there" / "yet"
    processes = [started(store, id_, 4) for id_ in ("first", "second")]
    assert [process.communicate()[1] for process in processes] == ["", ""]
    for id_ in ("first", "second"):
        reader = ModelReader(store / "models" / id_)
        assert (reader.state, reader.header.name) == ("finished", f"name of {id_}")
        assert reader.checkpoint_numbers() == [0, 1, 2, 3]


def test_of_processes_that_start_one_model_at_once_one_succeeds(tmp_path: Path, started: Start) -> None:
    processes = [started(tmp_path, "model", 3) for _ in range(3)]
    ends = [process.communicate()[1].strip() for process in processes]
    assert ends.count("") == 1
    reason = f"inspectree.logger.errors.StoreError: {tmp_path} already holds a model with the id model"
    assert [end.splitlines()[-1] for end in ends if end] == [reason] * 2
    reader = ModelReader(tmp_path / "models" / "model")
    assert (reader.state, reader.checkpoint_numbers()) == ("finished", [0, 1, 2])


# stores that cannot be written


@contextmanager
def _without_privileges() -> Iterator[None]:
    """Be somebody whom a folder's mode stops, which an administrator is not."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_folder_without_permission_is_refused_in_one_line() -> None:
    with tempfile.TemporaryDirectory() as name:
        store = Path(name)
        store.chmod(0o555)
        with (
            _without_privileges(),
            pytest.raises(StoreError, match=f"^the store {store} cannot be written: Permission denied$"),
        ):
            ModelWriter(store, Header(name="m"))
        store.chmod(0o755)


def test_a_folder_that_becomes_read_only_costs_the_checkpoints_of_that_time(
    training: SimpleNamespace,
) -> None:
    with tempfile.TemporaryDirectory() as name:
        store = Path(name)
        store.chmod(0o777)
        with _without_privileges():
            writer = ModelWriter(store, Header(id="model", name="m"))
            _start(writer, training)
            folder = writer.folder / "checkpoints"
            for number, mode in enumerate((0o755, 0o555, 0o755)):
                folder.chmod(mode)
                writer.checkpoint(training.record(number))
                assert writer.wait()
                if mode == 0o555:
                    with pytest.raises(StoreError, match=r"could not be written: Permission denied$"):
                        writer.check()
            writer.finish()
        assert ModelReader(writer.folder).checkpoint_numbers() == [0, 2]


def test_a_store_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"^.*file cannot be a store: it is a file, not a folder$"):
        ModelWriter(tmp_path / "file", Header(name="m"))


def test_a_store_below_a_file_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"^the store .*store cannot be written: Not a directory$"):
        ModelWriter(tmp_path / "file" / "store", Header(name="m"))


def test_a_checkpoint_that_could_not_be_written_is_told_once_in_one_line(
    writer: ModelWriter, training: SimpleNamespace
) -> None:
    reader = _start(writer, training)
    (writer.folder / "checkpoints").rmdir()
    writer.checkpoint(training.record(0))
    with pytest.raises(StoreError, match=r"^a checkpoint of .*model could not be written: [^\n]+$"):
        writer.checkpoint(training.record(1))
    assert writer.vanished
    writer.finish()
    assert reader.checkpoint_numbers() == []


def test_after_a_checkpoint_that_could_not_be_written_the_next_one_is(
    writer: ModelWriter, training: SimpleNamespace
) -> None:
    reader = _start(writer, training)
    folder = writer.folder / "checkpoints"
    folder.rmdir()
    writer.checkpoint(training.record(0))
    assert writer.wait()
    folder.mkdir()
    with pytest.raises(StoreError, match="could not be written"):
        writer.check()
    writer.check()
    writer.checkpoint(training.record(1))
    writer.finish()
    assert reader.checkpoint_numbers() == [1]
    assert (writer.next_number, writer.written) == (2, 1)
    assert writer.written_bytes == (folder / "000001.h5").stat().st_size


def test_a_failure_of_the_last_checkpoint_is_told_at_the_end(
    writer: ModelWriter, training: SimpleNamespace
) -> None:
    _start(writer, training)
    (writer.folder / "checkpoints").rmdir()
    writer.checkpoint(training.record(0))
    with pytest.raises(StoreError, match="could not be written"):
        writer.finish()
    assert ModelReader(writer.folder).state == "finished"


def test_waiting_for_a_slow_disk_has_an_end(
    writer: ModelWriter, training: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    _start(writer, training)
    goes_on, sync = threading.Event(), os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (goes_on.wait(), sync(descriptor)))
    writer.checkpoint(training.record(0))
    assert not writer.wait(0.05)
    goes_on.set()
    assert writer.wait()
    writer.finish()
    assert ModelReader(writer.folder).checkpoint_numbers() == [0]


def test_one_checkpoint_at_most_is_held(writer: ModelWriter, training: SimpleNamespace) -> None:
    """What has been written is let go of, and so is what could not be written."""
    _start(writer, training)
    for folder in (None, writer.folder / "checkpoints"):
        record = training.record(0)
        held = weakref.ref(record)
        if folder is not None:
            shutil.rmtree(folder)
        writer.checkpoint(record)
        assert writer.wait()
        del record
        assert held() is None
    with pytest.raises(StoreError, match="could not be written"):
        writer.finish()


FULL = """
import resource, runpy, sys
from inspectree.logger.errors import StoreError
from inspectree.logger.header import Header
from inspectree.logger.store.writer import ModelWriter

training = runpy.run_path(sys.argv[1])
writer = ModelWriter(sys.argv[2], Header(id="model", name="m"))
writer.start(training["graph"](40), {}, training["samples"](40))
size = (writer.folder / "model.h5").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
try:
    for number in range(8):
        writer.checkpoint(training["record"](number, 40))
    writer.finish()
except StoreError as error:
    print(error)
"""


def test_a_full_disk_is_told_in_one_line_and_leaves_no_half_file(tmp_path: Path, script: Path) -> None:
    """A limit of the size of files stands for the full disk."""
    command = [sys.executable, "-I", "-c", FULL, str(script), str(tmp_path)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert re.fullmatch(r"a checkpoint of .*model could not be written: File too large\n", printed)
    reader = ModelReader(tmp_path / "models" / "model")
    assert reader.checkpoint_numbers() == []
    assert list((reader.folder / "checkpoints").iterdir()) == []
