"""Seeing every layer's outputs during one forward pass."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras

from inspectree.logger.architecture.naming import CallNames
from inspectree.logger.architecture.ports import named_outputs
from inspectree.logger.capture.keras_internals import LAYER_CALLS, attach_mask, mask_of

LOOPS = (keras.layers.RNN, keras.layers.TimeDistributed)
"""Layers that call others inside a loop of the backend, where no value can be taken out."""


@dataclass(frozen=True)
class Seen:
    """What a layer gave out: tensors by their names in the graph, and the mask that it made, if any."""

    outputs: Mapping[str, Any]
    mask: Any = None


Keep = Callable[[str, Seen], Mapping[str, Any] | None]
"""Takes the path of a call and what it gave out; may return outputs, by name, to go on with instead."""


@contextmanager
def recording(model: keras.Model, keep: Keep) -> Iterator[None]:
    """Hand the path and the outputs of every layer called inside ``model`` to ``keep``.

    The paths are the node ids of the model's graph. Only calls of this thread are seen.
    """
    recorder = _Recorder(model, keep)

    def call(original: Callable[..., Any], layer: keras.Layer, *args: Any, **kwargs: Any) -> Any:
        if recorder.muted:
            return original(layer, *args, **kwargs)
        with recorder.inside(layer) as path:
            outputs = original(layer, *args, **kwargs)
        return recorder.seen(path, (args, kwargs), outputs)

    with LAYER_CALLS.through(call):
        yield


class _Recorder:
    """The calls that are going on."""

    def __init__(self, model: keras.Model, keep: Keep) -> None:
        self.muted = False
        self._model = model
        self._keep = keep
        self._names = CallNames()
        self._parent: str | None = None

    @contextmanager
    def inside(self, layer: keras.Layer) -> Iterator[str | None]:
        """Name a call, and be its parent for the calls inside; the model itself has no path."""
        parent, muted = self._parent, self.muted
        path = None if layer is self._model else self._names.call(parent, layer.name, layer)
        self._parent, self.muted = path, isinstance(layer, LOOPS)
        try:
            yield path
        finally:
            self._parent, self.muted = parent, muted

    def seen(self, path: str | None, inputs: Any, outputs: Any) -> Any:
        """Tell of a call that has ended; return what it gives out."""
        named = named_outputs(outputs)
        if path is None or not named:
            return outputs
        instead = self._keep(path, Seen(named, _new_mask(inputs, named)))
        return _replaced(outputs, named, instead) if instead else outputs


def _new_mask(inputs: Any, outputs: Mapping[str, Any]) -> Any:
    """Return the first output's mask; None where an input brings one, which is handed on."""
    if any(mask_of(tensor) is not None for tensor in keras.tree.flatten(inputs)):
        return None
    return mask_of(next(iter(outputs.values())))


def _replaced(outputs: Any, named: Mapping[str, Any], instead: Mapping[str, Any]) -> Any:
    """Return the structure with other tensors in the place of those of the same names, masks kept."""
    places = {id(named[name]): tensor for name, tensor in instead.items()}

    def replaced(tensor: Any) -> Any:
        other = places.get(id(tensor), tensor)
        if other is not tensor and mask_of(tensor) is not None:
            attach_mask(other, mask_of(tensor))
        return other

    return keras.tree.map_structure(replaced, outputs)
