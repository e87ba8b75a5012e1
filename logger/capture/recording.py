"""Seeing every layer's output during one forward pass."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras

from inspectree.logger.architecture.naming import CallNames

LOOPS = (keras.layers.RNN, keras.layers.TimeDistributed)
"""Layers that call others inside a loop of the backend, where no value can be taken out."""


@contextmanager
def recording(model: keras.Model, keep: Callable[[str, Any], None]) -> Iterator[None]:
    """Hand the path and the first output of every layer called inside ``model`` to ``keep``.

    The paths are the node ids of the model's graph. Only calls of this thread are seen.
    """
    recorder = _Recorder(model, keep)
    original = keras.Layer.__call__
    thread = threading.get_ident()

    def call(layer: keras.Layer, *args: Any, **kwargs: Any) -> Any:
        if recorder.muted or threading.get_ident() != thread:
            return original(layer, *args, **kwargs)
        with recorder.inside(layer) as path:
            outputs = original(layer, *args, **kwargs)
        recorder.seen(path, outputs)
        return outputs

    keras.Layer.__call__ = call
    try:
        yield
    finally:
        keras.Layer.__call__ = original


class _Recorder:
    """The calls that are going on."""

    def __init__(self, model: keras.Model, keep: Callable[[str, Any], None]) -> None:
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

    def seen(self, path: str | None, outputs: Any) -> None:
        tensors = (output for output in keras.tree.flatten(outputs) if keras.ops.is_tensor(output))
        first = next(tensors, None)
        if path is not None and first is not None:
            self._keep(path, first)
