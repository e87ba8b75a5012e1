"""What each training step does: how large gradients are, and how far variables move."""

import weakref
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

import keras
import numpy as np
from numpy.typing import NDArray

from inspectree.logger.capture.backends import to_host
from inspectree.logger.capture.keras_internals import callbacks_of_fit
from inspectree.logger.errors import InspectreeError
from inspectree.logger.sizes import kept_steps
from inspectree.logger.store.record import StepsRecord

Row = tuple[Any, Any, Any]
"""The number of a step, the norms of the gradients and the relative changes (variable)."""


class Updates:
    """Watches the optimizer of a model; nothing is added to its variables.

    It leaves the optimizer as it was when it is stopped or dropped, or the ``fit`` that it began in ends,
    by an exception, too.

    Parameters
    ----------
    paths
        The paths of the trainable variables, by ``id()``.

    Raises
    ------
    InspectreeError
        When the model has no optimizer of Keras, or is trained on several devices at once.
    """

    def __init__(self, model: keras.Model, paths: Mapping[int, str]) -> None:
        optimizer = getattr(model, "optimizer", None)
        if not isinstance(optimizer, keras.optimizers.Optimizer):
            raise InspectreeError(
                f"the model {model.name!r} has no optimizer of Keras: compile it to record updates"
            )
        self._model = model
        self._optimizer = getattr(optimizer, "inner_optimizer", optimizer)  # of one that scales the loss
        self._paths = tuple(paths.values())
        self._places = {key: place for place, key in enumerate(paths)}
        self._sink = _SINKS[keras.backend.backend()](len(paths))
        self._ends: list[weakref.finalize[Any, Any]] = []

    def watch(self) -> None:
        """Watch from the next step on."""
        watched = _Watched(self._optimizer, self._places, self._sink)
        vars(self._optimizer)["apply"] = watched
        _forget_compiled(self._model)
        told = watched, weakref.ref(self._optimizer), weakref.ref(self._model)
        for owner in filter(None, (self, callbacks_of_fit())):
            end = weakref.finalize(owner, _leave, *told)
            end.atexit = False
            self._ends.append(end)

    def stop(self) -> None:
        """Leave the optimizer as it was."""
        for end in self._ends:
            end()

    def taken(self) -> StepsRecord:
        """Return what was seen since this was asked last, with the optimizer's own numbers of its steps."""
        steps, rows = self._sink.taken()
        return StepsRecord(steps, self._paths, rows[:, 0], rows[:, 1])


class _Watched:
    """Stands in the place of an optimizer's ``apply``, and holds neither the optimizer nor the model.

    ``before`` is what a user, or a watch of another logger, has set there; None where it is the class's own.
    """

    def __init__(
        self, optimizer: keras.optimizers.Optimizer, places: Mapping[int, int], sink: "_Sink"
    ) -> None:
        self.before: Callable[..., Any] | None = vars(optimizer).get("apply")
        self.watches = True
        self._optimizer = weakref.ref(optimizer)
        self._places = places
        self._sink = sink

    def __call__(self, grads: Any, trainable_variables: Any = None) -> Any:
        """Apply gradients, and tell of it."""
        optimizer: Any = self._optimizer()
        apply = self.before or partial(type(optimizer).apply, optimizer)
        gradients = list(grads)
        if not self.watches or not gradients:  # without gradients, no step is done
            return apply(gradients, trainable_variables)
        variables = list(trainable_variables or optimizer._trainable_variables)
        before = [keras.ops.copy(variable) for variable in variables]
        step = optimizer._iterations + 1
        done = apply(gradients, trainable_variables)
        changes = [variable - old for variable, old in zip(variables, before, strict=True)]
        ratios = [_norm(change) / _norm(old) for change, old in zip(changes, before, strict=True)]
        norms = [_norm(gradient) for gradient in gradients]
        self._sink.put((step, self._row(variables, norms), self._row(variables, ratios)))
        return done

    def _row(self, variables: Sequence[Any], values: Sequence[Any]) -> Any:
        """Return values (variable) in the order of the paths; NaN for a variable that has none."""
        row = [keras.ops.cast(float("nan"), "float32")] * len(self._places)
        for variable, value in zip(variables, values, strict=True):
            if id(variable) in self._places:
                row[self._places[id(variable)]] = keras.ops.cast(value, "float32")
        return keras.ops.stack(row)


