"""The calls of a model that only real values go through: its layers in their order, without edges."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np

from inspectree.logger.architecture.config import layer_config
from inspectree.logger.architecture.draft import Draft, NodeDraft
from inspectree.logger.architecture.outputs import described
from inspectree.logger.architecture.ports import named_outputs
from inspectree.logger.capture.inputs import ModelInputs, Spec
from inspectree.logger.capture.keras_internals import LAYER_CALLS
from inspectree.logger.capture.recording import LOOPS


def observed(model: keras.Model, inputs: ModelInputs, draft: Draft, batch: int) -> list[Any]:
    """Draw a node for every layer that ``model`` calls on ``batch`` samples of zeros; return its outputs."""
    observer = _Observer(model, draft, batch)
    zeros = {name: _zeros(spec, batch) for name, spec in inputs.specs.items()}
    with keras.StatelessScope(), observer.watching():
        outputs = model(inputs.filled(zeros), training=False)
    return [*keras.tree.flatten(outputs)]


class _Observer:
    """Sees the calls of this thread, but not those inside a loop."""

    def __init__(self, model: keras.Model, draft: Draft, batch: int) -> None:
        self._model = model
        self._draft = draft
        self._batch = batch
        self._in_loop = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """See the calls of layers."""

        def call(original: Callable[..., Any], layer: keras.Layer, *args: Any, **kwargs: Any) -> Any:
            if self._in_loop or layer is self._model:
                return original(layer, *args, **kwargs)
            return self._called(layer, lambda: original(layer, *args, **kwargs))

        with LAYER_CALLS.through(call):
            yield

    def _called(self, layer: keras.Layer, call: Callable[[], Any]) -> Any:
        parent = self._draft.frame.path
        path = self._draft.names.call(parent, layer.name, layer)
        node = NodeDraft(path, "layer", type(layer).__name__, layer.name, layer, parent)
        node.config, node.inside = layer_config(layer), "opaque"
        self._draft.add(node, [])
        before, self._in_loop = self._in_loop, isinstance(layer, LOOPS)
        try:
            with self._draft.inside(node, [], ()):
                outputs = call()
        finally:
            self._in_loop = before
        tensors = named_outputs(outputs)
        node.outputs = tuple(
            described(tensor, node.type, self._batch, name=name, port=port)
            for port, (name, tensor) in enumerate(tensors.items())
        )
        self._draft.produced(node, tensors.values())
        return outputs


def _zeros(spec: Spec, batch: int) -> Any:
    shape, dtype = spec
    values = np.zeros((batch, *shape), str if dtype == "string" else dtype)
    return keras.ops.convert_to_tensor(values, dtype=dtype)
