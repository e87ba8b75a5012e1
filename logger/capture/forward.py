"""One pass of the samples through the model in inference mode."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from inspectree.logger.capture.backends import compiled, to_host
from inspectree.logger.capture.inputs import ModelInputs, model_dtype
from inspectree.logger.capture.recording import recording
from inspectree.logger.store.record import Array, Samples

ROWS = 100
"""Samples that go through the model at once; it bounds the memory that the pass needs."""


@dataclass(frozen=True)
class Captured:
    """What layers gave out, by node id, and the predictions by output name: (sample, …) each."""

    activations: Mapping[str, Array]
    predictions: Mapping[str, Array]


class Capture:
    """The forward pass over the same samples, compiled once; ``wanted`` are the node ids to keep."""

    def __init__(
        self, model: keras.Model, samples: Samples, inputs: ModelInputs, wanted: Collection[str]
    ) -> None:
        self._model = model
        self._samples = samples
        self._inputs = inputs
        self._wanted = frozenset(wanted)
        self._rows = inputs.batch_size or _even_batch(len(samples))
        self._forward = compiled(model, self._call)

    def __call__(self) -> Captured:
        """Return the activations and predictions of all samples, with the variables as they are now."""
        activations: dict[str, Array] = {}
        predictions: dict[str, Array] = {}
        for start, batch in self._batches():
            outputs, results = self._forward(batch)
            _fill(activations, outputs, start, len(self._samples))
            _fill(predictions, results, start, len(self._samples))
        return Captured(activations, {name: _float32(values) for name, values in predictions.items()})

    def _call(self, batch: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        kept: dict[str, Any] = {}

        def keep(path: str, output: Any) -> None:
            if path in self._wanted and len(output.shape) > 0 and output.shape[0] == self._rows:
                kept[path] = output

        with recording(self._model, keep):
            outputs = self._model(batch, training=False)
        return kept, _named_outputs(self._model, outputs)

    def _batches(self) -> Iterator[tuple[int, Any]]:
        """Yield batches of one size, so that the pass is compiled once: the last repeats its last sample."""
        last = len(self._samples) - 1
        for start in range(0, len(self._samples), self._rows):
            rows = np.minimum(np.arange(start, start + self._rows), last)
            tensors = {
                name: keras.ops.convert_to_tensor(values[rows], dtype=model_dtype(values))
                for name, values in self._samples.inputs.items()
            }
            yield start, self._inputs.filled(tensors)


def _even_batch(samples: int) -> int:
    batches = -(-samples // ROWS)
    return -(-samples // batches)


def _fill(arrays: dict[str, Array], outputs: Mapping[str, Any], start: int, size: int) -> None:
    for name, output in outputs.items():
        values = to_host(output)
        if name not in arrays:
            arrays[name] = np.empty((size, *values.shape[1:]), values.dtype)
        arrays[name][start : start + len(values)] = values[: size - start]


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


def _float32(values: Array) -> Array:
    return values.astype(np.float32, copy=False)
