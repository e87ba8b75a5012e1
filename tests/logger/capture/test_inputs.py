import re
from typing import Any

import keras
import numpy as np
import pytest

from inspectree.logger.capture.inputs import fit_samples
from inspectree.logger.errors import SamplesError
from inspectree.logger.samples import as_samples

L = keras.layers


def _two_inputs() -> Any:
    left, right = keras.Input((2,), name="left"), keras.Input((3,), name="right")
    return keras.Model([left, right], L.Concatenate()([left, right]), name="two")


def _one_input() -> Any:
    return keras.Sequential([keras.Input((2,), name="only"), L.Dense(1)], name="one")


def test_a_single_input_takes_the_name_of_the_model() -> None:
    samples, inputs = fit_samples(_one_input(), as_samples(np.ones((4, 2))))
    assert list(samples.inputs) == ["only"]
    assert inputs.specs == {"only": ((2,), "float32")}


@pytest.mark.parametrize(
    "source",
    [{"right": np.ones((4, 3)), "left": np.ones((4, 2))}, [np.ones((4, 2)), np.ones((4, 3))]],
    ids=["by name", "by order"],
)
def test_several_inputs_come_in_the_order_of_the_model(source: Any) -> None:
    samples, inputs = fit_samples(_two_inputs(), as_samples(source))
    assert {name: values.shape for name, values in samples.inputs.items()} == {
        "left": (4, 2),
        "right": (4, 3),
    }
    assert inputs.filled({"left": 1, "right": 2}) == [1, 2]


def test_a_vocabulary_takes_the_names_of_the_inputs() -> None:
    samples, _ = fit_samples(_one_input(), as_samples(np.ones((4, 2)), vocabulary=["", "one"]))
    assert samples.vocabulary == {"only": ("", "one")}
    source = [np.ones((4, 2)), np.ones((4, 3))]
    samples, _ = fit_samples(_two_inputs(), as_samples(source, vocabulary={"input_1": ["", "one"]}))
    assert samples.vocabulary == {"right": ("", "one")}


def test_a_sequential_model_without_input_is_built_for_the_samples() -> None:
    model = keras.Sequential([L.Dense(3), L.Dense(1)])
    samples, _ = fit_samples(model, as_samples(np.ones((4, 2))))
    assert model.built
    assert model.inputs[0].shape == (None, 2)
    assert len(samples.inputs) == 1


class _Structured(keras.Model):  # type: ignore[misc]  # Keras ships no types
    """Takes its inputs in a structure that only its own call knows."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = L.Dense(2)

    def call(self, inputs: Any) -> Any:
        x, (y, z) = inputs["x"], inputs["more"]
        return self.dense(x) + y + z["deep"]


def test_a_model_of_its_own_gets_its_inputs_in_the_structure_in_which_they_were_given() -> None:
    x, y, z = np.ones((4, 3)), np.ones((4, 2)), np.ones((4, 1))
    samples, inputs = fit_samples(_Structured(), as_samples({"x": x, "more": [y, {"deep": z}]}))
    assert list(samples.inputs) == ["x", "more.0", "more.1.deep"]
    filled = inputs.filled({"x": 1, "more.0": 2, "more.1.deep": 3})
    assert filled == {"x": 1, "more": [2, {"deep": 3}]}


def test_building_leaves_the_random_numbers_alone() -> None:
    """The weights are the same, whether the logger builds a model or its first batch does."""

    def made(build: bool) -> Any:
        keras.utils.set_random_seed(1)
        model = keras.Sequential([L.Dense(3), L.Dropout(0.5), L.Dense(1)])
        if build:
            fit_samples(model, as_samples(np.ones((4, 2), np.float32)))
        model(np.ones((4, 2), np.float32))
        return [keras.ops.convert_to_numpy(variable.value) for variable in model.variables]

    for built, called in zip(made(build=True), made(build=False), strict=True):
        np.testing.assert_array_equal(built, called)


ERRORS: dict[str, tuple[Any, Any, str]] = {
    "shape": (
        _one_input,
        np.ones((4, 5)),
        "the input 'only' of the model 'one' takes samples of shape (2,), but these have the shape (5,)",
    ),
    "number": (
        _two_inputs,
        np.ones((4, 2)),
        "the model 'two' has 2 inputs (left, right), but the samples have 1 (x)",
    ),
    "names": (
        _two_inputs,
        {"left": np.ones((4, 2)), "up": np.ones((4, 3))},
        "the model 'two' has the inputs left, right, but the samples are named left, up",
    ),
}


@pytest.mark.parametrize(("make", "source", "message"), ERRORS.values(), ids=ERRORS)
def test_samples_that_do_not_fit_get_one_clear_line(make: Any, source: Any, message: str) -> None:
    with pytest.raises(SamplesError, match=f"^{re.escape(message)}$"):
        fit_samples(make(), as_samples(source))


def test_samples_that_no_layer_takes_are_told_with_the_layers_reason() -> None:
    model = keras.Sequential([L.Conv2D(2, 3, name="conv"), L.Dense(1)], name="images")
    message = r"^the model 'images' cannot take the samples x of shape \(2,\): [^\n]*expected min_ndim=4"
    with pytest.raises(SamplesError, match=message):
        fit_samples(model, as_samples(np.ones((4, 2))))


def test_a_single_input_is_one() -> None:
    message = r"^the model 'one' has 1 input \(only\), but the samples have 2 \(a, b\)$"
    with pytest.raises(SamplesError, match=message):
        fit_samples(_one_input(), as_samples({"a": np.ones((4, 2)), "b": np.ones((4, 2))}))
