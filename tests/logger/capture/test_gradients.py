"""Gradients of the loss on the samples, with respect to variables and to what layers give out."""

from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger.architecture.trace import trace
from inspectree.logger.capture.gradients import Gradients, Measured
from inspectree.logger.capture.inputs import fit_samples
from inspectree.logger.errors import InspectreeError
from inspectree.logger.plan import Request, make_plan
from inspectree.logger.samples import as_samples

L = keras.layers
ROWS = 130  # two batches, the second one smaller


def _measured(model: Any, source: Any) -> Measured:
    samples, inputs = fit_samples(model, as_samples(source))
    plan = make_plan(trace(model, inputs).graph, len(samples), 0, Request(gradients=True))
    return Gradients(model, samples, inputs, plan.captured)()


def _of(measured: Measured, variable: Any) -> Any:
    return measured.variables[id(variable)]


def _data() -> Any:
    random = np.random.default_rng(0)
    return random.normal(size=(ROWS, 3)).astype(np.float32), random.integers(0, 2, ROWS)


def test_the_gradients_of_a_linear_model_by_hand() -> None:
    """Of the mean of (w x − y)², with respect to w: mean(2 x (w x − y)); to the output: 2 (w x − y) / N."""
    model = keras.Sequential([keras.Input((1,)), L.Dense(1, use_bias=False, name="line")])
    model.compile("sgd", "mse")
    model.get_layer("line").set_weights([np.array([[3.0]])])
    x, y = np.array([[1.0], [2.0]], np.float32), np.array([[1.0], [0.0]], np.float32)
    measured = _measured(model, (x, y))
    assert _of(measured, model.layers[0].kernel).tolist() == [[(2 * 1 * 2 + 2 * 2 * 6) / 2]]
    assert measured.outputs["line"]["activations"].tolist() == [[2.0], [6.0]]


def _network() -> Any:
    keras.utils.set_random_seed(4)
    x = keras.Input((3,))
    hidden = L.Dense(4, activation="tanh", kernel_regularizer=keras.regularizers.L2(0.1), name="hidden")(x)
    dropped = L.Dropout(0.5)(L.BatchNormalization(name="normal")(hidden))
    model = keras.Model(x, L.Dense(2, activation="softmax", name="scores")(L.add([dropped, hidden])))
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize("name", ["kernel", "bias"])
def test_finite_differences_find_the_same(name: str) -> None:
    """The independent oracle: `evaluate` with each weight moved a little up and down."""
    model, (x, y) = _network(), _data()
    found = _of(_measured(model, (x, y)), getattr(model.get_layer("hidden"), name))
    variable, step = getattr(model.get_layer("hidden"), name), 1e-2
    start = np.array(keras.ops.convert_to_numpy(variable.value))
    for index in list(np.ndindex(*start.shape))[:5]:
        losses = []
        for sign in (1, -1):
            moved = start.copy()
            moved[index] += sign * step
            variable.assign(moved)
            losses.append(model.evaluate(x, y, batch_size=ROWS, verbose=0))
        variable.assign(start)
        assert found[index] == pytest.approx((losses[0] - losses[1]) / (2 * step), rel=0.02, abs=2e-4)


def test_what_a_layer_gives_out_is_moved_like_the_bias_behind_it() -> None:
    """A bias is added to every sample: its gradient is the sum of those of the output."""
    model = keras.Sequential([keras.Input((3,)), L.Dense(4, name="hidden"), L.Dense(1, name="out")])
    model.compile("sgd", "mse")
    measured = _measured(model, _data())
    for layer in model.layers:
        total = measured.outputs[layer.name]["activations"].sum(axis=0)
        np.testing.assert_allclose(_of(measured, layer.bias), total, rtol=1e-4, atol=1e-6)


def test_nothing_is_changed_by_looking() -> None:
    model = _network()
    before = [np.array(keras.ops.convert_to_numpy(variable.value)) for variable in model.variables]
    first, second = (_measured(model, _data()) for _ in range(2))
    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(variable.value), value)
    for key, values in first.variables.items():
        np.testing.assert_array_equal(second.variables[key], values)


def test_frozen_variables_have_none() -> None:
    model = _network()
    model.get_layer("hidden").trainable = False
    model.compile("sgd", "sparse_categorical_crossentropy")
    measured = _measured(model, _data())
    assert id(model.get_layer("hidden").kernel) not in measured.variables
    assert id(model.get_layer("normal").moving_mean) not in measured.variables
    assert id(model.get_layer("scores").kernel) in measured.variables


