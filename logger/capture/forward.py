"""One pass of the samples through the model in inference mode."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from inspectree.logger.architecture.model_graph import Tensor
from inspectree.logger.capture.backends import Forward, compiled, interpreted, is_dense
from inspectree.logger.capture.batches import Rows, batches, even_size, filled, tensors
from inspectree.logger.capture.condensing import condensed
from inspectree.logger.capture.inputs import ModelInputs
from inspectree.logger.capture.passed import Key, Passed
from inspectree.logger.capture.recording import Seen, recording
from inspectree.logger.sizes import is_large, widened_bytes
from inspectree.logger.store.layout import ACTIVATIONS, MASK
from inspectree.logger.store.record import Array, Output, Samples
from inspectree.logger.units import unit_axis

Wanted = Mapping[str, Mapping[str, Tensor]]
"""The outputs to keep, by node id and name."""


@dataclass(frozen=True)
class Captured:
    """What layers gave out by node id and name, masks by node id, predictions by output name.

    All of them are (sample, …); ``seconds`` is what the pass took, if it had not to be compiled for it.
    """

    outputs: Mapping[str, Mapping[str, Output]] = field(default_factory=dict)
    masks: Mapping[str, Array] = field(default_factory=dict)
    predictions: Mapping[str, Array] = field(default_factory=dict)
    seconds: float | None = None


class Capture:
    """The forward pass over the same samples, compiled once.

    With ``condense`` large outputs are rounded to float16 where they are made; those whose range is wrong
    for that are taken as they are while there is ``room``, in bytes, else they are left out: their paths
    are the keys of ``recomputed``.
    """

    def __init__(
        self,
        model: keras.Model,
        samples: Samples,
        inputs: ModelInputs,
        wanted: Wanted,
        room: int = 0,
        *,
        condense: bool = True,
    ) -> None:
        self._model = model
        self._samples = samples
        self._inputs = inputs
        self._wanted = {path: dict(tensors) for path, tensors in wanted.items()}
        self.room = room
        self.recomputed: dict[str, None] = {}
        self._rows = inputs.batch_size or even_size(len(samples))
        self._condensed = _large(wanted, len(samples)) if condense else {}
        self._weights = _class_weights(samples)
        self._compile = interpreted if model.run_eagerly else compiled
        self._forward: Forward | None = None

    def __call__(self) -> Captured:
        """Return what the layers make of all samples, with the variables as they are now."""
        while True:
            begun, is_compiled = time.perf_counter(), self._forward is not None
            passed = self._pass()
            seconds = time.perf_counter() - begun if is_compiled else None
            if not passed.untold:
                return Captured(passed.outputs(), self._fitting(passed.masks), passed.predictions, seconds)
            for key in passed.untold:
                self._widen(key)
            self._forward = None

    def _fitting(self, masks: Mapping[str, Array]) -> Mapping[str, Array]:
        """Return the masks, if the budget leaves room for them."""
        if sum(mask.nbytes for mask in masks.values()) <= self.room:
            return masks
        self.recomputed |= {f"{path}/{MASK}": None for path in masks}
        return {}

    def _widen(self, key: Key) -> None:
        """Take an output as it is from now on, while there is room: out of range once, it will be again."""
        path, name = key
        del self._condensed[key]
        more = widened_bytes(self._wanted[path][name], len(self._samples))
        if more <= self.room:
            self.room -= more
        else:
            del self._wanted[path][name]
            self.recomputed[path if name == ACTIVATIONS else f"{path}/{name}"] = None

    def _pass(self) -> Passed:
        passed = Passed(len(self._samples), self._condensed, self._weights)
        for rows in batches(len(self._samples), self._rows):
            passed.add(self._run(self._batch(rows)), rows)
        return passed

    def _run(self, batch: Any) -> Any:
        if self._forward is not None:
            return self._forward(batch)
        forward = self._compile(self._model, self._call)
        try:
            results = forward(batch)
        except Exception:  # what a compiler says to Python that needs real values
            if self._compile is interpreted:
                raise
            forward = interpreted(self._model, self._call)
            results = forward(batch)
            self._compile = interpreted  # what failed for another reason would have failed again
        self._forward = forward
        return results

    def _call(self, inputs: Any) -> dict[str, Any]:
        batch, weights = inputs
        outputs: dict[str, dict[str, Any]] = {}
        masks: dict[str, Any] = {}

        def keep(path: str, seen: Seen) -> None:
            kept = self._wanted.get(path, {})
            for name, output in seen.outputs.items():
                if name in kept and self._has_rows(output):
                    outputs.setdefault(path, {})[name] = self._parts(
                        (path, name), self._sized(output), weights
                    )
            if kept and seen.mask is not None and self._has_rows(seen.mask):
                masks[path] = seen.mask

        with recording(self._model, keep):
            results = _named_outputs(self._model, self._model(batch, training=False))
        predictions = {
            name: self._sized(result) for name, result in results.items() if self._has_rows(result)
        }
        return {"outputs": outputs, "masks": masks, "predictions": predictions}

    def _has_rows(self, output: Any) -> bool:
        return is_dense(output) and len(output.shape) > 0 and output.shape[0] in (self._rows, None)

    def _sized(self, output: Any) -> Any:
        """Return an output whose number of rows TensorFlow doesn't know beforehand with that of the batch.

        Where it turns out to have another, the pass fails, and is done without a compiler, which knows.
        """
        known = output.shape[0] is not None
        return output if known else keras.ops.reshape(output, (self._rows, *output.shape[1:]))

    def _parts(self, key: Key, output: Any, weights: Any) -> dict[str, Any]:
        if key not in self._condensed:
            return {"values": output}
        dims = self._wanted[key[0]][key[1]].dims
        return condensed(output, weights, unit_axis(dims) if len(dims) == len(output.shape) else None)

    def _batch(self, rows: Rows) -> Any:
        """Return a batch of the one size, and to which class each of its rows counts."""
        whole = filled(rows, self._rows)
        weights = self._weights[:, whole]
        weights[:, len(rows) :] = 0
        inputs = self._inputs.filled(tensors(self._samples.inputs, whole))
        return inputs, keras.ops.convert_to_tensor(weights)


def _large(wanted: Wanted, samples: int) -> dict[Key, str]:
    """Return the dtypes of the outputs that are worth condensing."""
    return {
        (path, name): tensor.dtype
        for path, tensors in wanted.items()
        for name, tensor in tensors.items()
        if is_large(tensor, samples)
    }


def _class_weights(samples: Samples) -> NDArray[np.float32]:
    """Return 1 where a sample is of a class, else 0 (class + 1, sample); every sample is of the last."""
    classes = samples.classes if samples.classes is not None else np.full(len(samples), -1)
    indices = np.arange(len(samples.class_names) if samples.classes is not None else 0)
    of_class = classes[None, :] == indices[:, None]
    return np.vstack([of_class, np.ones((1, len(samples)))]).astype(np.float32)


def _named_outputs(model: keras.Model, outputs: Any) -> dict[str, Any]:
    """Return the outputs by the names of a dict, else by those that the model declares, else numbered."""
    paths, values = zip(*keras.tree.flatten_with_path(outputs), strict=True)
    declared = getattr(model, "output_names", None) or ()
    if isinstance(outputs, Mapping):
        names = [".".join(map(str, path)) for path in paths]
    elif len(set(declared)) == len(values):
        names = list(declared)
    else:
        names = ["_".join(map(str, ("output", *path))) for path in paths]
    return dict(zip(names, values, strict=True))
