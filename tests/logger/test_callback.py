import gc
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import (
    Every,
    Header,
    HeaderError,
    InspectreeError,
    SamplesError,
    StoreError,
    TreeLogger,
)
from inspectree.logger.store.reader import ModelReader

X = np.ones((8, 2), np.float32)
Y = np.arange(8) % 2


@pytest.fixture
def model() -> Any:
    keras.utils.set_random_seed(0)
    layers = [
        keras.Input((2,), name="values"),
        keras.layers.Dense(4, name="hidden"),
        keras.layers.Dense(2, name="out"),
    ]
    made = keras.Sequential(layers, name="tiny")
    made.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return made


def _fit(model: Any, *callbacks: Any, epochs: int = 1, **options: Any) -> None:
    model.fit(X, Y, batch_size=2, epochs=epochs, verbose=0, callbacks=list(callbacks), **options)


def _logger(store: Path, **options: Any) -> TreeLogger:
    return TreeLogger(store, **{"name": "tiny", "samples": (X, Y), "on_error": "raise", **options})


def _read(logger: TreeLogger, store: Path) -> ModelReader:
    return ModelReader(store / "models" / logger.header.id)


def _moments(reader: ModelReader) -> list[tuple[int, int]]:
    checkpoints = map(reader.checkpoint, reader.checkpoint_numbers())
    return [(checkpoint.step, checkpoint.epoch) for checkpoint in checkpoints]


def test_a_finished_training_is_finished(model: Any, tmp_path: Path) -> None:
    logger = _logger(tmp_path)
    _fit(model, logger)
    assert _read(logger, tmp_path).state == "finished"


@pytest.mark.parametrize(
    ("every", "moments"),
    [
        ("epoch", [(0, 0), (4, 1), (8, 2), (12, 3)]),
        (Every.epochs(2), [(0, 0), (8, 2)]),
        (Every.steps(5), [(0, 0), (5, 1), (10, 2)]),
        (Every.log_spaced(1), [(0, 0), (1, 0), (10, 2)]),
        (lambda step, epoch: (step, epoch) == (6, 1), [(0, 0), (6, 1)]),
    ],
    ids=["epoch", "epochs", "steps", "log spaced", "function"],
)
def test_checkpoints_come_when_the_schedule_says(
    every: Any, moments: Any, model: Any, tmp_path: Path
) -> None:
    logger = _logger(tmp_path, every=every)
    _fit(model, logger, epochs=3)
    assert _moments(_read(logger, tmp_path)) == moments


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="PyTorch does one step at a time")
@pytest.mark.parametrize(
    ("every", "steps"),
    [
        (Every.steps(3), [0, 4, 8, 11, 15, 19, 22]),
        (Every.steps(9), [0, 11, 19]),
        (Every.log_spaced(1), [0, 4, 11]),
        (lambda step, epoch: (step, epoch) == (6, 0), [0, 8]),
        ("epoch", [0, 11, 22]),
    ],
    ids=["steps", "many steps", "log spaced", "function", "epoch"],
)
def test_a_step_within_an_execution_of_several_is_not_skipped(
    every: Any, steps: list[int], model: Any, tmp_path: Path
) -> None:
    """Of 11 batches per epoch Keras does 4, 4 and 3 at once."""
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True), steps_per_execution=4)
    x, y = np.ones((22, 2), np.float32), np.arange(22) % 2
    logger = _logger(tmp_path, every=every, samples=(x, y))
    model.fit(x, y, batch_size=2, epochs=2, verbose=0, callbacks=[logger])
    assert [step for step, _ in _moments(_read(logger, tmp_path))] == steps
    assert int(model.optimizer.iterations) == 22
    assert [line["step"] for line in _read(logger, tmp_path).history()] == [11, 22]


def test_a_checkpoint_within_an_epoch_has_the_weights_of_that_step(model: Any, tmp_path: Path) -> None:
    seen: list[Any] = []

    def spy(*_: Any, **__: Any) -> None:
        if hasattr(model, "jax_state_sync"):
            model.jax_state_sync()
        seen.append(model.get_layer("hidden").get_weights()[0])

    logger = _logger(tmp_path, every=Every.steps(3))
    _fit(model, logger, keras.callbacks.LambdaCallback(on_train_batch_end=spy), epochs=2)
    reader = _read(logger, tmp_path)
    for number, step in ((1, 3), (2, 6)):
        np.testing.assert_array_equal(reader.checkpoint(number).read("hidden/kernel").values, seen[step - 1])


def test_a_second_fit_goes_on(model: Any, tmp_path: Path) -> None:
    logger = _logger(tmp_path)
    _fit(model, logger, epochs=2)
    _fit(model, logger, epochs=1)
    reader = _read(logger, tmp_path)
    assert _moments(reader) == [(0, 0), (4, 1), (8, 2), (12, 3)]
    assert [line["epoch"] for line in reader.history()] == [1, 2, 3]
    assert reader.state == "finished"