def _leave(watched: _Watched, optimizer: Callable[[], Any], model: Callable[[], Any]) -> None:
    """Take ``watched`` away from the optimizer, if it still exists, wherever it stands there."""
    if not watched.watches:
        return
    watched.watches = False
    if optimizer() is not None:
        _take_away(watched, vars(optimizer()))
    if model() is not None:
        _forget_compiled(model())


def _take_away(watched: _Watched, attributes: dict[str, Any]) -> None:
    left = _without(watched, attributes.pop("apply", None))
    if left is not None:
        attributes["apply"] = left


def _without(watched: _Watched, apply: Any) -> Any:
    """Return what is left of ``apply``, in which watches of other loggers may stand around this one."""
    if apply is watched:
        return watched.before
    if isinstance(apply, _Watched):
        apply.before = _without(watched, apply.before)
    return apply


def _forget_compiled(model: keras.Model) -> None:
    """Let Keras trace the training step anew."""
    if getattr(model, "train_function", None) is not None:
        model.make_train_function(force=True)


def _norm(values: Any) -> Any:
    """Return the Euclidean norm; NaN of nothing, as of the gradient of what the loss does not depend on."""
    if values is None:
        return float("nan")
    dense = keras.ops.cast(keras.ops.convert_to_tensor(values), "float32")
    return keras.ops.sqrt(keras.ops.sum(keras.ops.square(dense)))


Taken = tuple[NDArray[np.int64], NDArray[np.float32]]
"""The numbers of steps, and what they tell (step, 2, variable)."""


class _Sink(Protocol):
    """Takes rows out of the compiled step."""

    def put(self, row: Row) -> None:
        """Keep a row."""

    def taken(self) -> Taken:
        """Return the rows since this was asked last."""


class _Ring:
    """Rows in variables of TensorFlow's own, which wrap around."""

    def __init__(self, variables: int) -> None:
        import tensorflow as tf

        if tf.distribute.has_strategy():
            raise InspectreeError(
                "updates are not recorded when a model is trained on several devices at once"
            )
        self._size = kept_steps(variables)
        self._steps = tf.Variable(tf.zeros(self._size, tf.int64), trainable=False)
        self._rows = tf.Variable(tf.zeros((self._size, 2, variables)), trainable=False)
        self._count = tf.Variable(0, dtype="int64", trainable=False)
        self._told = 0

    def put(self, row: Row) -> None:
        step, *values = row
        place = self._count % self._size
        self._steps[place].assign(keras.ops.cast(step, "int64"))
        self._rows[place].assign(keras.ops.stack(values))
        self._count.assign_add(1)

    def taken(self) -> Taken:
        count = int(self._count.numpy())
        first, self._told = max(self._told, count - self._size), count
        places = np.arange(first, count) % self._size
        return self._steps.numpy()[places], self._rows.numpy()[places]


class _Queue:
    """Rows as they come: PyTorch runs step by step."""

    def __init__(self, variables: int) -> None:
        self._variables = variables
        self._rows: deque[Row] = deque(maxlen=kept_steps(variables))

    def put(self, row: Row) -> None:
        self._rows.append(row)

    def taken(self) -> Taken:
        rows = [[to_host(part) for part in row] for row in self._rows]
        self._rows.clear()
        steps, values = [int(step) for step, *_ in rows], [np.stack(parts) for _, *parts in rows]
        return np.array(steps, np.int64), np.array(values, np.float32).reshape(len(rows), 2, self._variables)


class _Callback(_Queue):
    """Rows that JAX hands out of the compiled step, in their order."""

    def put(self, row: Row) -> None:
        import jax

        jax.debug.callback(lambda *parts: self._rows.append(parts), *row, ordered=True)

    def taken(self) -> Taken:
        import jax

        jax.effects_barrier()
        return super().taken()


_SINKS: dict[str, Callable[[int], _Sink]] = {"tensorflow": _Ring, "jax": _Callback, "torch": _Queue}
