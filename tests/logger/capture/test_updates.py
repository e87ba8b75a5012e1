"""What each step does to the variables, seen in the optimizer without adding to it."""

import gc
import weakref
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import TreeLogger, sizes
from inspectree.logger.capture.updates import Updates
from inspectree.logger.errors import InspectreeError

L = keras.layers
X = np.array([[1.0], [2.0]], np.float32)
Y = np.array([[1.0], [0.0]], np.float32)


def _line(optimizer: Any = None) -> Any:
    """Return y = 3 x, to be trained on x = 1, 2 with y = 1, 0."""
    model = keras.Sequential([keras.Input((1,)), L.Dense(1, use_bias=False, name="line")])
    model.compile(optimizer or keras.optimizers.SGD(0.01), "mse")
    model.get_layer("line").set_weights([np.array([[3.0]])])
    return model


def _watched(model: Any) -> Updates:
    watched = Updates(model, {id(variable): variable.path for variable in model.trainable_variables})
    watched.watch()
    return watched


def test_one_step_by_hand() -> None:
    """The gradient is 14, see test_gradients; the step moves 3 by 0.14."""
    model = _line()
    watched = _watched(model)
    model.fit(X, Y, batch_size=2, epochs=1, verbose=0)
    taken = watched.taken()
    assert (taken.steps.tolist(), taken.variables) == ([1], (model.get_layer("line").kernel.path,))
    np.testing.assert_allclose(taken.gradient_norm, [[14]], rtol=1e-6)
    np.testing.assert_allclose(taken.update_ratio, [[0.14 / 3]], rtol=1e-4)


def test_every_step_is_seen_once() -> None:
    model = _line()
    watched = _watched(model)
    model.fit(X, Y, batch_size=1, epochs=3, verbose=0)
    first = watched.taken()
    model.fit(X, Y, batch_size=1, epochs=1, verbose=0)
    second = watched.taken()
    assert (first.steps.tolist(), second.steps.tolist()) == ([1, 2, 3, 4, 5, 6], [7, 8])
    assert len(watched.taken().steps) == 0
    assert len(np.unique(first.gradient_norm)) == 6


def test_a_model_that_was_trained_before_is_watched_too() -> None:
    model = _line()
    model.fit(X, Y, batch_size=2, epochs=1, verbose=0)
    watched = _watched(model)
    model.fit(X, Y, batch_size=2, epochs=2, verbose=0)
    assert len(watched.taken().steps) == 2
    watched.stop()
    model.fit(X, Y, batch_size=2, epochs=1, verbose=0)
    assert len(watched.taken().steps) == 0


def test_watching_changes_neither_the_training_nor_the_optimizer() -> None:
    losses = []
    for watch in (False, True):
        keras.utils.set_random_seed(3)
        model = _line(keras.optimizers.Adam(0.1))
        if watch:
            watched = _watched(model)
        losses.append(model.fit(X, Y, batch_size=1, epochs=4, verbose=0).history["loss"])
    assert losses[0] == losses[1]
    watched.stop()
    assert "apply" not in vars(model.optimizer)
    assert len(model.optimizer.variables) == len(_adam_variables())


def _adam_variables() -> Any:
    model = _line(keras.optimizers.Adam(0.1))
    model.optimizer.build(model.trainable_variables)
    return model.optimizer.variables


def test_of_too_many_steps_the_latest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "UPDATES", 6)  # three steps of one variable
    model = _line()
    watched = _watched(model)
    model.fit(X, Y, batch_size=1, epochs=3, verbose=0)
    assert watched.taken().steps.tolist() == [4, 5, 6]


def test_what_the_loss_does_not_depend_on_has_no_gradient() -> None:
    tokens, y = np.array([[1, 2], [1, 0]]), np.array([[0.0], [1.0]])
    layers = [L.Embedding(5, 3, name="embedded"), L.Flatten(), L.Dense(1, name="out")]
    model = keras.Sequential([keras.Input((2,), dtype="int32"), *layers])
    model.compile("sgd", "mse")
    model.get_layer("out").trainable = False
    model.compile("sgd", "mse")
    watched = Updates(model, {id(variable): variable.path for variable in model.variables})
    watched.watch()
    model.fit(tokens, y, verbose=0)
    norms = watched.taken().gradient_norm
    assert norms[0, 0] > 0
    assert np.isnan(norms[0, 1:]).all()


def test_a_scaled_loss_is_told_unscaled() -> None:
    model = _line(keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.01), initial_scale=64.0))
    watched = _watched(model)
    model.fit(X, Y, batch_size=2, epochs=1, verbose=0)
    np.testing.assert_allclose(watched.taken().gradient_norm, [[14]], rtol=1e-6)


def test_a_model_without_an_optimizer_is_refused() -> None:
    model = keras.Sequential([keras.Input((1,)), L.Dense(1)])
    with pytest.raises(InspectreeError, match=r"has no optimizer of Keras: compile it to record updates$"):
        Updates(model, {})