def test_an_initial_epoch_is_taken_over(model: Any, tmp_path: Path) -> None:
    logger = _logger(tmp_path)
    _fit(model, logger, epochs=5, initial_epoch=4)
    assert _moments(_read(logger, tmp_path)) == [(0, 4), (4, 5)]


def test_one_logger_logs_one_model(model: Any, tmp_path: Path) -> None:
    logger = _logger(tmp_path)
    _fit(model, logger)
    other = keras.models.clone_model(model)
    other.compile("sgd", "mse")
    message = "^this TreeLogger logs 'tiny' already: use another for each model$"
    with pytest.raises(InspectreeError, match=message):
        _fit(other, logger)


def test_without_labels_there_are_no_classes(model: Any, tmp_path: Path) -> None:
    logger = _logger(tmp_path, samples=X)
    _fit(model, logger)
    reader = _read(logger, tmp_path)
    assert reader.class_names == ()
    assert not any("mean_class" in path for path in reader.checkpoint(1).entries)


def test_the_plan_is_printed_once_and_the_cost_of_every_run(
    model: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logger = _logger(tmp_path, label="Tiny")
    _fit(model, logger)
    _fit(model, logger, epochs=2)
    where = str(tmp_path / "models" / logger.header.id)
    cost = rf"[\d.]+ kB in {re.escape(where)}; the training was held for \d+\.\d s \(\d+\.\d%\)"
    lines = [
        rf"inspectree: Tiny \({logger.header.id}\) into {re.escape(where)}",
        r"inspectree: 8 samples, 2 layers, about [\d.]+ k?B per checkpoint before compression",
        f"inspectree: 2 checkpoints, {cost}",
        f"inspectree: 2 checkpoints, {cost}",
    ]
    printed = capsys.readouterr().out.splitlines()
    assert [bool(re.fullmatch(line, told)) for line, told in zip(lines, printed, strict=True)] == [True] * 4


def test_what_exceeds_the_budget_is_left_out_and_noted(model: Any, tmp_path: Path) -> None:
    logger = _logger(tmp_path, budget="45 kB")
    _fit(model, logger)
    reader = _read(logger, tmp_path)
    entries = reader.checkpoint(1).entries
    assert "out/activations" in entries
    assert "hidden/activations" not in entries
    assert "hidden/kernel" in entries
    assert reader.checkpoint(1).recomputed == ("hidden",)


def test_layers_are_chosen_by_name(model: Any, tmp_path: Path) -> None:
    logger = _logger(tmp_path, layers="hid*")
    _fit(model, logger)
    layers = {entry.layer for entry in _read(logger, tmp_path).checkpoint(1).entries.values()}
    assert layers == {"hidden", "values", ""}


def test_the_model_itself_is_kept_where_asked_for(model: Any, tmp_path: Path) -> None:
    logger = _logger(tmp_path, save_model="last")
    _fit(model, logger, epochs=2)
    saved = tmp_path / "models" / logger.header.id / "saved"
    assert [path.name for path in saved.iterdir()] == ["000002.keras"]


def test_a_header_may_be_a_mapping_or_its_fields(tmp_path: Path) -> None:
    assert _logger(tmp_path, header={"name": "a", "tags": ["t"]}, name=None).header.tags == ("t",)
    assert _logger(tmp_path, header=Header(name="b"), name=None).header.name == "b"
    assert _logger(tmp_path, name="c", notes="n", label="l").header.title == "l"


def test_parents_become_full_ids(model: Any, tmp_path: Path) -> None:
    first = _logger(tmp_path, name="first")
    second = _logger(tmp_path, name="second")
    for logger in (first, second):
        _fit(model, logger)
    child = _logger(tmp_path, name="child", parents=["first", second.header.id[:8]])
    assert child.header.parents == (first.header.id, second.header.id)


def test_a_parent_that_does_not_exist_names_the_nearest(model: Any, tmp_path: Path) -> None:
    _fit(model, _logger(tmp_path, name="baseline"))
    with pytest.raises(
        HeaderError, match=r"^parent 'basline' does not exist in .*; the nearest are baseline$"
    ):
        _logger(tmp_path, parents=["basline"])


WRONG: dict[str, tuple[dict[str, Any], type[Exception], str]] = {
    "no samples": ({"samples": None}, SamplesError, "no samples were given: "),
    "no name": ({"name": None}, HeaderError, "the model has no name: "),
    "unknown header field": (
        {"header": {"nmae": "x"}},
        HeaderError,
        "header has no field 'nmae'; it has id, name, label, parents, tags, notes",
    ),
    "schedule": ({"every": "day"}, ValueError, "every='day' is no schedule: "),
    "budget": ({"budget": "much"}, ValueError, "'much' is no size: "),
    "precision": (
        {"precision": "float8"},
        ValueError,
        "precision='float8' is none of 'float16', 'float32'",
    ),
    "save_model": (
        {"save_model": "first"},
        ValueError,
        "save_model='first' is none of None, 'last', 'every'",
    ),
    "on_error": ({"on_error": "ignore"}, ValueError, "on_error='ignore' is none of 'warn', 'raise'"),
}


@pytest.mark.parametrize(("options", "kind", "message"), WRONG.values(), ids=WRONG)
def test_wrong_use_is_told_in_one_line_before_any_training(
    options: dict[str, Any], kind: type[Exception], message: str, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=f"^{re.escape(message)}[^\n]*$"):
        _logger(tmp_path / "store", **{"on_error": "warn", **options})
    assert not (tmp_path / "store").exists()


def test_a_store_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"^[^\n]*file[^\n]*$"):
        _logger(tmp_path / "file")


