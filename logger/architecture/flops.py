"""How many floating-point operations a step of the calculation takes, by the shapes of its tensors.

A multiplication and the addition that follows it are two. Sums of products are counted exactly, by their
definition: ``2·m·n·k`` for the product of an m×k and a k×n matrix; for a convolution twice the elements of
the output times those of the filter that make one of them, padding counted as if it were data (as in
TensorFlow's profiler and PyTorch's ``FlopCounterMode``). Everything else is counted by the tables in
`inspectree.logger.architecture.costs`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from math import isqrt, prod
from typing import Any

from inspectree.logger.architecture.costs import INTERPOLATION, LAYERS, MOVING, PER_INPUT, PER_OUTPUT

Shape = Sequence[int]
Shapes = Sequence[Shape]
Config = Mapping[str, Any]


def operation_flops(kind: str, inputs: Shapes, outputs: Shapes, config: Config) -> int | None:
    """Return the operations in one call on tensors of these shapes; None where they are not known.

    ``inputs`` are all arrays of the call in its order, variables and constants included; ``config`` are the
    operation's settings by name.
    """
    if kind in MOVING:
        return 0
    if any(size is None for shape in (*inputs, *outputs) for size in shape):
        return None
    if kind in FORMULAS:
        return FORMULAS[kind](inputs, outputs, config)
    if kind in PER_OUTPUT and outputs:
        return PER_OUTPUT[kind] * prod(outputs[0])
    if kind in PER_INPUT and inputs:
        return PER_INPUT[kind] * prod(inputs[0])
    return None


def layer_flops(kind: str, outputs: Shapes, config: Config) -> int | None:
    """Return the operations in one call of a layer of Keras that uses the backend's own operations."""
    if kind == "Resizing":
        return _resize([], outputs, config)
    return LAYERS[kind] * prod(outputs[0]) if kind in LAYERS and outputs else None


def _matmul(inputs: Shapes, outputs: Shapes, _: Config) -> int:
    return 2 * prod(outputs[0]) * inputs[0][-1]


def _dot(inputs: Shapes, outputs: Shapes, config: Config) -> int:
    return _matmul(inputs, outputs, config) if inputs[0] and inputs[1] else prod(outputs[0])


def _tensordot(inputs: Shapes, outputs: Shapes, _: Config) -> int:
    made = prod(outputs[0])
    return 2 * made * isqrt(prod(inputs[0]) * prod(inputs[1]) // max(made, 1))


def _einsum(inputs: Shapes, _: Shapes, config: Config) -> int | None:
    """Count all combinations of the indices: a product for each operand after the first, one sum if any."""
    terms, arrow, result = str(config.get("subscripts")).replace(" ", "").partition("->")
    if not arrow:
        return None
    sizes: dict[str, int] = {}
    for term, shape in zip(terms.split(","), inputs, strict=True):
        sizes |= _labelled(term, shape)
    summed = any(label not in result for label in sizes if not label.startswith("."))
    return prod(sizes.values()) * (len(inputs) - 1 + summed)


def _labelled(term: str, shape: Shape) -> dict[str, int]:
    """Return the sizes of a term's indices; those of an ellipsis are ``.1``, ``.2``, from the right."""
    before, dots, after = term.partition("...")
    named = dict(zip(before, shape, strict=False)) | dict(zip(after[::-1], shape[::-1], strict=False))
    hidden = shape[len(before) : len(shape) - len(after)] if dots else ()
    return named | {f".{place}": size for place, size in enumerate(reversed(hidden), 1) if size > 1}


def _conv(inputs: Shapes, outputs: Shapes, _: Config) -> int:
    return 2 * prod(outputs[0]) * prod(inputs[1][:-1])


def _depthwise(inputs: Shapes, outputs: Shapes, _: Config) -> int:
    return 2 * prod(outputs[0]) * prod(inputs[1][:-2])


def _separable(inputs: Shapes, outputs: Shapes, _: Config) -> int:
    """Count the convolution of each channel, and the one over channels that follows it."""
    depthwise, (*_ones, between, after) = inputs[1], inputs[2]
    places = prod(outputs[0]) // after
    return 2 * places * between * (prod(depthwise[:-2]) + after)


def _transposed(inputs: Shapes, _: Shapes, __: Config) -> int:
    """Count every element of the input times the elements of the output that it goes to."""
    return 2 * prod(inputs[0]) * prod(inputs[1][:-1])


def _pool(_: Shapes, outputs: Shapes, config: Config) -> int:
    size, space = config["pool_size"], len(outputs[0]) - 2
    return prod(outputs[0]) * (size**space if isinstance(size, int) else prod(size))


def _attention(inputs: Shapes, _: Shapes, __: Config) -> int:
    """Count two products over (sample, head, query, key), the scale and the softmax of the scores."""
    (batch, queries, heads, size), keys = inputs[0], inputs[1][1]
    return batch * heads * queries * keys * (2 * size + 1 + 5 + 2 * size)


def _resize(_: Shapes, outputs: Shapes, config: Config) -> int | None:
    per_element = INTERPOLATION.get(str(config.get("interpolation")))
    return None if per_element is None else per_element * prod(outputs[0])


FORMULAS: dict[str, Callable[[Shapes, Shapes, Config], int | None]] = {
    "Matmul": _matmul,
    "Dot": _dot,
    "Inner": _matmul,
    "Vdot": _matmul,
    "Tensordot": _tensordot,
    "Einsum": _einsum,
    "Conv": _conv,
    "DepthwiseConv": _depthwise,
    "SeparableConv": _separable,
    "ConvTranspose": _transposed,
    "MaxPool": _pool,
    "AveragePool": _pool,
    "DotProductAttention": _attention,
    "Resize": _resize,
}


def per_sample(total: int | None, shapes: Shapes, batch: int) -> int | None:
    """Return the share of one sample in what a call on ``batch`` samples takes; all of it without samples."""
    if total is None or not any(size % batch == 0 for shape in shapes for size in shape if size):
        return total
    return total // batch


def item_bytes(dtype: str) -> int:
    """Return the bytes of one element; 0 for text, whose length is not fixed."""
    bits = re.search(r"\d+", dtype)
    return 1 if dtype == "bool" else 0 if bits is None else -(-int(bits.group()) // 8)
