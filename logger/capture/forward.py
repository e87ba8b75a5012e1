"""One pass of the samples through the model in inference mode."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from inspectree.logger.architecture.model_graph import Tensor
from inspectree.logger.capture.backends import Forward, compiled, interpreted, is_dense, to_host
from inspectree.logger.capture.condensing import condensed
from inspectree.logger.capture.gathering import Condensed, Gathering, Whole
from inspectree.logger.capture.inputs import ModelInputs, model_dtype
from inspectree.logger.capture.recording import Seen, recording
from inspectree.logger.sizes import is_large, widened_bytes
from inspectree.logger.store.layout import ACTIVATIONS
from inspectree.logger.store.record import Array, Output, Samples
from inspectree.logger.units import unit_axis

ROWS = 100
"""Samples that go through the model at once; it bounds the memory that the pass needs."""

Wanted = Mapping[str, Mapping[str, Tensor]]
"""The outputs to keep, by node id and name."""

Key = tuple[str, str]


@dataclass(frozen=True)
class Captured:
    """What layers gave out by node id and name, masks by node id, predictions by output name.

    All of them are (sample, …); ``seconds`` is what the pass took.
    """

    outputs: Mapping[str, Mapping[str, Output]] = field(default_factory=dict)
    masks: Mapping[str, Array] = field(default_factory=dict)
    predictions: Mapping[str, Array] = field(default_factory=dict)
    seconds: float | None = None


class Capture:
    """The forward pass over the same samples, compiled once.

    With ``condense`` large outputs are rounded to float16 where they are made; those whose range is wrong
    for that are taken as they are while there is ``room``, in bytes, else they are ``given_up``.
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
        self._room = room
        self.given_up: list[str] = []
        self._rows = inputs.batch_size or _even_batch(len(samples))
        self._condensed = _large(wanted, len(samples)) if condense else {}
        self._weights = _class_weights(samples)
        self._compile = interpreted if model.run_eagerly else compiled
        self._forward: Forward | None = None

    def __call__(self) -> Captured:
        """Return what the layers make of all samples, with the variables as they are now."""
        while True:
            passed = self._pass()
            outputs = {key: gathering.output() for key, gathering in passed.outputs.items()}
            untold = [key for key, output in outputs.items() if output is None]
            if not untold:
                return Captured(_nested(outputs), passed.masks, _float32(passed.predictions), passed.seconds)
            for key in untold:
                self._widen(key)
            self._forward = None

    def _widen(self, key: Key) -> None:
        """Take an output as it is from now on, while there is room: out of range once, it will be again."""
        path, name = key
        del self._condensed[key]
        more = widened_bytes(self._wanted[path][name], len(self._samples))
        if more <= self._room:
            self._room -= more
        else:
            del self._wanted[path][name]
            self.given_up.append(path if name == ACTIVATIONS else f"{path}/{name}")

    def _pass(self) -> "_Pass":
        passed = _Pass(len(self._samples), self._condensed, self._weights)
        begun = time.perf_counter()
        for start, batch, weights in self._batches():
            passed.add(self._run((batch, weights)), start, min(self._rows, len(self._samples) - start))
        passed.seconds = time.perf_counter() - begun
        return passed

    def _run(self, batch: Any) -> Any:
        if self._forward is not None:
            return self._forward(batch)
        self._forward = self._compile(self._model, self._call)
        try:
            return self._forward(batch)
        except Exception:  # what a compiler says to Python that needs real values
            if self._compile is interpreted:
                raise
            self._compile = interpreted
            self._forward = interpreted(self._model, self._call)
            return self._forward(batch)

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
            results = self._model(batch, training=False)
        return {"outputs": outputs, "masks": masks, "predictions": _named_outputs(self._model, results)}

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

    def _batches(self) -> Iterator[tuple[int, Any, Any]]:
        """Yield batches of one size, so that the pass is compiled once: the last repeats its last sample."""
        last = len(self._samples) - 1
        for start in range(0, len(self._samples), self._rows):
            places = np.arange(start, start + self._rows)
            rows = np.minimum(places, last)
            tensors = {
                name: keras.ops.convert_to_tensor(values[rows], dtype=model_dtype(values))
                for name, values in self._samples.inputs.items()
            }
            weights = self._weights[:, rows] * (places <= last)
            yield start, self._inputs.filled(tensors), keras.ops.convert_to_tensor(weights)


class _Pass:
    """What comes out while the batches go through."""

    def __init__(self, size: int, dtypes: Mapping[Key, str], weights: NDArray[np.float32]) -> None:
        self.outputs: dict[Key, Gathering] = {}
        self.masks: dict[str, Array] = {}
        self.predictions: dict[str, Array] = {}
        self.seconds = 0.0
        self._size = size
        self._condensed = dict(dtypes)
        self._class_counts = weights[:-1].sum(axis=1).astype(np.int64)

    def add(self, results: Mapping[str, Any], start: int, count: int) -> None:
        """Take a batch in, of which the first ``count`` rows are meant."""
        for path, outputs in results["outputs"].items():
            for name, parts in outputs.items():
                host = {part: to_host(tensor) for part, tensor in parts.items()}
                self._gathering((path, name)).add(host, start, count)
        for arrays, tensors in (
            (self.masks, results["masks"]),
            (self.predictions, results["predictions"]),
        ):
            for name, tensor in tensors.items():
                values = to_host(tensor)
                target = arrays.setdefault(name, np.empty((self._size, *values.shape[1:]), values.dtype))
                target[start : start + count] = values[:count]

    def _gathering(self, key: Key) -> Gathering:
        if key not in self.outputs:
            dtype = self._condensed.get(key)
            self.outputs[key] = (
                Whole(self._size) if dtype is None else Condensed(self._size, dtype, self._class_counts)
            )
        return self.outputs[key]


def _nested(outputs: Mapping[Key, Output | None]) -> dict[str, dict[str, Output]]:
    nested: dict[str, dict[str, Output]] = {}
    for (path, name), output in outputs.items():
        assert output is not None  # the pass was repeated until all were told
        nested.setdefault(path, {})[name] = output
    return nested


def _float32(arrays: Mapping[str, Array]) -> dict[str, Array]:
    return {name: values.astype(np.float32, copy=False) for name, values in arrays.items()}


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


def _even_batch(samples: int) -> int:
    batches = -(-samples // ROWS)
    return -(-samples // batches)


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
