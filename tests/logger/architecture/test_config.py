import json
from typing import Any

import keras
import numpy as np

from inspectree.logger.architecture.config import layer_config, plain


def test_an_initializer_is_its_class_and_arguments() -> None:
    config = layer_config(keras.layers.Dense(3, kernel_initializer=keras.initializers.HeNormal(seed=5)))
    assert config["kernel_initializer"] == {"class": "HeNormal", "seed": 5}
    assert layer_config(keras.layers.Dense(3))["kernel_initializer"] == {
        "class": "GlorotUniform",
        "seed": None,
    }


def test_a_dtype_policy_is_its_name() -> None:
    assert layer_config(keras.layers.Dense(3, dtype="mixed_float16"))["dtype"] == "mixed_float16"


def test_what_the_graph_tells_by_itself_is_left_out() -> None:
    assert not {"name", "trainable"} & set(layer_config(keras.layers.Dense(3)))


def test_a_layer_that_cannot_tell_has_no_configuration() -> None:
    class Odd(keras.layers.Layer):  # type: ignore[misc]  # Keras ships no types
        def get_config(self) -> Any:
            raise NotImplementedError

    assert layer_config(Odd()) == {}


def test_everything_becomes_json() -> None:
    value = {"a": np.float32(1.5), "b": (1, np.int64(2)), "c": np.arange(2), "d": print, "e": {"f": {1.5}}}
    assert json.loads(json.dumps(plain(value))) == {
        "a": 1.5,
        "b": [1, 2],
        "c": [0, 1],
        "d": "print",
        "e": {"f": [1.5]},
    }
