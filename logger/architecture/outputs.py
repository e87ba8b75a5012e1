"""What is told of a tensor that a node gives out."""

from typing import Any

import keras

from inspectree.logger.architecture.axes import Dims, numbered, output_dims
from inspectree.logger.architecture.model_graph import Tensor
from inspectree.logger.store.layout import ACTIVATIONS


def described(
    tensor: Any,
    kind: str,
    batch: int,
    *,
    name: str = ACTIVATIONS,
    data_format: str | None = None,
    of_input: Dims = (),
    port: int = 0,
) -> Tensor:
    """Return name, shape, dtype and axis names of an output of a node of type ``kind``.

    A first axis of the size ``batch``, or of none that is known, is that of the samples; where there is
    none, the axes have numbers.
    """
    sizes, rank = tuple(tensor.shape), len(tensor.shape)
    dtype = keras.backend.standardize_dtype(tensor.dtype)
    if sizes[:1] not in ((batch,), (None,)):
        return Tensor(shape=sizes, dtype=dtype, name=name, dims=numbered(rank))
    dims = output_dims(rank, kind, data_format, of_input, port)
    return Tensor(shape=(None, *sizes[1:]), dtype=dtype, name=name, dims=dims)
