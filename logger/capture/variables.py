"""The variables that belong to a layer itself."""

from collections.abc import Mapping

import keras
import numpy as np

from inspectree.logger.capture.keras_internals import sublayers
from inspectree.logger.store.layout import ACTIVATIONS, CLASS_MEANS
from inspectree.logger.store.record import Array

RECORDED = (ACTIVATIONS, CLASS_MEANS)


def own_variables(layer: keras.Layer) -> dict[str, keras.Variable]:
    """Return a layer's weights without those of the layers inside it.

    A second of one name is ``name@2``, and so is one that is called like what is recorded of every layer.
    """
    inside = {id(weight) for sublayer in sublayers(layer) for weight in sublayer.weights}
    named: dict[str, keras.Variable] = {}
    for weight in layer.weights:
        if id(weight) not in inside:
            named[_free(weight.name, named)] = weight
    return named


def _free(name: str, taken: dict[str, keras.Variable]) -> str:
    free, number = name, 1
    while free in taken or free in RECORDED:
        number += 1
        free = f"{name}@{number}"
    return free


def values_of(variables: Mapping[str, keras.Variable]) -> dict[str, Array]:
    """Return copies of the values of variables, in their dtypes."""
    return {
        name: np.asarray(keras.ops.convert_to_numpy(keras.ops.convert_to_tensor(variable)))
        for name, variable in variables.items()
    }
