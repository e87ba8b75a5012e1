"""How many bytes of a file what is recorded needs, before compression."""

from collections.abc import Iterable
from math import prod

import numpy as np

from inspectree.logger.architecture.model_graph import Tensor, Variable
from inspectree.logger.statistics import DTYPE
from inspectree.logger.units import DTYPE as UNITS
from inspectree.logger.units import unit_axis

FLOATS = {"float16": 2, "bfloat16": 4, "float32": 4, "float64": 8}
"""Bytes per value as a file can hold them: HDF5 has no bfloat16."""

LARGE = 1 << 18
"""From so many values on, an output is rounded where it is made, if its precision allows that."""

UPDATES = 1 << 20
"""Numbers that are kept of training steps until the next checkpoint; of more, those of the latest."""

SINGLE = 4
DATASET = 2048
"""What HDF5 itself needs for a dataset with its attributes, its group and its name."""


def is_large(output: Tensor, samples: int) -> bool:
    """Tell whether it pays to round an output before it leaves the device."""
    return output.dtype in FLOATS and _values(output) * samples >= LARGE


def output_bytes(output: Tensor, samples: int, classes: int, precision: str) -> int:
    """Return what an output needs with its class means, statistics and unit statistics.

    A small one is counted as it is captured: only its values tell whether it can be rounded.
    """
    stored = _stored_bytes(output.dtype)
    if precision == "float16" and is_large(output, samples):
        stored = FLOATS["float16"]
    axis = unit_axis(output.dims)
    units = 0 if axis is None else UNITS.itemsize * (output.shape[axis] or 0)
    headers = DATASET * (3 + classes)
    return _values(output) * (samples * stored + classes * SINGLE) + DTYPE.itemsize + units + headers


def widened_bytes(output: Tensor, samples: int) -> int:
    """Return how much more a large output needs when its values do not fit float16."""
    return _values(output) * samples * (_stored_bytes(output.dtype) - FLOATS["float16"])


def output_gradient_bytes(output: Tensor, samples: int) -> int:
    """Return what the gradients with respect to an output need; 0 where there can be none."""
    return _values(output) * samples * SINGLE + DTYPE.itemsize + DATASET if output.dtype in FLOATS else 0


def weight_bytes(variables: Iterable[Variable]) -> int:
    """Return what variables need with their statistics; whether they can be rounded, their values tell."""
    return sum(variable.size * _stored_bytes(variable.dtype) + _described(variable) for variable in variables)


def weight_gradient_bytes(variables: Iterable[Variable]) -> int:
    """Return what the gradients with respect to variables need with their statistics."""
    return sum(variable.size * SINGLE + _described(variable) for variable in variables if variable.trainable)


def fitting_steps(variables: int, room: int) -> int:
    """Return of how many steps the updates of so many variables fit into ``room`` bytes."""
    return max(0, room - 3 * DATASET) // (2 * variables * SINGLE + np.dtype(np.int64).itemsize)


def kept_steps(variables: int) -> int:
    """Return of how many steps the updates are kept until the next checkpoint."""
    return max(1, UPDATES // max(1, 2 * variables))


def prediction_bytes(outputs: Iterable[Tensor], samples: int) -> int:
    """Return what predictions need."""
    return sum(_values(output) * samples * SINGLE + DATASET for output in outputs)


def _stored_bytes(dtype: str) -> int:
    """Return the bytes per value of a dtype in a file, which may be more than in memory."""
    return FLOATS[dtype] if dtype in FLOATS else np.dtype(dtype).itemsize


def _values(output: Tensor) -> int:
    """Return the values per sample."""
    return prod(size or 1 for size in output.shape[1:])


def _described(variable: Variable) -> int:
    axis = unit_axis(variable.dims)
    units = 0 if axis is None else UNITS.itemsize * variable.shape[axis]
    return DTYPE.itemsize + units + 3 * DATASET
