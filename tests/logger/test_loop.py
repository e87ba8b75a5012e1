"""Hand-written training loops, logged with ``attach`` and ``checkpoint``."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import InspectreeError, TreeLogger
from inspectree.logger.store.reader import ModelReader

L = keras.layers
X = np.random.default_rng(0).normal(size=(8, 2)).astype(np.float32)
Y = (X.sum(axis=1, keepdims=True) > 0).astype(np.float32)


@pytest.fixture
def model() -> Any:
    keras.utils.set_random_seed(0)
    return keras.Sequential([keras.Input((2,)), L.Dense(3, "tanh", name="hidden"), L.Dense(1, name="out")])


def _logger(store: Path, **options: Any) -> TreeLogger:
    return TreeLogger(store, **{"name": "m", "samples": (X, Y), "on_error": "raise", **options})


def _read(logger: TreeLogger, store: Path) -> ModelReader:
    return ModelReader(store / "models" / logger.header.id)


def _moments(reader: ModelReader) -> list[tuple[int, int]]:
    return [(c.step, c.epoch) for c in map(reader.checkpoint, reader.checkpoint_numbers())]


def _kernels(reader: ModelReader, layer: str) -> list[Any]:
    return [reader.checkpoint(n).read(f"{layer}/kernel").values for n in reader.checkpoint_numbers()]


# training, by the means of each backend


def _tensorflow_step(models: list[Any], loss: Callable[[], Any], optimizer: Any) -> None:
    import tensorflow as tf

    variables = [variable for model in models for variable in model.trainable_variables]
    with tf.GradientTape() as tape:
        value = loss()
    optimizer.apply(tape.gradient(value, variables), variables)


def _torch_step(models: list[Any], loss: Callable[[], Any], optimizer: Any) -> None:
    import torch

    variables = [variable for model in models for variable in model.trainable_variables]
    for variable in variables:
        variable.value.grad = None
    loss().backward()
    with torch.no_grad():
        optimizer.apply([variable.value.grad for variable in variables], variables)


def _jax_step(models: list[Any], loss: Callable[[], Any], optimizer: Any) -> None:
    """Differentiate with all state outside of the models, and write it back."""
    import jax

    variables = [variable for model in models for variable in model.trainable_variables]
    if not optimizer.built:
        optimizer.build(variables)

    def stateless(values: Any) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True))):
            return loss()

    values = [variable.value for variable in variables]
    _, gradients = jax.value_and_grad(stateless)(values)
    state = [variable.value for variable in optimizer.variables]
    values, state = optimizer.stateless_apply(state, gradients, values)
    for variable, value in zip([*variables, *optimizer.variables], [*values, *state], strict=True):
        variable.assign(value)


STEPS = {"tensorflow": _tensorflow_step, "torch": _torch_step, "jax": _jax_step}
step = STEPS[keras.backend.backend()]


def _squared(model: Any) -> Callable[[], Any]:
    return lambda: keras.ops.mean(keras.ops.square(keras.ops.subtract(model(X), Y)))


def test_a_loop_is_logged_with_its_weights_and_scalars(model: Any, tmp_path: Path) -> None:
    optimizer, logger = keras.optimizers.SGD(0.1), _logger(tmp_path)
    kernels = [model.get_layer("hidden").kernel.numpy()]
    with logger.attach(model) as log:
        for epoch in range(3):
            step([model], _squared(model), optimizer)
            loss = keras.ops.convert_to_numpy(_squared(model)())
            kernels.append(model.get_layer("hidden").kernel.numpy())
            log.checkpoint(step=2 * epoch + 2, epoch=epoch + 1, metrics={"loss": loss})
        assert _read(logger, tmp_path).state == "training"
    reader = _read(logger, tmp_path)
    assert _moments(reader) == [(0, 0), (2, 1), (4, 2), (6, 3)]
    for stored, kernel in zip(_kernels(reader, "hidden"), kernels, strict=True):
        np.testing.assert_array_equal(stored, kernel)
    assert [(line["step"], line["epoch"]) for line in reader.history()] == [(2, 1), (4, 2), (6, 3)]
    assert reader.history()[-1]["metrics"] == {"loss": pytest.approx(float(loss))}
    assert reader.checkpoint(3).metrics == reader.history()[-1]["metrics"]
    assert (reader.state, reader.error) == ("finished", None)


def test_two_models_are_logged_at_once(tmp_path: Path) -> None:
    """A generator and a discriminator that learn from each other, as in a GAN."""
    keras.utils.set_random_seed(0)
    generator = keras.Sequential([keras.Input((3,)), L.Dense(4, "relu"), L.Dense(2, name="made")])
    discriminator = keras.Sequential([keras.Input((2,)), L.Dense(4, "relu"), L.Dense(1, name="real")])
    noise = np.random.default_rng(1).normal(size=(8, 3)).astype(np.float32)

    def real() -> Any:
        return X

    def fake() -> Any:
        return generator(noise)

    def judged(label: float, x: Callable[[], Any]) -> Any:
        scores = discriminator(x())
        labels = label * keras.ops.ones_like(scores)
        return keras.ops.mean(keras.ops.binary_crossentropy(labels, scores, from_logits=True))

    makes, judges = _logger(tmp_path, name="g", samples=noise), _logger(tmp_path, name="d", samples=X)
    optimizers = keras.optimizers.Adam(0.01), keras.optimizers.Adam(0.01)
    expected = []
    with makes.attach(generator) as making, judges.attach(discriminator) as judging:
        for number in (1, 2, 3):
            step(
                [discriminator],
                lambda: judged(1, lambda: X) + judged(0, lambda: generator(noise)),
                optimizers[0],
            )
            step([generator], lambda: judged(1, lambda: generator(noise)), optimizers[1])
            for log in (making, judging):
                log.checkpoint(step=number, metrics={"number": number})
            expected.append([generator.layers[-1].kernel.numpy(), discriminator.layers[-1].kernel.numpy()])
    for logger, layer, place in ((makes, "made", 0), (judges, "real", 1)):
        reader = _read(logger, tmp_path)
        assert [moment[0] for moment in _moments(reader)] == [0, 1, 2, 3]
        assert reader.state == "finished"
        for stored, kernels in zip(_kernels(reader, layer)[1:], expected, strict=True):
            np.testing.assert_array_equal(stored, kernels[place])


def test_steps_are_counted_by_the_model_s_own_optimizer(model: Any, tmp_path: Path) -> None:
    """``train_on_batch`` needs no counting by the user."""
    model.compile("sgd", "mse")
    logger = _logger(tmp_path)
    with logger.attach(model) as log:
        for _ in range(2):
            for start in (0, 4):
                loss = model.train_on_batch(X[start : start + 4], Y[start : start + 4])
            log.checkpoint(metrics={"loss": loss})
    reader = _read(logger, tmp_path)
    assert _moments(reader) == [(0, 0), (2, 1), (4, 2)]
    np.testing.assert_array_equal(_kernels(reader, "out")[-1], model.get_layer("out").kernel.numpy())
    assert reader.hyperparameters["optimizer"]["class"] == "SGD"


def test_without_an_optimizer_checkpoints_count_up(model: Any, tmp_path: Path) -> None:
    logger = _logger(tmp_path)
    with logger.attach(model) as log:
        log.checkpoint()
        log.checkpoint(step=10)
        log.checkpoint(epoch=5)
        log.checkpoint()
    reader = _read(logger, tmp_path)
    assert _moments(reader) == [(0, 0), (1, 1), (10, 1), (11, 5), (12, 6)]
    assert reader.history() == []


def test_a_loop_that_goes_on_says_where(model: Any, tmp_path: Path) -> None:
    logger = _logger(tmp_path)
    with logger.attach(model, step=40, epoch=4) as log:
        log.checkpoint()
    assert _moments(_read(logger, tmp_path)) == [(40, 4), (41, 5)]


def test_a_second_loop_goes_on_with_the_log(model: Any, tmp_path: Path) -> None:
    logger = _logger(tmp_path)
    for _ in range(2):
        with logger.attach(model) as log:
            log.checkpoint()
    assert _moments(_read(logger, tmp_path)) == [(0, 0), (1, 1), (2, 2)]


ENDS = {
    "an exception": (ValueError("the loss exploded\nat once"), "failed", "ValueError: the loss exploded"),
    "Ctrl-C": (KeyboardInterrupt(), "interrupted", None),
    "sys.exit": (SystemExit(1), "interrupted", None),
}


@pytest.mark.parametrize(("error", "state", "line"), ENDS.values(), ids=ENDS)
def test_what_leaves_the_block_is_noted_and_goes_on_its_way(
    error: BaseException, state: str, line: str | None, model: Any, tmp_path: Path
) -> None:
    logger = _logger(tmp_path)

    def train() -> None:
        with logger.attach(model) as log:
            log.checkpoint()
            raise error

    with pytest.raises(type(error)) as raised:
        train()
    assert raised.value is error
    reader = _read(logger, tmp_path)
    assert (reader.state, reader.error, len(_moments(reader))) == (state, line, 2)


# wrong use


def _told(message: str) -> Any:
    return pytest.raises(InspectreeError, match=f"^{re.escape(message)}$")


def test_checkpoints_are_for_the_inside_of_the_block(model: Any, tmp_path: Path) -> None:
    message = "checkpoint() is for the inside of `with TreeLogger(...).attach(model) as log:`"
    log = _logger(tmp_path).attach(model)
    with _told(message):
        log.checkpoint()
    with log:
        log.checkpoint()
    with _told(message):
        log.checkpoint()


def test_only_a_model_can_be_attached_to(tmp_path: Path) -> None:
    with _told("attach() takes a Keras model, not Dense"):
        _logger(tmp_path).attach(L.Dense(1))


def test_samples_that_do_not_fit_are_refused_on_entering(model: Any, tmp_path: Path) -> None:
    with pytest.raises(InspectreeError, match="takes samples of shape"):
        _logger(tmp_path, samples=np.ones((4, 9)), on_error="warn").attach(model).__enter__()


def test_a_block_is_entered_once_at_a_time(model: Any, tmp_path: Path) -> None:
    logger = _logger(tmp_path)
    with logger.attach(model), _told("this TreeLogger logs 'm' already: end that first"):
        logger.attach(model).__enter__()


def test_within_fit_there_is_no_loop(model: Any, tmp_path: Path) -> None:
    model.compile("sgd", "mse")
    logger = _logger(tmp_path)
    attaching = keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: logger.attach(model))
    with _told("attach() is for loops without fit: give fit the TreeLogger as a callback"):
        model.fit(X, Y, verbose=0, callbacks=[attaching])


def test_within_fit_another_model_may_have_a_loop(model: Any, tmp_path: Path) -> None:
    model.compile("sgd", "mse")
    probe = keras.Sequential([keras.Input((2,)), L.Dense(1)])
    logger = _logger(tmp_path)

    def train_probe(*_: Any, **__: Any) -> None:
        with logger.attach(probe) as log:
            log.checkpoint()

    model.fit(X, Y, verbose=0, callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=train_probe)])
    assert _moments(_read(logger, tmp_path)) == [(0, 0), (1, 1)]


def test_within_a_loop_fit_has_a_logger_of_its_own(model: Any, tmp_path: Path) -> None:
    model.compile("sgd", "mse")
    logger = _logger(tmp_path)
    with logger.attach(model), _told("this TreeLogger is attached to a loop: give fit one of its own"):
        model.fit(X, Y, verbose=0, callbacks=[logger])


def test_metrics_are_numbers(model: Any, tmp_path: Path) -> None:
    with (
        _logger(tmp_path).attach(model) as log,
        _told("the metric 'loss' is not a number but 'low'"),
    ):
        log.checkpoint(metrics={"loss": "low"})


def test_steps_are_whole_numbers(model: Any, tmp_path: Path) -> None:
    with _logger(tmp_path).attach(model) as log, _told("step=0.5 is not a whole number"):
        log.checkpoint(step=0.5)  # type: ignore[arg-type] # that is the point


def test_bookkeeping_that_is_wrong_does_not_end_a_loop(model: Any, tmp_path: Path, caplog: Any) -> None:
    logger = _logger(tmp_path, on_error="warn")
    with logger.attach(model) as log:
        for _ in range(2):
            log.checkpoint(step=0.5, metrics={"loss": 1.0, "phase": "low"})  # wrong, that is the point
    assert caplog.messages == [
        "inspectree, logging 'm': the metric 'phase' is not a number but 'low'",
        "inspectree, logging 'm': step=0.5 is not a whole number",
    ]
    reader = _read(logger, tmp_path)
    assert _moments(reader) == [(0, 0), (1, 1), (2, 2)]
    assert [line["metrics"] for line in reader.history()] == [{"loss": 1.0}] * 2


COUNTS: dict[str, Callable[[Any], Any]] = {
    "the optimizer's": lambda model: model.optimizer.iterations,
    "a tensor": lambda _: keras.ops.convert_to_tensor(3),
    "a tensor of float": lambda _: keras.ops.convert_to_tensor(3.0),
    "NumPy's": lambda _: np.int64(3),
    "a float": lambda _: 3.0,
}


@pytest.mark.parametrize("count", COUNTS.values(), ids=COUNTS)
def test_steps_are_taken_from_whatever_holds_a_whole_number(count: Any, model: Any, tmp_path: Path) -> None:
    model.compile("sgd", "mse")
    logger = _logger(tmp_path)
    with logger.attach(model, epoch=keras.ops.convert_to_tensor(0)) as log:
        for _ in range(3):
            model.train_on_batch(X, Y)
        log.checkpoint(step=count(model))
    assert _moments(_read(logger, tmp_path)) == [(0, 0), (3, 0)]


def test_trouble_in_a_loop_does_not_end_it(model: Any, tmp_path: Path, caplog: Any) -> None:
    with _logger(tmp_path, on_error="warn").attach(model) as log:
        log.checkpoint()
        assert log._log._writer.wait()
        shutil.rmtree(tmp_path / "models")
        for _ in range(3):
            log.checkpoint(metrics={"loss": 1.0})
        log.checkpoint(step=0.5, metrics={"phase": "low"})  # nothing is looked at any more
    (told,) = caplog.messages
    assert told.startswith("inspectree stopped logging 'm', training goes on: a checkpoint of ")
