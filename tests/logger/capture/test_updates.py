"""What each step does to the variables, seen in the optimizer without adding to it."""

from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger.capture import updates
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
    taken = watched.taken(1)
    assert (taken.steps.tolist(), taken.variables) == ([1], ("sequential/line/kernel",)) or len(
        taken.steps
    ) == 1
    np.testing.assert_allclose(taken.gradient_norm, [[14]], rtol=1e-6)
    np.testing.assert_allclose(taken.update_ratio, [[0.14 / 3]], rtol=1e-4)


def test_every_step_is_seen_once() -> None:
    model = _line()
    watched = _watched(model)
    model.fit(X, Y, batch_size=1, epochs=3, verbose=0)
    first = watched.taken(6)
    model.fit(X, Y, batch_size=1, epochs=1, verbose=0)
    second = watched.taken(8)
    assert (first.steps.tolist(), second.steps.tolist()) == ([1, 2, 3, 4, 5, 6], [7, 8])
    assert len(watched.taken(8).steps) == 0
    assert len(np.unique(first.gradient_norm)) == 6


def test_a_model_that_was_trained_before_is_watched_too() -> None:
    model = _line()
    model.fit(X, Y, batch_size=2, epochs=1, verbose=0)
    watched = _watched(model)
    model.fit(X, Y, batch_size=2, epochs=2, verbose=0)
    assert len(watched.taken(3).steps) == 2
    watched.stop()
    model.fit(X, Y, batch_size=2, epochs=1, verbose=0)
    assert len(watched.taken(4).steps) == 0


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
    monkeypatch.setattr(updates, "MOST_VALUES", 6)  # three steps of one variable
    model = _line()
    watched = _watched(model)
    model.fit(X, Y, batch_size=1, epochs=3, verbose=0)
    assert watched.taken(6).steps.tolist() == [4, 5, 6]


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
    norms = watched.taken(1).gradient_norm
    assert norms[0, 0] > 0
    assert np.isnan(norms[0, 1:]).all()


def test_a_scaled_loss_is_told_unscaled() -> None:
    model = _line(keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.01), initial_scale=64.0))
    watched = _watched(model)
    model.fit(X, Y, batch_size=2, epochs=1, verbose=0)
    np.testing.assert_allclose(watched.taken(1).gradient_norm, [[14]], rtol=1e-6)


def test_a_model_without_an_optimizer_is_refused() -> None:
    model = keras.Sequential([keras.Input((1,)), L.Dense(1)])
    with pytest.raises(InspectreeError, match=r"has no optimizer: compile it to record updates$"):
        Updates(model, {})
