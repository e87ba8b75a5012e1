"""Every form of ``fit``: the log tells what happened."""

import math
import resource
import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import Every, SamplesError, TreeLogger
from inspectree.logger.store.reader import ModelReader

X = np.random.default_rng(0).normal(size=(12, 2)).astype(np.float32)
Y = X.sum(axis=1, keepdims=True)


@pytest.fixture
def model() -> Any:
    keras.utils.set_random_seed(0)
    made = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="out")])
    made.compile(keras.optimizers.SGD(0.01), "mse")
    return made


@pytest.fixture
def logger(tmp_path: Path) -> TreeLogger:
    return TreeLogger(tmp_path, name="m", id="model", samples=(X, Y), on_error="raise")


def _fit(model: Any, *callbacks: Any, **options: Any) -> Any:
    options = {"x": X, "y": Y, "batch_size": 4, "epochs": 3, **options}
    return model.fit(**options, verbose=0, callbacks=list(callbacks)).history


def _read(store: Path) -> ModelReader:
    return ModelReader(store / "models" / "model")


def _moments(reader: ModelReader) -> list[tuple[int, int]]:
    return [(c.step, c.epoch) for c in map(reader.checkpoint, reader.checkpoint_numbers())]


def test_the_history_is_that_of_keras_validation_included(model: Any, logger: Any, tmp_path: Path) -> None:
    history = _fit(model, logger, validation_data=(X[:4], Y[:4]), validation_freq=2)
    lines = _read(tmp_path).history()
    assert [line["metrics"]["loss"] for line in lines] == pytest.approx(history["loss"])
    assert [set(line["metrics"]) for line in lines] == [{"loss"}, {"loss", "val_loss"}, {"loss"}]
    assert lines[1]["metrics"]["val_loss"] == pytest.approx(history["val_loss"][0])
    assert all(0 < line["seconds"] < 60 for line in lines)


def test_early_stopping_finishes_the_log_where_it_stops(model: Any, logger: Any, tmp_path: Path) -> None:
    stopping = keras.callbacks.EarlyStopping("loss", patience=1, min_delta=1e9)
    _fit(model, logger, stopping, epochs=9)
    reader = _read(tmp_path)
    assert (reader.state, _moments(reader)) == ("finished", [(0, 0), (3, 1), (6, 2)])


def test_a_fit_of_no_epoch_records_nothing_and_the_next_begins_the_log(
    model: Any, logger: Any, tmp_path: Path
) -> None:
    _fit(model, logger, epochs=0)
    assert not (tmp_path / "models" / "model" / "model.h5").exists()
    _fit(model, logger, epochs=1)
    assert _moments(_read(tmp_path)) == [(0, 0), (3, 1)]
    _fit(model, logger, epochs=0)
    assert _read(tmp_path).state == "finished"


def test_an_epoch_has_as_many_steps_as_it_is_given(model: Any, logger: Any, tmp_path: Path) -> None:
    def endless() -> Any:
        while True:
            yield X[:4], Y[:4]

    _fit(model, logger, x=endless(), y=None, batch_size=None, shuffle=False, steps_per_epoch=5)
    assert _moments(_read(tmp_path)) == [(0, 0), (5, 1), (10, 2), (15, 3)]
    assert int(model.optimizer.iterations) == 15


def test_training_goes_on_after_compiling_again(model: Any, logger: Any, tmp_path: Path) -> None:
    _fit(model, logger, epochs=2)
    model.compile(keras.optimizers.Adam(), "mae")
    _fit(model, logger, epochs=3, initial_epoch=2)
    reader = _read(tmp_path)
    assert _moments(reader) == [(0, 0), (3, 1), (6, 2), (9, 3)]
    assert [line["state"] for line in reader.events() if line["kind"] == "run"] == ["finished", "finished"]


def test_losses_that_are_not_finite_are_data(model: Any, logger: Any, tmp_path: Path) -> None:
    _fit(model, logger, y=Y * np.float32(np.nan), epochs=2)
    reader = _read(tmp_path)
    assert reader.state == "finished"
    assert all(math.isnan(line["metrics"]["loss"]) for line in reader.history())
    assert math.isnan(reader.checkpoint(2).metrics["loss"])
    assert np.isnan(reader.checkpoint(2).read("out/kernel").values).all()


