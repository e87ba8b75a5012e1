"""Single numbers, out of whatever a training loop holds them in."""

from collections.abc import Mapping
from typing import Any

import keras

from inspectree.logger.errors import InspectreeError


def numbers(metrics: Mapping[str, Any]) -> dict[str, float]:
    """Return the metrics that are single numbers or tensors of one."""
    return {name: _number(value) for name, value in metrics.items() if getattr(value, "ndim", 0) == 0}


def checked_numbers(metrics: Mapping[str, Any]) -> dict[str, float]:
    """Return the metrics as numbers.

    Raises
    ------
    InspectreeError
        When one of them is none.
    """
    found = {}
    for name, value in metrics.items():
        try:
            found[str(name)] = _number(value)
        except (TypeError, ValueError):
            raise InspectreeError(f"the metric {name!r} is not a number but {value!r}"[:200]) from None
    return found


def iterations_of(model: keras.Model) -> int:
    """Return how many steps the model's optimizer has done; 0 without one."""
    return int(_number(getattr(getattr(model, "optimizer", None), "iterations", 0)))


def _number(value: Any) -> float:
    return float(value if isinstance(value, (int, float)) else keras.ops.convert_to_numpy(value))
