"""Trouble with the disk while a model is trained: told once, and the training goes on."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import inspectree.logger.log
from inspectree.logger import StoreError, TreeLogger
from inspectree.logger.store.reader import ModelReader

X = np.ones((8, 2), np.float32)
Y = np.arange(8) % 2

AtEpoch = dict[int, Callable[[], Any]]


@pytest.fixture
def model() -> Any:
    keras.utils.set_random_seed(0)
    made = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, name="out")])
    made.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return made


def _fit(
    model: Any, store: Path, happens: AtEpoch, epochs: int = 5, *callbacks: Any, **options: Any
) -> TreeLogger:
    """Train while things happen when epochs, counted from 1, have ended and before they are recorded."""
    logger = TreeLogger(store, **{"name": "tiny", "samples": (X, Y), **options})

    def happen(epoch: int, logs: Any = None) -> None:
        if epoch + 1 in happens:
            assert logger._log._writer.wait()  # what happens is to meet the next checkpoint
            happens[epoch + 1]()

    before = keras.callbacks.LambdaCallback(on_epoch_end=happen)
    model.fit(X, Y, batch_size=2, epochs=epochs, verbose=0, callbacks=[*callbacks, before, logger])
    assert int(model.optimizer.iterations) == 4 * epochs
    return logger


def _read(logger: TreeLogger, store: Path) -> ModelReader:
    return ModelReader(store / "models" / logger.header.id)


def _steps(reader: ModelReader) -> list[int]:
    return [reader.checkpoint(number).step for number in reader.checkpoint_numbers()]


def _missed(reader: ModelReader) -> list[tuple[int, int]]:
    return [(line["step"], line["epoch"]) for line in reader.events() if line["kind"] == "missed"]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a disk of 400 kB."""
    command = ["mount", "-t", "tmpfs", "-o", "size=400k", "none", str(tmp_path)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("needs to mount a disk")
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


def test_on_a_full_disk_checkpoints_are_missed_until_there_is_space(
    model: Any, disk: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    ballast = disk / "ballast"

    def fill() -> None:
        with suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(4096))

    logger = _fit(model, disk, {2: fill, 4: ballast.unlink})
    reader = _read(logger, disk)
    assert reader.state == "finished"
    assert _steps(reader) == [0, 4, 16, 20]
    assert reader.checkpoint_numbers() == [0, 1, 2, 3]
    assert _missed(reader) == [(8, 2), (12, 3)]
    assert [line["epoch"] for line in reader.history()] == [1, 2, 3, 4, 5]
    (told,) = [message for message in caplog.messages if "a checkpoint of" in message]
    assert told == (
        f"inspectree, logging 'tiny': a checkpoint of {reader.folder} could not be written: "
        "No space left on device (such checkpoints are left out, as history.jsonl tells)"
    )
    assert "inspectree: 4 checkpoints (2 missed), " in capsys.readouterr().out


def test_a_folder_that_vanishes_ends_the_log_only(
    model: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _fit(model, tmp_path, {2: lambda: shutil.rmtree(tmp_path / "models")})
    (told,) = caplog.messages
    assert told.startswith("inspectree stopped logging 'tiny', training goes on: a checkpoint of ")
    assert told.endswith(" could not be written: No such file or directory")
    assert not (tmp_path / "models").exists()


def test_a_slow_disk_holds_the_training_for_the_longest_wait_at_most(
    model: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checkpoint of the second epoch is being written until the fifth begins."""
    goes_on, sync = threading.Event(), os.fsync
    goes_on.set()
    monkeypatch.setattr(os, "fsync", lambda descriptor: (goes_on.wait(), sync(descriptor)))

    def wait_for(seconds: float) -> None:
        monkeypatch.setattr(inspectree.logger.log, "LONGEST_WAIT", seconds)

    happens = {2: lambda: (goes_on.clear(), wait_for(0.05)), 5: lambda: wait_for(60)}
    releasing = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: goes_on.set() if epoch == 4 else None  # noqa: ARG005 - Keras' names
    )
    logger = _fit(model, tmp_path, happens, 6, releasing)
    reader = _read(logger, tmp_path)
    assert _steps(reader) == [0, 4, 8, 20, 24]
    assert reader.checkpoint_numbers() == [0, 1, 2, 3, 4]
    assert _missed(reader) == [(12, 3), (16, 4)]
    (told,) = caplog.messages
    assert told == (
        "inspectree, logging 'tiny': the disk is slow, the checkpoint before was still being written "
        "after 0.05 s (such checkpoints are left out, as history.jsonl tells)"
    )


def test_trouble_with_the_disk_ends_the_training_where_that_was_asked_for(model: Any, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be written: No such file or directory"):
        _fit(model, tmp_path, {2: lambda: shutil.rmtree(tmp_path / "models")}, on_error="raise")
    assert int(model.optimizer.iterations) == 12


class _Unsaved(keras.layers.Layer):  # type: ignore[misc]  # Keras ships no types
    """A layer that cannot be saved."""

    def call(self, x: Any) -> Any:
        return x

    def get_config(self) -> dict[str, Any]:
        raise NotImplementedError("never")


def _with(layer: Any) -> Any:
    model = keras.Sequential([keras.Input((2,)), layer, keras.layers.Dense(2)])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def test_a_model_that_cannot_be_saved_is_logged_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    logger = _fit(_with(_Unsaved()), tmp_path, {}, save_model="every")
    reader = _read(logger, tmp_path)
    assert (_steps(reader), _missed(reader)) == ([0, 4, 8, 12, 16, 20], [])
    assert list((reader.folder / "saved").iterdir()) == []
    (told,) = caplog.messages
    assert told.startswith("inspectree, logging 'tiny': the model could not be saved: NotImplementedError")


LIMITED = """
import resource, sys
import keras, numpy as np
from inspectree.logger import TreeLogger

x = np.ones((8, 2), "float32")
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
logger = TreeLogger(sys.argv[1], name="m", id="model", samples=x)

def limit(epoch, logs=None):
    assert logger._log._writer.wait()  # the limit is for the next checkpoint
    size = {1: 100, 3: resource.RLIM_INFINITY}.get(epoch)
    if size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

before = keras.callbacks.LambdaCallback(on_epoch_end=limit)
model.fit(x, x[:, :1], epochs=5, verbose=0, callbacks=[before, logger])
assert int(model.optimizer.iterations) == 5
"""


def test_where_files_cannot_grow_nothing_is_lost_but_what_was_due_then(tmp_path: Path) -> None:
    """A limit of the size of files stands for a quota; the history is written when it can be again."""
    command = [sys.executable, "-I", "-c", LIMITED, str(tmp_path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    assert told.count("could not be written: File too large") == 2  # a checkpoint, and the history
    reader = ModelReader(tmp_path / "models" / "model")
    assert [reader.checkpoint(number).step for number in reader.checkpoint_numbers()] == [0, 1, 4, 5]
    assert [line["epoch"] for line in reader.history()] == [1, 2, 3, 4, 5]
    assert _missed(reader) == [(2, 2), (3, 3)]
    assert reader.state == "finished"
