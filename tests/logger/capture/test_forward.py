"""The forward pass over any Keras model: what is seen, and that nothing is changed by looking."""

from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger.architecture.model_graph import Tensor
from inspectree.logger.architecture.trace import trace
from inspectree.logger.capture import forward
from inspectree.logger.capture.forward import Capture, Captured
from inspectree.logger.capture.inputs import fit_samples
from inspectree.logger.plan import Request, make_plan
from inspectree.logger.samples import as_samples

L = keras.layers


def _captured(model: Any, source: Any) -> Captured:
    samples, inputs = fit_samples(model, as_samples(source))
    plan = make_plan(trace(model, inputs).graph, len(samples), 0, Request())
    captured = Capture(model, samples, inputs, plan.captured)()
    assert set(captured.outputs) == set(plan.captured)
    return captured


def _activations(captured: Captured) -> dict[str, Any]:
    """Return the first outputs' values by node id."""
    return {node: outputs["activations"].values for node, outputs in captured.outputs.items()}


def _random(*shape: int) -> Any:
    return np.random.default_rng(0).random(shape).astype(np.float32)


def _assert_close(actual: Any, expected: Any) -> None:
    np.testing.assert_allclose(actual, np.asarray(keras.ops.convert_to_numpy(expected)), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("rows", [1, 99, 100, 101, 250])
def test_all_rows_come_in_their_order_however_many_there_are(rows: int) -> None:
    model = keras.Sequential([keras.Input((3,)), L.Dense(2, name="dense")])
    x = _random(rows, 3)
    captured = _captured(model, x)
    _assert_close(_activations(captured)["dense"], model(x))
    _assert_close(captured.predictions["output"], model(x))


def test_at_most_a_hundred_rows_go_through_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = []

    def watched(model: Any, call: Any) -> Any:
        def run(batch: Any) -> Any:
            sizes.append(len(batch[0]))
            return call(batch)

        return run

    monkeypatch.setattr(forward, "compiled", watched)
    _captured(keras.Sequential([keras.Input((3,)), L.Dense(2)]), _random(201, 3))
    assert sizes == [67, 67, 67]


def test_a_fixed_batch_size_is_kept() -> None:
    model = keras.Sequential([keras.Input(batch_shape=(8, 3)), L.Dense(2, name="dense")])
    x = _random(12, 3)
    first, second = x[:8], np.concatenate([x[8:], x[:4]])
    expected = np.concatenate([keras.ops.convert_to_numpy(model(part)) for part in (first, second)])[:12]
    _assert_close(_activations(_captured(model, x))["dense"], expected)


def test_every_call_of_a_shared_layer_is_seen() -> None:
    left, right = keras.Input((3,), name="left"), keras.Input((3,), name="right")
    shared = L.Dense(2, name="shared")
    model = keras.Model([left, right], L.Subtract(name="minus")([shared(left), shared(right)]))
    x = {"left": _random(5, 3), "right": _random(5, 3) + 1}
    captured = _activations(_captured(model, x))
    _assert_close(captured["shared"], shared(x["left"]))
    _assert_close(captured["shared:1"], shared(x["right"]))


def test_nested_models_are_seen_inside() -> None:
    inner = keras.Sequential([keras.Input((3,)), L.Dense(4, name="a"), L.Dense(2, name="b")], name="inner")
    model = keras.Sequential([keras.Input((3,)), inner, L.Dense(1, name="out")])
    x = _random(6, 3)
    captured = _activations(_captured(model, x))
    assert set(captured) == {"inner/a", "inner/b", "out"}  # inner itself holds what inner/b does
    _assert_close(captured["inner/b"], inner(x))


def test_several_outputs_are_told_apart_by_name() -> None:
    x = keras.Input((3,))
    model = keras.Model(x, {"mean": L.Dense(1)(x), "spread": L.Dense(2)(x)})
    predictions = _captured(model, _random(4, 3)).predictions
    assert {name: values.shape for name, values in predictions.items()} == {"mean": (4, 1), "spread": (4, 2)}


class Pair(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A subclassed model whose two layers have one name, and which is built late."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = L.Dense(3, name="dense"), L.Dense(2, name="dense")

    def call(self, x: Any) -> Any:
        hidden = self.one(x)
        return [self.two(hidden), hidden]


def test_a_subclassed_model_is_seen_inside() -> None:
    model, x = Pair(), _random(4, 3)
    captured = _captured(model, x)
    _assert_close(_activations(captured)["dense"], model.one(x))
    _assert_close(_activations(captured)["dense@2"], model.two(model.one(x)))
    assert {name: values.shape for name, values in captured.predictions.items()} == {
        "output_0": (4, 2),
        "output_1": (4, 3),
    }


def test_recurrent_layers_are_seen_from_outside() -> None:
    model = keras.Sequential(
        [
            keras.Input((5, 3)),
            L.LSTM(4, return_sequences=True, name="lstm"),
            L.TimeDistributed(L.Dense(2), name="each"),
        ]
    )
    x = _random(4, 5, 3)
    captured = _activations(_captured(model, x))
    assert set(captured) == {"lstm", "each"}
    _assert_close(captured["lstm"], model.get_layer("lstm")(x))


@pytest.mark.parametrize(("policy", "dtype"), [("mixed_float16", "float16"), ("mixed_bfloat16", "float32")])
def test_mixed_precision_is_kept_as_far_as_files_can_hold_it(policy: str, dtype: str) -> None:
    model = keras.Sequential([keras.Input((3,)), L.Dense(2, dtype=policy, name="dense")])
    captured = _captured(model, _random(4, 3))
    assert _activations(captured)["dense"].dtype == dtype
    assert captured.predictions["output"].dtype == np.float32


def test_whole_numbers_stay_whole() -> None:
    model = keras.Sequential([keras.Input((3,), dtype="int32"), L.Embedding(9, 2, name="embedded")])
    x = np.array([[1, 2, 8], [0, 0, 3]], np.int32)
    _assert_close(_activations(_captured(model, x))["embedded"], model(x))


def test_an_image_without_a_channel_axis_gets_one_as_keras_does() -> None:
    model = keras.Sequential([keras.Input((8, 8, 1)), L.Conv2D(2, 3, name="conv")])
    x = _random(3, 8, 8)
    _assert_close(_activations(_captured(model, x))["conv"], model(x[..., None]))


class Noisy(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """A layer that is random also at inference, like the sampling of a VAE."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.seeds = keras.random.SeedGenerator(5)

    def call(self, x: Any) -> Any:
        return x + keras.random.normal(keras.ops.shape(x), seed=self.seeds)


def test_looking_draws_no_random_numbers_and_changes_no_variable() -> None:
    model = keras.Sequential([keras.Input((3,)), Noisy(), L.BatchNormalization(), L.Dropout(0.5)])
    before = [np.array(keras.ops.convert_to_numpy(variable.value)) for variable in model.variables]
    first = _captured(model, _random(20, 3))
    second = _captured(model, _random(20, 3))
    for variable, value in zip(model.variables, before, strict=True):
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(variable.value), value)
    for name, values in _activations(first).items():
        np.testing.assert_array_equal(_activations(second)[name], values)


def test_the_variables_are_read_anew_at_every_look() -> None:
    model = keras.Sequential([keras.Input((3,)), L.Dense(2, name="dense")])
    samples, inputs = fit_samples(model, as_samples(_random(4, 3)))
    capture = Capture(
        model, samples, inputs, {"dense": {"activations": Tensor(shape=(None, 2), dtype="float32")}}
    )
    capture()
    model.get_layer("dense").set_weights([np.ones((3, 2)), np.zeros(2)])
    _assert_close(_activations(capture())["dense"], model(_random(4, 3)))


def test_calls_in_other_threads_are_not_mixed_in() -> None:
    from threading import Thread

    from inspectree.logger.capture.recording import recording

    model = keras.Sequential([keras.Input((3,)), L.Dense(2)])
    seen: list[str] = []
    with recording(model, lambda path, _: seen.append(path)):
        thread = Thread(target=lambda: model(_random(2, 3)))
        thread.start()
        thread.join()
    assert seen == []


class Total(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """A model that also gives out one number for all samples."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = L.Dense(2, name="dense")

    def call(self, x: Any) -> Any:
        scores = self.dense(x)
        return scores, keras.ops.sum(scores)


def test_an_output_without_a_row_per_sample_is_left_out() -> None:
    model, x = Total(), _random(6, 3)
    captured = _captured(model, x)
    assert list(captured.predictions) == ["output_0"]
    _assert_close(_activations(captured)["dense"], model.dense(x))


def test_a_pass_that_has_to_be_compiled_is_not_timed() -> None:
    model = keras.Sequential([keras.Input((3,)), L.Dense(2, name="dense")])
    samples, inputs = fit_samples(model, as_samples(_random(4, 3)))
    capture = Capture(model, samples, inputs, {})
    assert capture().seconds is None
    seconds = capture().seconds
    assert seconds is not None
    assert seconds > 0
