"""What is recorded beyond the first output of every layer, from `fit` to the reader."""

from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger import TreeLogger
from inspectree.logger.capture.observer import Observer
from inspectree.logger.plan import Request
from inspectree.logger.samples import as_samples
from inspectree.logger.sizes import DATASET
from inspectree.logger.statistics import describe
from inspectree.logger.store.reader import CheckpointReader, ModelReader
from inspectree.logger.units import describe_units

L = keras.layers
ROWS, CLASSES = 24, 3


def _sentences() -> Any:
    random = np.random.default_rng(0)
    tokens = random.integers(1, 9, (ROWS, 6))
    tokens[:, 4:] = 0
    return tokens, np.arange(ROWS) % CLASSES


def _attentive() -> Any:
    """Return a classifier of token sequences with a mask, states and attention scores."""
    keras.utils.set_random_seed(2)
    tokens = keras.Input((6,), dtype="int32", name="tokens")
    embedded = L.Embedding(9, 4, mask_zero=True, name="embedded")(tokens)
    whole, state, _ = L.LSTM(4, return_sequences=True, return_state=True, name="lstm")(embedded)
    mixed, _ = L.MultiHeadAttention(2, 3, name="attention")(whole, whole, return_attention_scores=True)
    pooled = L.GlobalAveragePooling1D(name="pooled")(mixed)
    scores = L.Dense(CLASSES, activation="softmax", name="scores")(L.concatenate([pooled, state]))
    model = keras.Model(tokens, scores, name="attentive")
    model.compile("adam", "sparse_categorical_crossentropy")
    return model


@pytest.fixture(scope="module")
def model() -> Any:
    return _attentive()


@pytest.fixture(scope="module")
def checkpoint(model: Any, tmp_path_factory: pytest.TempPathFactory) -> CheckpointReader:
    store = tmp_path_factory.mktemp("store")
    logger = TreeLogger(
        store, name="attentive", samples=_sentences(), gradients=True, updates=True, on_error="raise"
    )
    model.fit(*_sentences(), batch_size=8, epochs=2, verbose=0, callbacks=[logger])
    return ModelReader(store / "models" / logger.header.id).checkpoint(2)


def test_every_output_of_a_layer_has_its_place(checkpoint: CheckpointReader) -> None:
    entries = checkpoint.entries
    assert entries["lstm/activations"].shape == (ROWS, 6, 4)
    assert entries["lstm/activations.1"].shape == entries["lstm/activations.2"].shape == (ROWS, 4)
    assert entries["lstm/mean_class_activations.1"].shape == (CLASSES, 4)
    assert entries["attention/activations.1"].dims == ("sample", "head", "query", "key")


def test_states_and_scores_are_those_that_keras_gives_out(model: Any, checkpoint: CheckpointReader) -> None:
    layer, tokens = model.get_layer, _sentences()[0]
    whole, state, cell = layer("lstm")(layer("embedded")(tokens))
    _, scores = layer("attention")(whole, whole, return_attention_scores=True)
    for path, expected in (("lstm/activations.1", state), ("lstm/activations.2", cell)):
        _assert_half(checkpoint.read(path), expected)
    _assert_half(checkpoint.read("attention/activations.1"), scores)


def _assert_half(read: Any, expected: Any) -> None:
    exact = keras.ops.convert_to_numpy(expected)
    np.testing.assert_allclose(read.values, exact, rtol=2**-11 + 1e-5, atol=1e-5)


def test_a_mask_is_recorded_where_it_is_made(checkpoint: CheckpointReader) -> None:
    entries = checkpoint.entries
    assert entries["embedded/mask"].dims == ("sample", "time")
    assert "lstm/mask" not in entries
    np.testing.assert_array_equal(checkpoint.read("embedded/mask"), _sentences()[0] != 0)


def test_gradients_are_those_of_the_loss_on_the_samples(model: Any, checkpoint: CheckpointReader) -> None:
    """The last bias moved a little: `evaluate` on the samples tells the slope."""
    bias = model.get_layer("scores").bias
    start, slopes = np.array(keras.ops.convert_to_numpy(bias.value)), []
    for place in range(CLASSES):
        losses = []
        for step in (1e-2, -1e-2):
            moved = start.copy()
            moved[place] += step
            bias.assign(moved)
            losses.append(model.evaluate(*_sentences(), batch_size=ROWS, verbose=0))
        slopes.append((losses[0] - losses[1]) / 2e-2)
    bias.assign(start)
    np.testing.assert_allclose(checkpoint.read("scores/gradients/bias"), slopes, rtol=0.02, atol=1e-4)
    assert checkpoint.entries["lstm/gradients/activations"].shape == (ROWS, 6, 4)


def test_what_is_told_of_a_gradient_is_what_its_values_tell(checkpoint: CheckpointReader) -> None:
    found, expected = (
        checkpoint.statistics("embedded/gradients/embeddings"),
        describe(checkpoint.read("embedded/gradients/embeddings")),
    )
    assert (found.mean, found.norm) == (expected.mean, expected.norm)


@pytest.mark.parametrize("path", ["scores/kernel", "lstm/activations", "lstm/activations.1"])
def test_units_are_told_by_themselves(path: str, checkpoint: CheckpointReader) -> None:
    values, found = checkpoint.read(path), checkpoint.unit_statistics(path)
    expected = describe_units(values.values, values.ndim - 1)
    for name in found:
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-2, atol=1e-4, err_msg=name)


