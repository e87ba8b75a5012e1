"""Large outputs are rounded where they are made; what follows from them comes from before the rounding."""

from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger.architecture.trace import trace
from inspectree.logger.capture.forward import Capture
from inspectree.logger.capture.gathering import all_finite
from inspectree.logger.capture.inputs import fit_samples
from inspectree.logger.plan import Request, make_plan
from inspectree.logger.samples import as_samples
from inspectree.logger.store.record import Output
from inspectree.logger.store.samples_writer import class_means
from inspectree.logger.units import DTYPE, describe_units

L = keras.layers
ROWS = 331  # of batches whose last one is not full
CLASSES = np.arange(ROWS) % 3


def _x() -> Any:
    return np.random.default_rng(0).normal(size=(ROWS, 7, 7, 2)).astype(np.float32)


def _capture(layer: Any, x: Any, y: Any = CLASSES, budget: int = 10**9) -> tuple[Any, Capture]:
    model = keras.Sequential([keras.Input(x.shape[1:]), layer])
    samples, inputs = fit_samples(model, as_samples((x, y)))
    plan = make_plan(
        trace(model, inputs).graph, len(samples), len(samples.class_names), Request(budget=budget)
    )
    return model, Capture(model, samples, inputs, plan.captured, plan.room)


def _output(capture: Capture) -> Output:
    (outputs,) = capture().outputs.values()
    return outputs["activations"]


def _exact(model: Any, x: Any) -> Any:
    return np.asarray(keras.ops.convert_to_numpy(model(x)))


@pytest.mark.parametrize("classes", [CLASSES, np.where(CLASSES == 1, -1, CLASSES)], ids=["all", "some"])
def test_values_means_and_units_are_numpys(classes: Any) -> None:
    model, capture = _capture(L.Conv2D(20, 3, padding="same", activation="relu"), _x(), classes)
    output, exact = _output(capture), _exact(model, _x())
    assert (output.values.dtype, output.captured) == (np.float16, "float32")
    np.testing.assert_allclose(output.values, exact, rtol=2**-11 + 1e-5, atol=1e-6)
    expected = class_means(exact.astype(np.float64), classes)
    assert output.class_means is not None
    assert output.class_means.keys() == expected.keys()
    for index, mean in output.class_means.items():
        assert mean.dtype == np.float32
        np.testing.assert_allclose(mean, expected[index], rtol=1e-5, atol=1e-6)
    units = describe_units(exact, 3)
    assert output.units is not None
    for name in DTYPE.names or ():
        np.testing.assert_allclose(output.units[name], units[name], rtol=1e-4, atol=1e-6, err_msg=name)


class Folded(L.Layer):  # type: ignore[misc]  # Keras ships no types
    """A layer that gives out five axes, of which nothing is known."""

    def call(self, x: Any) -> Any:
        return keras.ops.reshape(x, (-1, 3, 6, 7, 7)) + 1


def test_a_layer_whose_axes_are_not_known_has_no_units() -> None:
    x = np.repeat(_x(), 9, axis=3)
    model, capture = _capture(Folded(), x)
    output = _output(capture)
    assert output.units is None
    np.testing.assert_allclose(output.values, _exact(model, x), rtol=2**-11, atol=1e-6)


def test_a_variance_beside_a_large_mean_is_not_lost() -> None:
    layer = L.Rescaling(1.0, offset=1000.0)
    _, capture = _capture(layer, np.repeat(_x(), 9, axis=3))
    units = _output(capture).units
    assert units is not None
    np.testing.assert_allclose(units["variance"], np.repeat(_x(), 9, axis=3).var(axis=(0, 1, 2)), rtol=1e-3)


@pytest.mark.parametrize("scale", [1e6, 1e-7, np.inf, np.nan], ids=["large", "small", "inf", "nan"])
def test_what_float16_cannot_hold_comes_as_it_is(scale: float) -> None:
    x = np.repeat(_x(), 9, axis=3)
    x[0, 0, 0, 0] = 1.0 if np.isfinite(scale) else scale
    factor = scale if np.isfinite(scale) else 1.0
    model, capture = _capture(L.Rescaling(factor), x)
    output = _output(capture)
    assert (output.values.dtype, output.class_means, output.units) == (np.float32, None, None)
    np.testing.assert_allclose(output.values, _exact(model, x), rtol=1e-6)
    np.testing.assert_array_equal(_output(capture).values, output.values)


def test_what_would_exceed_the_budget_then_is_left_out_and_named() -> None:
    x = np.repeat(_x(), 9, axis=3)
    layers = [keras.Input(x.shape[1:]), L.Rescaling(1e6, name="huge"), L.GlobalAveragePooling2D(name="mean")]

    def capture(budget: int) -> Capture:
        model = keras.Sequential(layers)
        samples, inputs = fit_samples(model, as_samples(x))
        plan = make_plan(trace(model, inputs).graph, len(samples), 0, Request(budget=budget))
        return Capture(model, samples, inputs, plan.captured, plan.room)

    roomy, tight = capture(10**9), capture(x.size * 2 + 100_000)
    assert roomy().outputs.keys() == {"huge", "mean"}
    assert roomy.recomputed == {}
    assert tight().outputs.keys() == {"mean"}
    assert list(tight.recomputed) == ["huge"]


@pytest.mark.parametrize(
    ("values", "finite"),
    [([1, -65504, 0], True), ([np.inf], False), ([-np.inf], False), ([1, np.nan], False), ([], True)],
)
def test_bits_tell_what_is_finite(values: list[float], finite: bool) -> None:
    assert all_finite(np.array(values, np.float16)) is finite