def test_embeddings_recurrence_and_masks_have_them() -> None:
    tokens = np.array([[1, 2, 0, 0], [3, 1, 2, 0]])
    layers = [L.Embedding(5, 3, mask_zero=True, name="embedded"), L.LSTM(2, name="lstm"), L.Dense(1)]
    model = keras.Sequential([keras.Input((4,), dtype="int32"), *layers])
    model.compile("sgd", "mse")
    measured = _measured(model, (tokens, np.array([[0.0], [1.0]])))
    table = _of(measured, model.get_layer("embedded").embeddings)
    assert (table[1:4] != 0).all()
    assert (table[[0, 4]] == 0).all()  # a masked token and one that does not occur
    assert measured.outputs["embedded"]["activations"].shape == (2, 4, 3)
    assert (measured.outputs["embedded"]["activations"][0, 2:] == 0).all()


class Penalised(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """A layer with a loss of its own, as in a variational auto-encoder."""

    def call(self, x: Any) -> Any:
        self.add_loss(keras.ops.sum(keras.ops.square(x)))
        return x


def test_losses_of_layers_count_without_labels() -> None:
    model = keras.Sequential([keras.Input((1,)), L.Dense(1, use_bias=False, name="line"), Penalised()])
    model.compile("sgd")
    model.get_layer("line").set_weights([np.array([[3.0]])])
    measured = _measured(model, np.array([[1.0], [2.0]], np.float32))
    assert _of(measured, model.get_layer("line").kernel).tolist() == [[2 * 3 * (1 + 4)]]


def test_several_outputs_have_their_own_labels() -> None:
    x = keras.Input((3,))
    model = keras.Model(x, {"a": L.Dense(1, name="a")(x), "b": L.Dense(2, name="b")(x)})
    model.compile("sgd", {"a": "mse", "b": "mae"}, loss_weights={"a": 1.0, "b": 0.0})
    labels = {"a": np.zeros((ROWS, 1)), "b": np.zeros((ROWS, 2))}
    measured = _measured(model, (_data()[0], labels))
    assert (_of(measured, model.get_layer("a").kernel) != 0).any()
    assert (_of(measured, model.get_layer("b").kernel) == 0).all()


def _gradients(model: Any, source: Any) -> Gradients:
    samples, inputs = fit_samples(model, as_samples(source))
    plan = make_plan(trace(model, inputs).graph, len(samples), 0, Request(gradients=True))
    return Gradients(model, samples, inputs, plan.captured)


def _pair() -> Any:
    keras.utils.set_random_seed(6)
    layers = [L.Dense(4, name="a"), L.Dense(4, name="b"), L.Dense(1, name="out")]
    model = keras.Sequential([keras.Input((3,)), *layers])
    model.compile("sgd", "mse")
    return model


def test_what_is_trainable_may_change_between_fits() -> None:
    """The gradients of a log that goes on are those that one begun anew finds."""
    model = _pair()
    model.get_layer("a").trainable = False
    gradients = _gradients(model, _data())
    gradients()
    model.get_layer("a").trainable, model.get_layer("b").trainable = True, False
    model.compile("sgd", "mse")
    found, expected = gradients(), _measured(model, _data())
    assert found.variables.keys() == expected.variables.keys()
    assert id(model.get_layer("b").kernel) not in found.variables
    for key, values in expected.variables.items():
        np.testing.assert_allclose(found.variables[key], values, rtol=1e-6)


def test_the_loss_may_change_between_fits() -> None:
    model = _pair()
    gradients = _gradients(model, _data())
    before = _of(gradients(), model.get_layer("out").bias)
    model.compile("sgd", "mse", loss_weights=100.0)
    np.testing.assert_allclose(_of(gradients(), model.get_layer("out").bias), 100 * before, rtol=1e-5)


def test_batches_of_a_fixed_size_are_filled_or_it_is_told() -> None:
    model = keras.Sequential([keras.Input(batch_shape=(65, 3)), L.Dense(1, name="out")])
    model.compile("sgd", "mse")
    x, y = _data()
    assert _measured(model, (x, y)).outputs["out"]["activations"].shape == (ROWS, 1)
    with pytest.raises(InspectreeError, match=r"^100 samples do not fill the model's batches of 65$"):
        _measured(model, (x[:100], y[:100]))
