"""What is made of a large output inside the compiled pass, so that little of it has to leave the device."""

from typing import Any

import keras

from inspectree.logger.capture.backends import exact_matmul

PROBED = 1
"""Rows of a batch that also come out as they are, to tell what rounding does to the values."""


def condensed(output: Any, weights: Any, axis: int | None) -> dict[str, Any]:
    """Return an output (sample, …) rounded to float16, and its sums and extremes before any rounding.

    ``weights`` (class + 1, sample) are 1 where a sample is of a class, else 0; the last row is 1 for the
    samples that count. ``sums`` are per class (class + 1, …); what is told per unit (unit) is of ``axis``.
    """
    exact = _exact(output)
    samples = exact.shape[0]
    flat = keras.ops.reshape(exact, (samples, -1))
    weights = keras.ops.cast(weights, exact.dtype)
    sums = keras.ops.reshape(exact_matmul(weights, flat), (-1, *exact.shape[1:]))
    told = {"halves": keras.ops.cast(output, "float16"), "sums": sums, "probe": exact[:PROBED]}
    return told if axis is None else told | _per_unit(exact, weights[-1:], sums[-1], axis)


def _exact(output: Any) -> Any:
    """Return an output in a precision in which sums are safe."""
    dtype = keras.backend.standardize_dtype(output.dtype)
    return output if dtype in {"float32", "float64"} else keras.ops.cast(output, "float32")


def _per_unit(exact: Any, counting: Any, total: Any, axis: int) -> dict[str, Any]:
    """Return the moments and extremes of each unit; ``total`` (…) is the sum over the samples that count."""
    others = [other for other in range(exact.ndim) if other != axis]
    values = exact.shape[axis]
    per_sample = 1
    for other in others[1:]:
        per_sample *= exact.shape[other]
    count = keras.ops.sum(counting) * per_sample
    over = [other - 1 for other in others[1:]]
    mean = keras.ops.sum(total, axis=over) / count if over else total / count
    centered = exact - keras.ops.reshape(mean, [values if a == axis else 1 for a in range(exact.ndim)])
    return {
        "mean": mean,
        "squares": _counted(keras.ops.square(centered), counting, over),
        "zeros": _counted(keras.ops.cast(keras.ops.equal(exact, 0), exact.dtype), counting, over),
        "minimum": keras.ops.min(exact, axis=others),
        "maximum": keras.ops.max(exact, axis=others),
    }


def _counted(values: Any, counting: Any, over: list[int]) -> Any:
    """Return the sum of ``values`` (sample, …) of the samples that count, per unit."""
    summed = exact_matmul(counting, keras.ops.reshape(values, (values.shape[0], -1)))
    total = keras.ops.reshape(summed, values.shape[1:])
    return keras.ops.sum(total, axis=over) if over else total
