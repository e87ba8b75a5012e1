"""A training that was cut short goes on with its log."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from inspectree.logger import StoreError, TreeLogger
from inspectree.logger.store.reader import ModelReader

L = keras.layers

SCRIPT = """
import os, signal, sys
from pathlib import Path
import keras
import numpy as np
from inspectree.logger import TreeLogger

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(12, 2)

def train(store, backup, epochs=6, logger_first=True, before=(), **options):
    keras.utils.set_random_seed(4)
    hidden, out = keras.layers.Dense(3, "tanh", name="a"), keras.layers.Dense(1, name="b")
    model = keras.Sequential([keras.Input((2,), name="x"), hidden, out], name="m")
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9, name="o"), "mse")
    options = {"name": "m", "samples": X, "on_error": "raise", **options}
    logger = TreeLogger(store, **options)
    callbacks = [logger, keras.callbacks.BackupAndRestore(backup, delete_checkpoint=False)]
    callbacks = [*before, *(callbacks if logger_first else callbacks[::-1])]
    model.fit(X, X[:, :1], batch_size=4, epochs=epochs, shuffle=False, verbose=0, callbacks=callbacks)
    return logger

class Killed(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        if epoch == 3:  # it is known what is lost: nothing that was recorded before
            assert self.logger._log._writer.wait()
        if epoch == 2:
            import shutil
            shutil.copytree(sys.argv[2], sys.argv[2] + "-older")

    def on_train_batch_end(self, batch, logs=None):
        if (self.epoch, batch) == (3, 1):
            os.kill(os.getpid(), signal.SIGKILL)

class Remembered(TreeLogger):
    def on_train_begin(self, logs=None):
        Killed.logger = self
        super().on_train_begin(logs)

if __name__ == "__main__":
    TreeLogger = Remembered
    train(sys.argv[1], sys.argv[2], before=[Killed()])
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what the training script defines."""
    path = tmp_path_factory.mktemp("script") / "train.py"
    path.write_text(SCRIPT)
    defined: dict[str, Any] = {"__name__": "script", "path": path}
    exec(compile(SCRIPT, str(path), "exec"), defined)
    return defined


@pytest.fixture(scope="module")
def whole(script: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> ModelReader:
    """Return the log of a training that nothing has cut short."""
    folder = tmp_path_factory.mktemp("whole")
    logger = script["train"](folder / "runs", folder / "backup")
    return _read(logger, folder / "runs")


@pytest.fixture(scope="module")
def killed(script: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where a training was killed in its fourth epoch: its store, its backup, and an older one."""
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-I", str(script["path"]), str(folder / "runs"), str(folder / "backup")]
    environment = {**os.environ, "KERAS_BACKEND": keras.backend.backend()}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == -9, ended.stderr
    return folder


@pytest.fixture
def left(killed: Path, tmp_path: Path) -> Path:
    """Return a copy of what the killed training has left."""
    return shutil.copytree(killed, tmp_path / "left")


def _read(logger: TreeLogger, store: Path) -> ModelReader:
    return ModelReader(store / "models" / logger.header.id)


def _ids(store: Path) -> list[str]:
    return sorted(path.name for path in (store / "models").iterdir())


def _assert_same(reader: ModelReader, whole: ModelReader) -> None:
    assert reader.state == "finished"
    assert reader.checkpoint_numbers() == whole.checkpoint_numbers() == [0, 1, 2, 3, 4, 5, 6]
    for number in reader.checkpoint_numbers():
        one, other = reader.checkpoint(number), whole.checkpoint(number)
        assert (one.step, one.epoch) == (other.step, other.epoch) == (3 * number, number)
        for path in ("a/kernel", "b/kernel", "a/activations"):
            np.testing.assert_array_equal(one.read(path).values, other.read(path).values)
    for line, expected in zip(reader.history(), whole.history(), strict=True):
        assert (line["epoch"], line["step"]) == (expected["epoch"], expected["step"])
        assert line["metrics"] == expected["metrics"]


@pytest.mark.parametrize("logger_first", [True, False], ids=["before", "after"])
def test_a_killed_training_that_is_started_again_has_the_log_of_one_that_was_not_killed(
    logger_first: bool, left: Path, script: dict[str, Any], whole: ModelReader
) -> None:
    """Whether the logger comes before or after `BackupAndRestore`."""
    (only,) = _ids(left / "runs")
    assert ModelReader(left / "runs" / "models" / only).state == "interrupted"
    logger = script["train"](left / "runs", left / "backup", logger_first=logger_first)
    assert _ids(left / "runs") == [logger.header.id] == [only]
    _assert_same(_read(logger, left / "runs"), whole)
    assert not (left / "runs" / "models" / only / "superseded").exists()


def test_what_is_done_again_is_set_aside(left: Path, script: dict[str, Any], whole: ModelReader) -> None:
    """The backup is from after the second epoch, the log had three."""
    logger = script["train"](left / "runs", left / "backup-older")
    reader = _read(logger, left / "runs")
    _assert_same(reader, whole)
    aside = reader.folder / "superseded"
    assert sorted(path.name for path in aside.iterdir()) == ["000003.1.h5", "history.1.jsonl"]
    with h5py.File(aside / "000003.1.h5") as file:
        assert (file.attrs["step"], len(file["data_samples/x"])) == (9, 12)
    lines = [json.loads(line) for line in (aside / "history.1.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines if "kind" not in line] == [3]


def test_a_checkpoint_that_the_crash_has_cost_is_recorded_when_training_goes_on(
    left: Path, script: dict[str, Any], whole: ModelReader
) -> None:
    (only,) = _ids(left / "runs")
    (left / "runs" / "models" / only / "checkpoints" / "000003.h5").unlink()
    _assert_same(_read(script["train"](left / "runs", left / "backup"), left / "runs"), whole)


def test_a_line_without_an_end_is_cut_off(left: Path, script: dict[str, Any], whole: ModelReader) -> None:
    (only,) = _ids(left / "runs")
    with (left / "runs" / "models" / only / "history.jsonl").open("a") as file:
        file.write('{"epoch": 4, "st')
    _assert_same(_read(script["train"](left / "runs", left / "backup"), left / "runs"), whole)


def test_by_its_id_a_log_begins_anew_and_the_old_one_is_set_aside(
    left: Path, script: dict[str, Any], whole: ModelReader
) -> None:
    """The crash came before there was a backup."""
    (only,) = _ids(left / "runs")
    logger = script["train"](left / "runs", left / "no-backup", id=only)
    reader = _read(logger, left / "runs")
    _assert_same(reader, whole)
    aside = sorted(path.name for path in (reader.folder / "superseded").iterdir())
    assert aside == [*(f"00000{number}.1.h5" for number in range(4)), "history.1.jsonl"]


# which log, and whether at all


def _model(units: int = 3) -> Any:
    return keras.Sequential([keras.Input((2,), name="x"), L.Dense(units, name="a")], name="m")


X = np.arange(8, dtype=np.float32).reshape(4, 2)


def _train(store: Path, *, step: int = 0, ends: type[BaseException] | None = None, **options: Any) -> str:
    """Record three checkpoints, after ``step`` steps and two more; return the id of the log."""
    logger = TreeLogger(store, **{"name": "m", "samples": X, "on_error": "raise", **options})

    def loop() -> None:
        with logger.attach(_model(), step=step) as log:
            log.checkpoint(step=step + 1)
            log.checkpoint(step=step + 2)
            if ends is not None:
                raise ends

    if ends is None:
        loop()
    else:
        with pytest.raises(ends):
            loop()
    return logger.header.id


def _steps(store: Path, id_: str) -> list[int]:
    reader = ModelReader(store / "models" / id_)
    return [reader.checkpoint(number).step for number in reader.checkpoint_numbers()]


@pytest.mark.parametrize("ends", [KeyboardInterrupt, ValueError], ids=["interrupted", "failed"])
def test_the_newest_of_a_name_goes_on(ends: type[BaseException], tmp_path: Path) -> None:
    _train(tmp_path)
    cut_short = _train(tmp_path, ends=ends)
    assert _train(tmp_path, step=2) == cut_short
    assert _steps(tmp_path, cut_short) == [0, 1, 2, 3, 4]
    assert ModelReader(tmp_path / "models" / cut_short).state == "finished"


def test_a_loop_goes_on_after_the_steps_that_it_has_restored(tmp_path: Path) -> None:
    cut_short = _train(tmp_path, ends=KeyboardInterrupt)
    assert _train(tmp_path, step=1) == cut_short
    assert _steps(tmp_path, cut_short) == [0, 1, 2, 3]
    aside = tmp_path / "models" / cut_short / "superseded"
    assert [path.name for path in aside.glob("*.h5")] == ["000002.1.h5"]


def test_what_is_set_aside_twice_is_kept_twice(tmp_path: Path) -> None:
    cut_short = _train(tmp_path, ends=KeyboardInterrupt)
    for _ in range(2):
        assert _train(tmp_path, step=1, ends=KeyboardInterrupt) == cut_short
    assert _train(tmp_path, step=1) == cut_short
    aside = tmp_path / "models" / cut_short / "superseded"
    names = sorted(path.name for path in aside.glob("*.h5"))
    assert names == ["000002.1.h5", "000002.2.h5", "000002.3.h5", "000003.2.h5", "000003.3.h5"]
    assert _steps(tmp_path, cut_short) == [0, 1, 2, 3]


OTHERS: dict[str, dict[str, Any]] = {
    "it begins anew": {"step": 0},
    "another name": {"name": "n"},
    "other samples": {"samples": X + 1},
    "other parents": {"parents": ["parent"]},
}


@pytest.mark.parametrize("options", OTHERS.values(), ids=OTHERS)
def test_another_training_has_a_log_of_its_own(options: dict[str, Any], tmp_path: Path) -> None:
    _train(tmp_path, name="parent")
    cut_short = _train(tmp_path, ends=KeyboardInterrupt)
    assert _train(tmp_path, **{"step": 2, **options}) != cut_short
    assert _steps(tmp_path, cut_short) == [0, 1, 2]
    assert len(_ids(tmp_path)) == 3


def test_a_finished_log_is_only_gone_on_with_by_its_id(tmp_path: Path) -> None:
    finished = _train(tmp_path, id="mine")
    assert _train(tmp_path, step=2) != finished
    assert _train(tmp_path, step=2, id="mine") == finished
    assert _steps(tmp_path, finished) == [0, 1, 2, 3, 4]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "it is finished": ({"step": 0}, "which is finished, and this training begins anew"),
    "other samples": ({"samples": X + 1}, "with other samples"),
    "classes": ({"samples": (X, [0, 1, 0, 1])}, "with other class names"),
}


@pytest.mark.parametrize(("options", "why"), REFUSED.values(), ids=REFUSED)
def test_an_id_of_another_model_is_refused_before_the_first_step(
    options: dict[str, Any], why: str, tmp_path: Path
) -> None:
    _train(tmp_path, id="mine")
    message = f"{tmp_path} already holds a model with the id mine, {why}"
    with pytest.raises(StoreError, match=f"^{re.escape(message)}$"):
        _train(tmp_path, **{"id": "mine", "step": 2, "on_error": "warn", **options})
    assert _steps(tmp_path, "mine") == [0, 1, 2]


def test_an_id_of_another_architecture_is_refused(tmp_path: Path) -> None:
    _train(tmp_path, id="mine")
    logger = TreeLogger(tmp_path, name="m", id="mine", samples=X)
    with pytest.raises(StoreError, match=r"with the id mine, with other architecture$"):
        logger.attach(_model(units=5), step=2).__enter__()


def test_an_id_that_is_being_trained_is_refused_at_once(tmp_path: Path) -> None:
    first = TreeLogger(tmp_path, name="m", id="mine", samples=X)
    with first.attach(_model()), pytest.raises(StoreError, match=r"id mine, which is being trained$"):
        TreeLogger(tmp_path, name="m", id="mine", samples=X)


RACE = """
import sys, time
from pathlib import Path
import keras
import numpy as np
from inspectree.logger import TreeLogger

store, ready = Path(sys.argv[1]), Path(sys.argv[2])
model = keras.Sequential([keras.Input((2,), name="x"), keras.layers.Dense(3, name="a")], name="m")
logger = TreeLogger(store, name="m", samples=np.arange(8, dtype="float32").reshape(4, 2), on_error="raise")
ready.touch()
while len(list(ready.parent.iterdir())) < 3:
    time.sleep(0.001)
with logger.attach(model, step=2) as log:
    log.checkpoint()
    time.sleep(3)  # as long as the others need to see it
"""


def test_of_several_that_are_started_again_at_once_one_goes_on(tmp_path: Path) -> None:
    """The others have logs of their own."""
    cut_short = _train(tmp_path / "runs", ends=KeyboardInterrupt)
    (tmp_path / "ready").mkdir()
    environment = {**os.environ, "KERAS_BACKEND": keras.backend.backend()}
    processes = []
    for number in range(3):
        command = [sys.executable, "-I", "-c", RACE, tmp_path / "runs", tmp_path / "ready" / str(number)]
        processes.append(subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True))
    errors = [process.communicate()[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], errors
    steps = {id_: _steps(tmp_path / "runs", id_) for id_ in _ids(tmp_path / "runs")}
    assert steps.pop(cut_short) == [0, 1, 2, 3]
    assert list(steps.values()) == [[2, 3], [2, 3]]


# where a training goes on


class _Stopped(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    def __init__(self, step: int) -> None:
        super().__init__()
        self._left = step

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:  # noqa: ARG002 - Keras' signature
        self._left -= 1
        if not self._left:
            raise KeyboardInterrupt


def _fit(model: Any, logger: TreeLogger, *before: Any, epochs: int = 4) -> TreeLogger:
    """Train with two steps per epoch."""
    callbacks = [*before, logger]
    model.fit(X, X[:, :1], batch_size=2, epochs=epochs, shuffle=False, verbose=0, callbacks=callbacks)
    return logger


def _compiled(model: Any, **options: Any) -> Any:
    model.compile(keras.optimizers.SGD(0.01, **options), "mse")
    return model


def _logger(store: Path, **options: Any) -> TreeLogger:
    return TreeLogger(store, **{"name": "m", "samples": X, "on_error": "raise", **options})


def _moments(store: Path, id_: str) -> list[tuple[int, int]]:
    reader = ModelReader(store / "models" / id_)
    return [(c.step, c.epoch) for c in map(reader.checkpoint, reader.checkpoint_numbers())]


def test_a_model_that_is_trained_on_in_the_same_process_loses_nothing_that_is_logged(tmp_path: Path) -> None:
    """Keras counts the epochs anew; the model's steps are known."""
    model, first = _compiled(_model()), _logger(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        _fit(model, first, _Stopped(5))
    id_ = first.header.id
    assert _fit(model, _logger(tmp_path), epochs=2).header.id == id_
    assert _moments(tmp_path, id_) == [(0, 0), (2, 1), (4, 2), (5, 2), (7, 3), (9, 4)]
    assert not (tmp_path / "models" / id_ / "superseded").exists()


class _Twice(keras.Sequential):  # type: ignore[misc]  # Keras ships no types
    """A model whose steps are two updates each."""

    def train_step(self, *data: Any) -> Any:
        result = super().train_step(*data)
        if keras.backend.backend() == "jax":
            return super().train_step(result[1], *data[1:])
        return super().train_step(*data)


MODELS: dict[str, Callable[[], Any]] = {
    "an update per step": lambda: _compiled(_model()),
    "two updates per step": lambda: _compiled(
        _Twice([keras.Input((2,), name="x"), L.Dense(3, name="a")], name="m")
    ),
    "an update for two steps": lambda: _compiled(_model(), gradient_accumulation_steps=2),
}


@pytest.mark.parametrize("made", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize(("freq", "expected"), [("epoch", [0, 2, 4, 6, 8]), (3, [0, 2, 3, 5, 7, 9])])
def test_a_training_goes_on_at_the_step_that_was_saved(
    made: Any, freq: Any, expected: list[int], tmp_path: Path
) -> None:
    """It is cut short at step 5 of 8; a state within an epoch begins that epoch again."""
    id_ = ""
    for stopping in ([_Stopped(5)], []):
        backup = keras.callbacks.BackupAndRestore(tmp_path / "backup", freq)
        logger = _logger(tmp_path)
        try:
            _fit(made(), logger, backup, *stopping)
        except KeyboardInterrupt:
            id_ = logger.header.id
    assert logger.header.id == id_
    assert [step for step, _ in _moments(tmp_path, id_)] == expected


def test_a_layer_that_is_frozen_is_no_other_architecture(tmp_path: Path) -> None:
    """Nor is a model of another name, which Keras makes by itself."""
    given, layers = keras.Input((2,), name="x"), [L.Dense(3, name="a"), L.Dense(1, name="b")]
    model = _compiled(keras.Sequential([given, *layers]))
    model.get_layer("a").trainable = False
    _fit(_compiled(model), _logger(tmp_path, id="mine"), epochs=1)
    again = keras.Sequential([given, *layers])
    again.get_layer("a").trainable = True
    assert again.name != model.name
    model = _compiled(again)
    model.optimizer.build(model.trainable_variables)
    model.optimizer.iterations.assign(2)
    _fit(model, _logger(tmp_path, id="mine"), epochs=1)
    assert _moments(tmp_path, "mine") == [(0, 0), (2, 1), (4, 2)]


@pytest.mark.parametrize("options", [{"id": "mine"}, {}], ids=["by id", "by name"])
def test_after_ctrl_c_the_same_cell_of_a_notebook_can_be_run_again(
    options: dict[str, Any], tmp_path: Path
) -> None:
    """What it has made before is still there then."""
    model, first = _compiled(_model()), _logger(tmp_path, **options)
    with pytest.raises(KeyboardInterrupt):
        _fit(model, first, _Stopped(3))
    second = _logger(tmp_path, **options)
    assert ModelReader(tmp_path / "models" / first.header.id).state == "interrupted"
    _fit(_compiled(_model()) if options else model, second, epochs=1)
    assert second.header.id == first.header.id
    assert ModelReader(tmp_path / "models" / first.header.id).state == "finished"


def test_a_training_that_goes_on_is_not_ended_by_another_logger_of_its_name(tmp_path: Path) -> None:
    logger = _logger(tmp_path, id="mine")
    states = []

    def look(*_: Any, **__: Any) -> None:
        with pytest.raises(StoreError, match=r"id mine, which is being trained$"):
            _logger(tmp_path, id="mine")
        states.append(ModelReader(tmp_path / "models" / "mine").state)

    _fit(_compiled(_model()), logger, keras.callbacks.LambdaCallback(on_train_batch_end=look), epochs=1)
    assert states == ["training", "training"]