def test_what_each_run_costs_is_told(
    model: Any, logger: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _fit(model, logger, epochs=2)
    reader = _read(tmp_path)
    files = list((reader.folder / "checkpoints").iterdir())
    (run,) = [line for line in reader.events() if line["kind"] == "run"]
    assert (run["checkpoints"], run["missed"], run["state"]) == (3, 0, "finished")
    assert run["bytes"] == sum(path.stat().st_size for path in files)
    assert 0 < run["held"] < run["seconds"]
    told = capsys.readouterr().out.splitlines()[-1]
    assert told.startswith(f"inspectree: 3 checkpoints, {run['bytes'] / 1000:.1f} kB in {reader.folder}; ")


def test_what_each_checkpoint_costs_is_told(model: Any, logger: Any, tmp_path: Path) -> None:
    """Of 3 steps that take 50 ms each, and of what the logger itself takes nothing."""
    slow = keras.callbacks.LambdaCallback(on_train_batch_begin=lambda *_, **__: time.sleep(0.05))
    began = time.perf_counter()
    _fit(model, logger, slow, epochs=2)
    lasted = time.perf_counter() - began
    first, *others = [line for line in _read(tmp_path).events() if line["kind"] == "checkpoint"]
    assert (first["number"], first["step"], first["step_seconds"]) == (0, 0, None)
    assert [(line["number"], line["step"], line["epoch"]) for line in others] == [(1, 3, 1), (2, 6, 2)]
    assert all(line["step_seconds"] > 0.05 for line in others)
    (run,) = [line for line in _read(tmp_path).events() if line["kind"] == "run"]
    assert sum(3 * line["step_seconds"] for line in others) + run["held"] < lasted
    memory = [line["peak_memory"] for line in [first, *others]]
    assert memory == sorted(memory)
    assert memory[-1] <= resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.parametrize("every", ["epoch", Every.steps(3)], ids=["epochs", "steps"])
def test_metrics_that_are_no_single_numbers_are_left_out(every: Any, model: Any, tmp_path: Path) -> None:
    """F1 gives one score per class, which Keras hands on as an array."""
    logger = TreeLogger(tmp_path, name="m", id="model", samples=(X, Y), every=every, on_error="raise")
    model.compile("sgd", "mse", metrics=[keras.metrics.F1Score(average=None), "mae"])
    _fit(model, logger, y=np.ones((12, 1), np.float32), epochs=1)
    reader = _read(tmp_path)
    assert set(reader.checkpoint(1).metrics) == set(reader.history()[0]["metrics"]) == {"loss", "mae"}


def test_a_run_that_was_interrupted_is_told_when_the_next_begins(
    model: Any, logger: Any, tmp_path: Path
) -> None:
    def interrupt(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _fit(model, logger, keras.callbacks.LambdaCallback(on_epoch_end=interrupt))
    assert _read(tmp_path).state == "training"
    _fit(model, logger, epochs=2)
    reader = _read(tmp_path)
    runs = [(line["state"], line["checkpoints"]) for line in reader.events() if line["kind"] == "run"]
    assert runs == [("interrupted", 2), ("finished", 2)]


def test_a_training_that_is_refused_leaves_no_trace(model: Any, tmp_path: Path) -> None:
    logger = TreeLogger(tmp_path, name="m", samples=np.ones((4, 9)))
    with pytest.raises(SamplesError):
        _fit(model, logger)
    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.parametrize("value", ["warmup", None, [1.0, 2.0], object()], ids=["text", "None", "list", "any"])
@pytest.mark.parametrize("every", ["epoch", Every.steps(1)], ids=["epochs", "steps"])
def test_what_others_put_into_the_logs_that_is_no_number_is_left_out(
    value: Any, every: Any, model: Any, tmp_path: Path
) -> None:
    class Adding(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:  # noqa: ARG002 - Keras' signature
            logs["phase"] = value

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002 - Keras' signature
            logs["phase"] = value

    logger = TreeLogger(tmp_path, name="m", id="model", samples=(X, Y), every=every, on_error="raise")
    _fit(model, Adding(), logger, epochs=1)
    reader = _read(tmp_path)
    assert set(reader.history()[0]["metrics"]) == {"loss"}
    assert set(reader.checkpoint(1).metrics) == {"loss"}


class _Rows(keras.utils.PyDataset):  # type: ignore[misc]  # Keras ships no types
    def __len__(self) -> int:
        return 3

    def __getitem__(self, index: int) -> Any:
        return X[4 * index : 4 * index + 4], Y[4 * index : 4 * index + 4]


class _Asked(_Rows):
    def batch_size(self) -> int:
        return 4


class _Shaped(_Rows):
    batch_size = (4,)


class _Told(_Rows):
    batch_size = 4


@pytest.mark.parametrize(("rows", "size"), [(_Asked, None), (_Shaped, None), (_Told, 4)])
def test_a_batch_size_is_a_number_or_not_known(
    rows: Any, size: int | None, model: Any, logger: Any, tmp_path: Path
) -> None:
    model.fit(rows(), epochs=1, verbose=0, callbacks=[logger])
    assert _read(tmp_path).hyperparameters["batch_size"] == size


@pytest.mark.filterwarnings("ignore:Your input ran out of data")  # so Keras learns that it has
def test_steps_end_with_the_data_also_where_their_number_is_not_known(
    model: Any, logger: Any, tmp_path: Path
) -> None:
    """Of 10 batches, 4 in one execution (1 on PyTorch, which has no other), Keras tells of 12."""
    model.compile("sgd", "mse", steps_per_execution=1 if keras.backend.backend() == "torch" else 4)
    batches = ((X[:4], Y[:4]) for _ in range(10))
    model.fit(batches, epochs=1, verbose=0, shuffle=False, callbacks=[logger])
    assert int(model.optimizer.iterations) == 10
    reader = _read(tmp_path)
    assert _moments(reader) == [(0, 0), (10, 1)]
    assert [(line["step"], line["iterations"]) for line in reader.history()] == [(10, 10)]


def test_a_further_run_tells_which_settings_are_others(model: Any, logger: Any, tmp_path: Path) -> None:
    _fit(model, logger)
    _fit(model, logger)
    model.compile(keras.optimizers.Adam(0.5), "mse")
    _fit(model, logger, batch_size=6, epochs=1)
    first, second, third = (line for line in _read(tmp_path).events() if line["kind"] == "run")
    assert "changed" not in first | second
    assert set(third["changed"]) == {"optimizer", "batch_size", "epochs", "steps_per_epoch"}
    assert third["changed"]["optimizer"]["class"] == "Adam"
    assert [third["changed"][name] for name in ("batch_size", "epochs", "steps_per_epoch")] == [6, 1, 2]