class _Twice(keras.Sequential):  # type: ignore[misc]  # Keras ships no types
    """Trains twice on every batch."""

    def train_on_batch(self, *arguments: Any, **named: Any) -> Any:
        super().train_on_batch(*arguments, **named)
        return super().train_on_batch(*arguments, **named)


def test_rows_have_the_numbers_that_the_optimizer_gives_its_steps() -> None:
    """Two steps were done before; then come two calls of two steps."""
    model = _Twice([keras.Input((1,)), L.Dense(1, use_bias=False)], name="twice")
    model.compile("sgd", "mse")
    model.train_on_batch(X, Y)
    watched = _watched(model)
    for _ in range(2):
        model.train_on_batch(X, Y)
    assert (
        watched.taken().steps.tolist() == [3, 4, 5, 6] == list(range(3, int(model.optimizer.iterations) + 1))
    )


def test_every_batch_of_accumulated_gradients_is_a_row_and_moves_when_they_are_applied() -> None:
    model = _line(keras.optimizers.SGD(0.01, gradient_accumulation_steps=2))
    watched = _watched(model)
    model.fit(X, Y, batch_size=1, epochs=2, shuffle=False, verbose=0)
    taken = watched.taken()
    assert taken.steps.tolist() == [1, 2, 3, 4]
    assert (taken.update_ratio[:, 0] > 0).tolist() == [False, True, False, True]


def _own_apply(model: Any) -> tuple[Any, list[int]]:
    """Give a model's optimizer an ``apply`` of the user's own, which counts how often it is called."""
    applied, calls = model.optimizer.apply, []

    def own(grads: Any, trainable_variables: Any = None) -> Any:
        calls.append(1)
        return applied(grads, trainable_variables)

    model.optimizer.apply = own
    return own, calls


def test_what_a_user_set_in_the_optimizer_is_called_and_stays() -> None:
    model = _line()
    own, calls = _own_apply(model)
    watched = _watched(model)
    model.train_on_batch(X, Y)
    assert calls
    assert watched.taken().steps.tolist() == [1]
    watched.stop()
    assert vars(model.optimizer)["apply"] is own


def test_what_a_user_puts_around_it_meanwhile_stays_and_nothing_is_told_any_more() -> None:
    model = _line()
    watched = _watched(model)
    own, calls = _own_apply(model)
    watched.stop()
    model.train_on_batch(X, Y)
    assert vars(model.optimizer)["apply"] is own
    assert calls
    assert len(watched.taken().steps) == 0


@pytest.mark.parametrize("first_stops_first", [True, False])
def test_two_watches_of_one_optimizer_end_in_any_order(first_stops_first: bool) -> None:
    model = _line()
    one, other = _watched(model), _watched(model)
    model.train_on_batch(X, Y)
    ends, stays = (one, other) if first_stops_first else (other, one)
    ends.stop()
    model.train_on_batch(X, Y)
    assert ends.taken().steps.tolist() == [1]
    assert stays.taken().steps.tolist() == [1, 2]
    stays.stop()
    assert "apply" not in vars(model.optimizer)


def test_neither_the_model_nor_the_optimizer_is_held_by_what_is_put_there() -> None:
    model = _line()
    watched = _watched(model)
    optimizer, put = weakref.ref(model.optimizer), vars(model.optimizer)["apply"]
    del watched, model
    gc.collect()
    assert optimizer() is None
    assert put.watches is False


class _Failing(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        raise RuntimeError(f"failed after epoch {epoch}: {logs}")


def _logged(store: Path, **settings: Any) -> TreeLogger:
    return TreeLogger(store, name="line", samples=X, updates=True, **settings)


def test_the_optimizer_is_as_it_was_after_an_exception_in_fit(tmp_path: Path) -> None:
    model, logger = _line(), _logged(tmp_path)
    with pytest.raises(RuntimeError, match="failed after epoch 0"):
        model.fit(X, Y, verbose=0, callbacks=[logger, _Failing()])
    assert "apply" not in vars(model.optimizer)


def test_the_optimizer_is_as_it_was_when_a_logger_is_dropped(tmp_path: Path) -> None:
    model, logger = _line(), _logged(tmp_path)
    loop = logger.attach(model).__enter__()
    assert "apply" in vars(model.optimizer)
    del logger, loop
    gc.collect()
    assert "apply" not in vars(model.optimizer)


def test_the_optimizer_is_as_it_was_after_a_logger_has_given_up(tmp_path: Path) -> None:
    seen: list[bool] = []
    later = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *_: seen.append("apply" in vars(model.optimizer))
    )
    model, logger = _line(), _logged(tmp_path, every=lambda step, epoch: step > 1 / (1 - epoch))
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[logger, later])
    assert seen == [True, False, False]  # the schedule fails in the second epoch
