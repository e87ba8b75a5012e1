"""What the layers of a model give out, found without the logger: every layer gets a class of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

LOOPS = (keras.layers.RNN, keras.layers.TimeDistributed)
"""Layers that call those inside them once per time step."""

ESCAPED = {"/": "%2F", "@": "%40", "#": "%23", "%": "%25"}


@dataclass
class Seen:
    """What one plain call of a model gave: by the path of every layer's call, and at the end.

    ``made_masks`` are the calls that gave out another mask than they got.
    """

    outputs: dict[str, dict[str, NDArray[Any]]] = field(default_factory=dict)
    masks: dict[str, NDArray[Any]] = field(default_factory=dict)
    made_masks: set[str] = field(default_factory=set)
    layers: dict[str, Any] = field(default_factory=dict)
    predictions: list[NDArray[Any]] = field(default_factory=list)


def look(model: Any, x: Any) -> Seen:
    """Return what the layers make of ``x`` in inference mode; no variable is changed."""
    watcher = _Watcher()
    with _unchanged(model), watcher.watching(model):
        outputs = model(keras.tree.map_structure(keras.ops.convert_to_tensor, x), training=False)
    watcher.seen.predictions = [as_array(tensor) for tensor in keras.tree.flatten(outputs)]
    return watcher.seen


def predict(model: Any, x: Any) -> list[NDArray[Any]]:
    """Return what Keras predicts; no variable is changed, random states included."""
    with _unchanged(model):
        rows = len(keras.tree.flatten(x)[0])
        return [np.asarray(values) for values in keras.tree.flatten(model.predict(x, rows, verbose=0))]


def as_array(tensor: Any) -> NDArray[Any]:
    """Return a tensor's values, bfloat16 as float32."""
    if keras.backend.standardize_dtype(tensor.dtype) == "bfloat16":
        tensor = keras.ops.cast(tensor, "float32")
    return np.asarray(keras.ops.convert_to_numpy(tensor))


@contextmanager
def _unchanged(model: Any) -> Iterator[None]:
    variables = [*model.variables, *_states(model)]
    before = [np.array(keras.ops.convert_to_numpy(variable.value)) for variable in variables]
    try:
        yield
    finally:
        for variable, value in zip(variables, before, strict=True):
            variable.assign(value)


def _states(model: Any) -> list[Any]:
    """Return the states of stateful layers, which Keras doesn't count among the variables."""
    layers = [layer for layer in model._flatten_layers() if getattr(layer, "stateful", False)]
    return keras.tree.flatten([layer.states for layer in layers])


class _Watcher:
    """Sees each layer being called, and names the calls as the format says."""

    def __init__(self) -> None:
        self.seen = Seen()
        self._parents: list[str] = []
        self._loops = 0

    @contextmanager
    def watching(self, model: Any) -> Iterator[None]:
        layers = model._flatten_layers(include_self=False)
        kinds = [type(layer) for layer in layers]
        for layer, kind in zip(layers, kinds, strict=True):
            watched = type(kind.__name__, (kind,), {"__call__": self._watched(kind)})
            object.__setattr__(layer, "__class__", watched)
        try:
            yield
        finally:
            for layer, kind in zip(layers, kinds, strict=True):
                object.__setattr__(layer, "__class__", kind)

    def _watched(self, kind: Any) -> Any:
        def watched(layer: Any, *args: Any, **kwargs: Any) -> Any:
            if self._loops:
                return kind.__call__(layer, *args, **kwargs)
            path, given = self._path(layer), _masks((args, kwargs))  # attention takes masks off its inputs
            self._parents.append(path)
            self._loops += isinstance(layer, LOOPS)
            outputs = kind.__call__(layer, *args, **kwargs)
            self._loops -= isinstance(layer, LOOPS)
            self._parents.pop()
            self.seen.outputs[path] = _named(outputs)
            self._look_at_masks(path, given, outputs)
            return outputs

        return watched

    def _look_at_masks(self, path: str, given: list[NDArray[Any]], outputs: Any) -> None:
        mask, *_ = [*_masks(outputs), None]
        if mask is not None:
            self.seen.masks[path] = mask
            if not any(np.array_equal(mask, other) for other in given):
                self.seen.made_masks.add(path)

    def _path(self, layer: Any) -> str:
        """Return NAME below the layer around it; another layer of the name is NAME@2, a later call NAME:1."""
        name = "".join(ESCAPED.get(character, character) for character in layer.name)
        base = "/".join([*self._parents[-1:], name])
        number, path = 1, base
        while self.seen.layers.setdefault(path, layer) is not layer:
            number += 1
            path = f"{base}@{number}"
        first, calls = path, 0
        while path in self.seen.outputs or path in self._parents:
            calls += 1
            path = f"{first}:{calls}"
        self.seen.layers[path] = layer
        return path


def _masks(structure: Any) -> list[NDArray[Any]]:
    masks = (getattr(tensor, "_keras_mask", None) for tensor in keras.tree.flatten(structure))
    return [as_array(mask) for mask in masks if mask is not None]


def _named(outputs: Any) -> dict[str, NDArray[Any]]:
    """Return the arrays of numbers; the first is ``activations``, others follow with the keys to them."""
    named: dict[str, NDArray[Any]] = {}
    for keys, tensor in keras.tree.flatten_with_path(outputs):
        if _is_dense(tensor):
            name = ".".join(["activations", *map(str, keys)]) if named else "activations"
            named[name] = as_array(tensor)
    return named


def _is_dense(tensor: Any) -> bool:
    kind = type(tensor).__name__
    return keras.ops.is_tensor(tensor) and "Sparse" not in kind and "Ragged" not in kind and kind != "BCOO"
