"""The gradients of the loss on the samples."""

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from inspectree.logger.capture.backends import to_host
from inspectree.logger.capture.batches import ROWS, Rows, batches, tensors
from inspectree.logger.capture.differentiation import Gradient, Kept, differentiated
from inspectree.logger.capture.forward import Wanted
from inspectree.logger.capture.inputs import ModelInputs
from inspectree.logger.capture.keras_internals import compiled_loss, is_compiled_alone
from inspectree.logger.capture.recording import Seen, recording
from inspectree.logger.errors import InspectreeError
from inspectree.logger.samples import numbered
from inspectree.logger.store.record import Array, Samples

FLOATING = ("float", "bfloat")


@dataclass
class Measured:
    """Gradients with respect to variables, by ``id()``, and to outputs (sample, …), by node id and name."""

    variables: dict[int, NDArray[np.float32]] = field(default_factory=dict)
    outputs: dict[str, dict[str, Array]] = field(default_factory=dict)


class Gradients:
    """The gradients of the loss with respect to trainable variables and layers' outputs, at inference.

    The loss is what ``compute_loss`` says, penalties and ``add_loss`` included. It is worked out in
    batches and averaged over them by their sizes; what is told of an output is the gradient of that mean.
    """

    def __init__(self, model: keras.Model, samples: Samples, inputs: ModelInputs, wanted: Wanted) -> None:
        self._model = model
        self._samples = samples
        self._inputs = inputs
        self._wanted = wanted
        self._compiled_for: tuple[Any, ...] = ()
        self._gradient: Gradient | None = None

    def __call__(self) -> Measured:
        """Return the gradients with the variables as they are now.

        Raises
        ------
        InspectreeError
            When the model has no loss, or the samples do not fill the batches that it insists on.
        """
        size = self._inputs.batch_size
        if size and len(self._samples) % size:
            raise InspectreeError(f"{len(self._samples)} samples do not fill the model's batches of {size}")
        if not self._samples.labels and is_compiled_alone(self._model):
            raise InspectreeError("its loss needs labels: give samples=(x, y)")
        measured = Measured()
        differentiate = self._differentiated()
        for rows, batch in self._batches():
            share = np.float32(len(rows) / len(self._samples))
            variables, outputs = differentiate(batch)
            for variable, gradient in zip(self._model.trainable_variables, variables, strict=True):
                if gradient is not None:
                    part = _single(gradient) * share
                    before = measured.variables.get(id(variable))
                    measured.variables[id(variable)] = part if before is None else before + part
            self._fill(measured.outputs, outputs, rows, share)
        return measured

    def _differentiated(self) -> Gradient:
        """Return the gradient of the loss as it is compiled now, with respect to what is trainable now."""
        held = (*self._model.trainable_variables, compiled_loss(self._model))
        known = len(held) == len(self._compiled_for) and all(map(operator.is_, held, self._compiled_for))
        if self._gradient is None or not known:
            self._gradient, self._compiled_for = differentiated(self._model, self._loss), held
        return self._gradient

    def _loss(self, batch: tuple[Any, Any], shifts: Kept) -> tuple[Any, Kept]:
        x, y = batch
        kept: dict[str, dict[str, Any]] = {}

        def keep(path: str, seen: Seen) -> Mapping[str, Any]:
            shift = shifts.get(path, {})
            named = {
                name: value for name, value in seen.outputs.items() if self._is_wanted(path, name, value)
            }
            shifted = {name: value + shift[name] for name, value in named.items() if name in shift}
            if named:
                kept[path] = named | shifted
            return shifted

        with recording(self._model, keep):
            predicted = self._model(x, training=False)
            if compiled_loss(self._model) is None and not self._model.losses:
                raise InspectreeError("it has no loss: compile it with one, or add losses in its layers")
            loss = self._model.compute_loss(x=x, y=y, y_pred=predicted, sample_weight=None, training=False)
        return loss, kept

    def _is_wanted(self, path: str, name: str, output: Any) -> bool:
        dtype = keras.backend.standardize_dtype(output.dtype)
        return name in self._wanted.get(path, {}) and dtype.startswith(FLOATING) and len(output.shape) > 0

    def _batches(self) -> Iterator[tuple[Rows, tuple[Any, Any]]]:
        for rows in batches(len(self._samples), self._inputs.batch_size or ROWS):
            inputs = self._inputs.filled(tensors(self._samples.inputs, rows))
            yield rows, (inputs, _structured(tensors(self._samples.labels, rows)))

    def _fill(
        self, target: dict[str, dict[str, Array]], outputs: Kept, rows: Rows, share: np.float32
    ) -> None:
        for path, of_node in outputs.items():
            for name, gradient in of_node.items():
                values = _single(gradient) * share
                if len(values) == len(rows):
                    whole = np.empty((len(self._samples), *values.shape[1:]), values.dtype)
                    target.setdefault(path, {}).setdefault(name, whole)[rows] = values


def _single(tensor: Any) -> NDArray[np.float32]:
    return to_host(tensor).astype(np.float32, copy=False)


def _structured(labels: Mapping[str, Any]) -> Any:
    """Return labels as they were given: one, a list, or by name."""
    if len(labels) < 2:
        return next(iter(labels.values()), None)
    named = list(labels) != list(numbered("output", list(labels)))
    return dict(labels) if named else list(labels.values())
