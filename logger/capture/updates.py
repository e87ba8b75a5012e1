"""What each training step does: how large gradients are, and how far variables move."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import keras
import numpy as np
from numpy.typing import NDArray

from inspectree.logger.capture.backends import to_host
from inspectree.logger.errors import InspectreeError
from inspectree.logger.store.record import StepsRecord

MOST_VALUES = 1 << 20
"""Numbers that are kept until the next checkpoint; of more, those of the latest steps."""

Row = tuple[Any, Any]
"""The norms of the gradients and the relative changes (variable) of one step."""


class Updates:
    """Watches the optimizer of a model; nothing is added to its variables.

    Parameters
    ----------
    paths
        The paths of the trainable variables, by ``id()``.

    Raises
    ------
    InspectreeError
        When the model has no optimizer, or is trained on several devices at once.
    """

    def __init__(self, model: keras.Model, paths: Mapping[int, str]) -> None:
        optimizer = getattr(model, "optimizer", None)
        if optimizer is None:
            raise InspectreeError(f"the model {model.name!r} has no optimizer: compile it to record updates")
        self._model = model
        self._optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # of one that scales the loss
        self._places = {key: place for place, key in enumerate(paths)}
        self._paths = tuple(paths.values())
        self._sink = _SINKS[keras.backend.backend()](len(paths))

    def watch(self) -> None:
        """Watch from the next step on."""
        self._optimizer.apply = self._watched(self._optimizer.apply)
        self._forget_compiled()

    def stop(self) -> None:
        """Leave the optimizer as it was."""
        vars(self._optimizer).pop("apply", None)
        self._forget_compiled()

    def taken(self, step: int) -> StepsRecord:
        """Return what was seen since this was asked last, up to the step ``step``."""
        rows = self._sink.taken()
        numbers = np.arange(step - len(rows) + 1, step + 1)
        return StepsRecord(numbers, self._paths, rows[:, 0], rows[:, 1])

    def _forget_compiled(self) -> None:
        """Let Keras trace the training step anew."""
        if getattr(self._model, "train_function", None) is not None:
            self._model.make_train_function(force=True)

    def _watched(self, apply: Callable[..., Any]) -> Callable[..., Any]:
        def watched(grads: Any, trainable_variables: Any = None) -> Any:
            gradients = list(grads)
            variables = list(trainable_variables or self._optimizer._trainable_variables)
            before = [keras.ops.copy(variable) for variable in variables]
            done = apply(gradients, trainable_variables)
            changes = [variable - old for variable, old in zip(variables, before, strict=True)]
            ratios = [_norm(change) / _norm(old) for change, old in zip(changes, before, strict=True)]
            norms = [_norm(gradient) for gradient in gradients]
            self._sink.put((self._row(variables, norms), self._row(variables, ratios)))
            return done

        return watched

    def _row(self, variables: Sequence[Any], values: Sequence[Any]) -> Any:
        """Return values (variable) in the order of the paths; NaN for a variable that has none."""
        row = [keras.ops.cast(float("nan"), "float32")] * len(self._paths)
        for variable, value in zip(variables, values, strict=True):
            if id(variable) in self._places:
                row[self._places[id(variable)]] = keras.ops.cast(value, "float32")
        return keras.ops.stack(row)


def _norm(values: Any) -> Any:
    """Return the Euclidean norm; NaN of nothing, as of the gradient of what the loss does not depend on."""
    if values is None:
        return float("nan")
    dense = keras.ops.cast(keras.ops.convert_to_tensor(values), "float32")
    return keras.ops.sqrt(keras.ops.sum(keras.ops.square(dense)))


class _Sink(Protocol):
    """Takes rows out of the compiled step."""

    def put(self, row: Row) -> None:
        """Keep a row."""

    def taken(self) -> NDArray[np.float32]:
        """Return the rows (step, 2, variable) since this was asked last."""


class _Ring:
    """Rows in a variable of TensorFlow's own, which wraps around."""

    def __init__(self, variables: int) -> None:
        import tensorflow as tf

        if tf.distribute.has_strategy():
            raise InspectreeError(
                "updates are not recorded when a model is trained on several devices at once"
            )
        self._size = max(1, MOST_VALUES // max(1, 2 * variables))
        self._rows = tf.Variable(tf.zeros((self._size, 2, variables)), trainable=False)
        self._count = tf.Variable(0, dtype="int64", trainable=False)
        self._told = 0

    def put(self, row: Row) -> None:
        self._rows[self._count % self._size].assign(keras.ops.stack(row))
        self._count.assign_add(1)

    def taken(self) -> NDArray[np.float32]:
        count = int(self._count.numpy())
        first, self._told = max(self._told, count - self._size), count
        return np.asarray(self._rows.numpy()[np.arange(first, count) % self._size], np.float32)


class _Queue:
    """Rows as they come: PyTorch runs step by step."""

    def __init__(self, variables: int) -> None:
        self._variables = variables
        self._rows: deque[Row] = deque(maxlen=max(1, MOST_VALUES // max(1, 2 * variables)))

    def put(self, row: Row) -> None:
        self._rows.append(row)

    def taken(self) -> NDArray[np.float32]:
        rows = [np.stack([to_host(part) for part in row]) for row in self._rows]
        self._rows.clear()
        return np.array(rows, np.float32).reshape(len(rows), 2, self._variables)


class _Callback(_Queue):
    """Rows that JAX hands out of the compiled step, in their order."""

    def put(self, row: Row) -> None:
        import jax

        jax.debug.callback(lambda *parts: self._rows.append(parts), *row, ordered=True)

    def taken(self) -> NDArray[np.float32]:
        import jax

        jax.effects_barrier()
        return super().taken()


_SINKS: dict[str, Callable[[int], _Sink]] = {"tensorflow": _Ring, "jax": _Callback, "torch": _Queue}