def test_class_metrics_follow_from_the_predictions(checkpoint: CheckpointReader) -> None:
    predicted = checkpoint.read("y_prediction").values.argmax(axis=1)
    found, true = checkpoint.class_metrics(), _sentences()[1]
    assert list(found.index) == ["0", "1", "2"]
    assert found["recall"].tolist() == [float((predicted[true == k] == k).mean()) for k in range(CLASSES)]


def test_every_step_since_the_last_checkpoint_is_told(checkpoint: CheckpointReader) -> None:
    updates = checkpoint.updates()
    assert updates["step"].values.tolist() == [4, 5, 6]
    assert "scores/kernel" in updates["variable"].values
    assert (updates["gradient_norm"] > 0).all()
    assert (updates["update_ratio"].sel(variable="scores/kernel") > 0).all()


def test_the_pass_was_timed(checkpoint: CheckpointReader) -> None:
    assert checkpoint.inference_seconds is not None
    assert checkpoint.inference_seconds > 0


class Fragile(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """A layer that cannot be called again once it has been told so."""

    broken = False

    def call(self, x: Any) -> Any:
        if self.broken:
            raise ValueError("not again")
        return x * 2


def test_weights_are_recorded_also_where_the_model_cannot_be_called(caplog: pytest.LogCaptureFixture) -> None:
    """It is tried again, told once, and what is not there is named; after two failures it is let be."""
    fragile, x = Fragile(name="fragile"), np.ones((4, 2), np.float32)
    model = keras.Sequential(
        [keras.Input((2,)), L.Dense(2, name="dense"), L.Dropout(0.1, name="drop"), fragile]
    )
    model.run_eagerly = True  # else it is not called again
    observer = Observer(model, as_samples(x), Request())
    recorded = []
    for broken in (True, False, True, True, False):
        fragile.broken = broken
        record = observer.record(0, 0, 0, {})
        layers = {layer.layer: layer for layer in record.layers}
        assert set(layers["dense"].weights) == {"kernel", "bias"}
        recorded.append(bool(layers["dense"].outputs))
        assert set(record.recomputed) == (set() if recorded[-1] else {"dense", "drop", "fragile"})
    assert recorded == [False, True, False, False, False]
    (told,) = [message for message in caplog.messages if "no activations and predictions" in message]
    assert "not again" in told


def test_trouble_raises_where_that_was_asked_for() -> None:
    fragile, x = Fragile(name="fragile"), np.ones((4, 2), np.float32)
    model = keras.Sequential([keras.Input((2,)), fragile])
    observer = Observer(model, as_samples(x), Request(), raises=True)
    fragile.broken = True
    with pytest.raises(ValueError, match="not again"):
        observer.record(0, 0, 0, {})


@pytest.mark.parametrize(("asked", "missing"), [("gradients", "gradients"), ("updates", "updates")])
def test_what_a_model_cannot_tell_is_said_once_and_left_out(
    asked: str, missing: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A model that was not compiled has neither a loss nor an optimizer."""
    model = keras.Sequential([keras.Input((2,)), L.Dense(2, name="dense")])
    observer = Observer(model, as_samples(np.ones((4, 2), np.float32)), Request(**{asked: True}))
    observer.watch()
    for number in range(2):
        record = observer.record(number, 0, 0, {})
        assert record.updates is None
        assert not any(layer.gradients for layer in record.layers)
    assert [message for message in caplog.messages if f"records no {missing}" in message] == caplog.messages
    assert len(caplog.messages) == 1


def test_gradients_without_labels_are_told_as_that(caplog: pytest.LogCaptureFixture) -> None:
    model = keras.Sequential([keras.Input((2,)), L.Dense(2)], name="plain")
    model.compile("sgd", "mse")
    observer = Observer(model, as_samples(np.ones((4, 2), np.float32)), Request(gradients=True))
    observer.record(0, 0, 0, {})
    told = "inspectree records no gradients of 'plain': its loss needs labels: give samples=(x, y)"
    assert caplog.messages == [told]


def test_steps_of_another_optimizer_are_told_as_unseen(caplog: pytest.LogCaptureFixture) -> None:
    model = keras.Sequential([keras.Input((2,)), L.Dense(2)], name="plain")
    model.compile("sgd", "mse")
    observer = Observer(model, as_samples(np.ones((4, 2), np.float32)), Request(updates=True))
    observer.watch()
    for step in (0, 0, 10, 20):
        observer.record(step, step, 0, {})
    assert len(caplog.messages) == 1
    assert caplog.messages[0].endswith("the optimizer that it was compiled with does no steps")


def test_steps_give_way_to_the_budget_the_first_ones_first() -> None:
    model = keras.Sequential([keras.Input((2,)), L.Dense(2)])
    model.compile("sgd", "mse")
    x, y = np.ones((40, 2), np.float32), np.zeros((40, 2))
    roomy = Observer(model, as_samples((x, y)), Request(updates=True))
    budget = roomy.plan.size + 3 * DATASET + 5 * (2 * 2 * 4 + 8)
    observer = Observer(model, as_samples((x, y)), Request(updates=True, budget=budget))
    observer.watch()
    model.fit(x, y, batch_size=1, epochs=1, verbose=0)
    updates = observer.record(1, 40, 1, {}).updates
    assert updates is not None
    assert updates.steps.tolist() == [36, 37, 38, 39, 40]
