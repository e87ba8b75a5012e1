"""What a log says of a training that did not end by itself: seen from other processes, as it happens."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras
import pytest

from inspectree.logger.ending import early_end
from inspectree.logger.errors import one_line
from inspectree.logger.store.reader import ModelReader

SCRIPT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a suite in the background ignores Ctrl-C
import keras, numpy as np
from inspectree.logger import TreeLogger

class Trouble(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        {trouble}

x = np.ones((8, 2), "float32")
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
logger = TreeLogger({store!r}, name="m", id="model", samples=x)
model.fit(x, x[:, :1], epochs=3, verbose=0, callbacks={callbacks})
"""


def _train(store: Path, trouble: str, *, logger_last: bool = False) -> ModelReader:
    """Train in another process, with trouble whenever an epoch ends, after the logger or before it."""
    callbacks = "[Trouble(), logger]" if logger_last else "[logger, Trouble()]"
    script = SCRIPT.format(trouble=trouble, store=str(store), callbacks=callbacks)
    command = [sys.executable, "-I", "-c", script]
    environment = {**os.environ, "KERAS_BACKEND": keras.backend.backend()}
    subprocess.run(command, env=environment, capture_output=True, check=False)
    return ModelReader(store / "models" / "model")


def test_an_exception_in_fit_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    reader = _train(tmp_path, "raise ValueError('the loss exploded\\nin two lines')")
    assert (reader.state, reader.error) == ("failed", "ValueError: the loss exploded")
    assert reader.checkpoint_numbers() == [0, 1]


def test_ctrl_c_is_an_interruption(tmp_path: Path) -> None:
    reader = _train(tmp_path, "os.kill(os.getpid(), signal.SIGINT)")
    assert (reader.state, reader.error) == ("interrupted", None)
    assert reader.checkpoint_numbers() == [0, 1]


SLOW = """
        if epoch == 2:
            import threading, time
            sync, sent = os.fsync, []

            def ending():
                frame = sys._current_frames()[threading.main_thread().ident]
                while frame is not None and frame.f_code.co_name != "on_train_end":
                    frame = frame.f_back
                return frame is not None

            def slow(descriptor):
                last = "000003" in os.readlink("/proc/self/fd/" + str(descriptor))
                while last and not ending():
                    time.sleep(0.01)
                if last and not sent:
                    sent.append(os.kill(os.getpid(), signal.SIGINT))
                    time.sleep(0.5)
                return sync(descriptor)

            os.fsync = slow
"""


def test_ctrl_c_while_the_end_waits_for_the_disk_loses_nothing(tmp_path: Path) -> None:
    """All epochs are done; the last checkpoint is still being written."""
    reader = _train(tmp_path, SLOW.strip(), logger_last=True)
    assert reader.state == "interrupted"
    assert reader.checkpoint_numbers() == [0, 1, 2, 3]
    assert [line["state"] for line in reader.events() if line["kind"] == "run"] == ["interrupted"]


def test_a_killed_process_reads_as_interrupted(tmp_path: Path) -> None:
    reader = _train(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    assert reader.state == "interrupted"


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (None, ("interrupted", None)),
        (KeyboardInterrupt(), ("interrupted", None)),
        (ZeroDivisionError("by zero"), ("failed", "ZeroDivisionError: by zero")),
    ],
)
def test_only_an_exception_is_a_failure(last: BaseException | None, expected: Any) -> None:
    assert early_end(last, before=None) == expected


def test_an_exception_from_before_the_training_does_not_count() -> None:
    error = ValueError("old")
    assert early_end(error, before=error) == ("interrupted", None)


def test_an_error_without_text_is_its_type() -> None:
    assert one_line(ValueError()) == "ValueError"


COLLECTED = """
import gc, os, sys, threading, time
import keras, numpy as np
from inspectree.logger import TreeLogger

sync, dropped = os.fsync, threading.Event()

def collecting(descriptor):
    if threading.current_thread().name.startswith("inspectree"):
        dropped.wait()
        gc.collect()
    return sync(descriptor)

os.fsync = collecting

class Boom(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        raise RuntimeError("boom")

def train():
    x = np.ones((8, 2), "float32")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    logger = TreeLogger(sys.argv[1], name="m", id="model", samples=x)
    logger.cycle = logger
    try:
        model.fit(x, x[:, :1], verbose=0, callbacks=[logger, Boom()])
    except RuntimeError:
        pass

gc.disable()
train()
dropped.set()
time.sleep(0.1)
"""


def test_the_garbage_collector_may_drop_a_logger_in_the_thread_that_writes_its_checkpoint(
    tmp_path: Path,
) -> None:
    """It runs in whatever thread makes objects; a thread that waits for itself would wait for ever."""
    command = [sys.executable, "-I", "-c", COLLECTED, str(tmp_path)]
    environment = {**os.environ, "KERAS_BACKEND": keras.backend.backend()}
    subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
    reader = ModelReader(tmp_path / "models" / "model")
    assert (reader.head.state, reader.checkpoint_numbers()) == ("interrupted", [0])
    assert [line["state"] for line in reader.events() if line["kind"] == "run"] == ["interrupted"]
