"""What differs between the backends of Keras where a loss is differentiated."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import keras

Kept = Mapping[str, Mapping[str, Any]]
"""Tensors by node id and name."""

Loss = Callable[[Any, Kept], tuple[Any, Kept]]
"""From a batch, and what is to be added to outputs, to the loss and the outputs."""

Gradient = Callable[[Any], tuple[list[Any], Kept]]
"""From a batch to the gradients with respect to the trainable variables, in their order, and to the outputs.

None stands where the loss does not depend on something.
"""


def differentiated(model: keras.Model, loss: Loss) -> Gradient:
    """Return the gradient of ``loss``, compiled where the running backend does that; no variable changes."""
    return _BACKENDS[keras.backend.backend()](model, loss)


def _tensorflow(model: keras.Model, loss: Loss) -> Gradient:
    import tensorflow as tf

    def gradient(batch: Any) -> tuple[list[Any], Kept]:
        variables = [variable.value for variable in model.trainable_variables]
        with tf.GradientTape() as tape, _stateless(model.trainable_variables, variables):
            value, kept = loss(batch, {})
        found = tape.gradient(value, [*variables, *keras.tree.flatten(kept)])
        dense = [None if each is None else tf.convert_to_tensor(each) for each in found]
        return dense[: len(variables)], _packed(kept, dense[len(variables) :])

    compiled: Gradient = tf.function(partial(gradient), autograph=False)  # see `backends`
    return gradient if model.run_eagerly else compiled


def _jax(model: keras.Model, loss: Loss) -> Gradient:
    import jax

    def stateless(trained: Any, shifts: Kept, others: Any, batch: Any) -> tuple[Any, Kept]:
        variables = [*model.trainable_variables, *model.non_trainable_variables]
        with _stateless(variables, [*trained, *others]):
            return loss(batch, shifts)

    compiled = jax.jit(jax.grad(stateless, argnums=(0, 1), has_aux=True))

    def gradient(batch: Any) -> tuple[list[Any], Kept]:
        trained = [variable.value for variable in model.trainable_variables]
        others = [variable.value for variable in model.non_trainable_variables]
        shapes = jax.eval_shape(stateless, trained, {}, others, batch)[1]
        shifts = jax.tree.map(lambda shape: jax.numpy.zeros(shape.shape, shape.dtype), shapes)
        (variables, outputs), _ = compiled(trained, shifts, others, batch)
        return variables, outputs

    return gradient


def _torch(model: keras.Model, loss: Loss) -> Gradient:
    import torch

    def gradient(batch: Any) -> tuple[list[Any], Kept]:
        variables = [variable.value for variable in model.trainable_variables]
        with torch.enable_grad(), _stateless(model.trainable_variables, variables):
            value, kept = loss(batch, {})
        wanted = [*variables, *keras.tree.flatten(kept)]
        known = [each for each in wanted if each.requires_grad]
        found = dict(zip(map(id, known), torch.autograd.grad(value, known, allow_unused=True), strict=True))
        gradients = [found.get(id(each)) for each in wanted]
        return gradients[: len(variables)], _packed(kept, gradients[len(variables) :])

    return gradient


def _stateless(variables: list[Any], values: list[Any]) -> keras.StatelessScope:
    """Return a scope in which variables have values, which penalties ask for, and losses come together."""
    return keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True)), collect_losses=True)


def _packed(kept: Kept, gradients: list[Any]) -> Kept:
    """Return gradients by node id and name; those that don't exist are left out."""
    paths = [(path, name) for path in sorted(kept) for name in sorted(kept[path])]
    packed: dict[str, dict[str, Any]] = {}
    for (path, name), gradient in zip(paths, gradients, strict=True):
        if gradient is not None:
            packed.setdefault(path, {})[name] = gradient
    return packed


_BACKENDS: dict[str, Callable[[keras.Model, Loss], Gradient]] = {
    "tensorflow": _tensorflow,
    "jax": _jax,
    "torch": _torch,
}