@pytest.mark.parametrize("on_error", ["warn", "raise"])
def test_samples_that_do_not_fit_the_model_stop_before_the_first_step(
    on_error: str, model: Any, tmp_path: Path
) -> None:
    logger = _logger(tmp_path, samples=np.ones((3, 5)), on_error=on_error)
    message = (
        "the input 'values' of the model 'tiny' takes samples of shape (2,), but these have the shape (5,)"
    )
    with pytest.raises(SamplesError, match=f"^{re.escape(message)}$"):
        _fit(model, logger)
    assert int(model.optimizer.iterations) == 0


def test_a_schedule_that_fails_does_not_end_the_training(
    model: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def schedule(step: int, epoch: int) -> bool:
        raise LookupError(f"no entry for {step} and {epoch}")

    _fit(model, _logger(tmp_path, every=schedule, on_error="warn"))
    assert caplog.messages == [
        "inspectree stopped logging 'tiny', training goes on: LookupError: no entry for 1 and 0"
    ]


def test_a_training_that_was_caught_reads_as_interrupted(model: Any, tmp_path: Path) -> None:
    """Keras tells callbacks nothing of an exception; when the logger is dropped, the log is closed."""

    def trouble(*_: Any, **__: Any) -> None:
        raise RuntimeError("caught by the user")

    logger = _logger(tmp_path)
    header = logger.header
    try:
        _fit(model, logger, keras.callbacks.LambdaCallback(on_epoch_end=trouble))
    except RuntimeError:
        del logger
    gc.collect()
    reader = ModelReader(tmp_path / "models" / header.id)
    assert reader.state == "interrupted"
    assert reader.checkpoint_numbers() == [0, 1]


def _interrupt(epoch: int, logs: Any = None) -> None:
    raise KeyboardInterrupt


def test_a_training_goes_on_after_an_interrupt(model: Any, tmp_path: Path) -> None:
    """Ctrl-C in a notebook, then ``fit`` again with the same logger, twice."""
    logger = _logger(tmp_path, save_model="every")
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            _fit(model, logger, keras.callbacks.LambdaCallback(on_epoch_end=_interrupt))
    _fit(model, logger)
    reader = _read(logger, tmp_path)
    assert _moments(reader) == [(0, 0), (4, 1), (8, 2), (12, 3)]
    assert [line["epoch"] for line in reader.history()] == [1, 2, 3]
    assert reader.state == "finished"
    assert [thread.name for thread in threading.enumerate() if thread.name == "inspectree tiny"] == []
    np.testing.assert_array_equal(
        reader.checkpoint(3).read("out/kernel").values, model.get_layer("out").get_weights()[0]
    )


FINISHED_LATER = """
import sys
import keras
import numpy as np
from inspectree.logger import TreeLogger

x = np.ones((4, 2), np.float32)
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
logger = TreeLogger(sys.argv[1], name="m", id="mine", samples=x, on_error="raise")

def interrupt(epoch, logs=None):
    raise KeyboardInterrupt

interrupted = keras.callbacks.LambdaCallback(on_epoch_end=interrupt)
try:
    model.fit(x, x[:, :1], verbose=0, callbacks=[logger, interrupted])
except KeyboardInterrupt:
    model.fit(x, x[:, :1], verbose=0, callbacks=[logger])
"""


def test_a_training_that_was_finished_after_an_interrupt_stays_finished(tmp_path: Path) -> None:
    """The end of the program is not taken for the end of the run that was interrupted."""
    subprocess.run([sys.executable, "-I", "-c", FINISHED_LATER, str(tmp_path)], check=True)
    reader = ModelReader(tmp_path / "models" / "mine")
    assert (reader.state, reader.checkpoint_numbers()) == ("finished", [0, 1, 2])


def test_keras_need_not_wait_for_batches_that_are_not_recorded(tmp_path: Path) -> None:
    assert _logger(tmp_path).async_safe
    assert not _logger(tmp_path, every=Every.steps(2)).async_safe
