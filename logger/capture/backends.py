"""What differs between the backends of Keras: compiling a forward pass, and reading a tensor."""

from collections.abc import Callable
from functools import partial
from typing import Any

import keras
import numpy as np

from inspectree.logger.store.record import Array

Forward = Callable[[Any], Any]
"""From a structure of input tensors to a structure of output tensors."""


def compiled(model: keras.Model, forward: Forward) -> Forward:
    """Return ``forward`` compiled for the running backend; it changes no variable, seeds included."""
    return _COMPILERS[keras.backend.backend()](model, forward)


def interpreted(model: keras.Model, forward: Forward) -> Forward:  # noqa: ARG001 - it reads the variables themselves
    """Return ``forward`` to be run step by step, for models that no compiler takes."""

    def stateless(inputs: Any) -> Any:
        with keras.StatelessScope():
            return forward(inputs)

    return _without_gradients(stateless) if keras.backend.backend() == "torch" else stateless


def to_host(tensor: Any) -> Array:
    """Return a tensor's values, without a copy where the backend allows that; bfloat16 as float32."""
    if keras.backend.backend() == "torch":
        tensor = tensor.detach().cpu()
        tensor = tensor.float() if keras.backend.standardize_dtype(tensor.dtype) == "bfloat16" else tensor
    values = np.asarray(tensor)
    return values.astype(np.float32) if values.dtype.name == "bfloat16" else values


def is_dense(tensor: Any) -> bool:
    """Tell whether a tensor of the backend has a value at every place: it is neither sparse nor ragged."""
    return not any(hasattr(tensor, mark) for mark in ("dense_shape", "row_splits", "todense"))


def exact_matmul(first: Any, second: Any) -> Any:
    """Return a matrix product in the full precision of its factors: accelerators round them by themselves."""
    if keras.backend.backend() == "jax":
        import jax

        return jax.numpy.matmul(first, second, precision="highest")
    if not _has_accelerator():
        return keras.ops.matmul(first, second)
    product = keras.ops.matmul(keras.ops.cast(first, "float64"), keras.ops.cast(second, "float64"))
    return keras.ops.cast(product, first.dtype)


def _has_accelerator() -> bool:
    if keras.backend.backend() == "torch":
        import torch

        return bool(torch.cuda.is_available()) or torch.get_default_device().type != "cpu"
    return any(not str(device).startswith("cpu") for device in keras.distribution.list_devices())


def held_dtype(dtype: str) -> str:
    """Return the dtype in which the backend holds such values: JAX has 32 bits unless told otherwise."""
    if keras.backend.backend() != "jax":
        return dtype
    import jax

    return str(jax.dtypes.canonicalize_dtype(dtype).name)


def _tensorflow(model: keras.Model, forward: Forward) -> Forward:  # noqa: ARG001 - it reads the variables themselves
    import tensorflow as tf

    def stateless(inputs: Any) -> Any:
        with keras.StatelessScope():
            return forward(inputs)

    own = partial(stateless)  # else TensorFlow counts the compilations for all models together, and warns
    compiled_forward: Forward = tf.function(own, autograph=False)
    return compiled_forward


def _jax(model: keras.Model, forward: Forward) -> Forward:
    import jax

    def stateless(values: Any, inputs: Any) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(model.variables, values, strict=True))):
            return forward(inputs)

    compiled_forward = jax.jit(stateless)
    return lambda inputs: compiled_forward([variable.value for variable in model.variables], inputs)


def _without_gradients(stateless: Forward) -> Forward:
    import torch

    return torch.no_grad()(stateless)  # type: ignore[no-any-return]  # torch ships no types for it


_COMPILERS: dict[str, Callable[[keras.Model, Forward], Forward]] = {
    "tensorflow": _tensorflow,
    "jax": _jax,
    "torch": interpreted,
}
