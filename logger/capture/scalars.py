"""Single numbers, out of whatever a training loop holds them in."""

from collections.abc import Mapping
from typing import Any

import keras

from inspectree.logger.capture.keras_internals import updates_given
from inspectree.logger.errors import InspectreeError


def numbers(metrics: Mapping[str, Any]) -> dict[str, float]:
    """Return the metrics that are single numbers or tensors of one."""
    found = {name: _number(value) for name, value in metrics.items() if getattr(value, "ndim", 0) == 0}
    return {name: value for name, value in found.items() if value is not None}


def checked_number(name: str, value: Any) -> float:
    """Return a metric as a number.

    Raises
    ------
    InspectreeError
        When it is none.
    """
    if (number := _number(value)) is None:
        raise InspectreeError(f"the metric {name!r} is not a number but {value!r}"[:200])
    return number


def checked_count(name: str, value: Any) -> int:
    """Return a count, out of a scalar of any backend.

    Raises
    ------
    InspectreeError
        When it is no whole number.
    """
    number = _number(value)
    if number is None or not number.is_integer():
        raise InspectreeError(f"{name}={value!r} is not a whole number"[:200])
    return int(number)


def iterations_of(model: keras.Model) -> int | None:
    """Return how often the model's optimizer was given gradients; None without one."""
    number = _number(updates_given(model))
    return None if number is None else int(number)


def _number(value: Any) -> float | None:
    """Return anything that is one number as such; None where it is something else."""
    if isinstance(value, str):
        return None
    try:
        return float(value if isinstance(value, (int, float)) else keras.ops.convert_to_numpy(value))
    except Exception:  # each backend says it in its own way
        return None
