"""From a live Keras model to its graph, by calling it once on tensors that have only a shape."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras

from inspectree.logger.architecture.assembly import Traced, assembled
from inspectree.logger.architecture.axes import Dims, numbered, output_dims
from inspectree.logger.architecture.config import layer_config
from inspectree.logger.architecture.draft import Draft, NodeDraft
from inspectree.logger.architecture.model_graph import Tensor
from inspectree.logger.architecture.operations import TRANSPARENT, operation_config
from inspectree.logger.architecture.passthrough import passes_through
from inspectree.logger.architecture.ports import named_outputs
from inspectree.logger.capture.inputs import ModelInputs
from inspectree.logger.capture.keras_internals import Calls, names_unchanged, sublayers, was_called
from inspectree.logger.capture.variables import own_variables

BATCH = 37
"""The sizes of symbolic tensors must be known; a prime tells the batch from every other size."""

TEMPORAL = (keras.layers.RNN, keras.layers.Bidirectional, keras.layers.TimeDistributed)


def trace(model: keras.Model, inputs: ModelInputs) -> Traced:
    """Return the graph of a built model, which is left as it was.

    A layer whose inside cannot be followed (it uses more than ``keras.ops``) is a node without inside.
    """
    tracer = _Tracer(model, inputs)
    with keras.StatelessScope(), names_unchanged(), tracer.following():
        try:
            outputs = model(inputs.filled(tracer.inputs), training=False)
        finally:
            tracer.calls.forget()
    return assembled(model, tracer.draft, keras.tree.flatten(outputs))


class _Tracer:
    """Draws a node for every layer and operation that is called."""

    def __init__(self, model: keras.Model, inputs: ModelInputs) -> None:
        self.calls = Calls()
        self._model = model
        self._batch = inputs.batch_size or BATCH
        self._quiet = False
        self.draft = Draft(reserved=[layer.name for layer in sublayers(model)])
        self.inputs = {
            name: keras.KerasTensor((self._batch, *shape), dtype=dtype, name=name)
            for name, (shape, dtype) in inputs.specs.items()
        }
        for name, tensor in self.inputs.items():
            node = NodeDraft(self.draft.names.call(None, name, tensor), "input", "InputLayer", name, tensor)
            node.outputs = self._outputs(node, [], tensor)
            self.draft.add_input(node, tensor)

    @contextmanager
    def following(self) -> Iterator[None]:
        """Follow the symbolic calls of this thread."""
        thread, tracer = threading.get_ident(), self
        original = keras.Operation.symbolic_call, keras.Layer.symbolic_call, keras.Layer.add_loss

        def call_operation(operation: keras.Operation, *args: Any, **kwargs: Any) -> Any:
            if tracer._quiet or threading.get_ident() != thread:
                return original[0](operation, *args, **kwargs)
            return tracer._operation(operation, args, kwargs)

        def call_layer(layer: keras.Layer, *args: Any, **kwargs: Any) -> Any:
            if tracer._quiet or threading.get_ident() != thread:
                return original[1](layer, *args, **kwargs)
            return tracer._layer(layer, args, kwargs)

        def add_loss(layer: keras.Layer, loss: Any) -> None:
            if threading.get_ident() != thread:
                original[2](layer, loss)

        keras.Operation.symbolic_call, keras.Layer.symbolic_call = call_operation, call_layer
        keras.Layer.add_loss = add_loss
        self._plain_operation, self._plain_layer = original[:2]
        try:
            yield
        finally:
            keras.Operation.symbolic_call, keras.Layer.symbolic_call, keras.Layer.add_loss = original

    @contextmanager
    def _silently(self) -> Iterator[None]:
        """Let calls happen that belong to no node: Keras works out shapes with further calls."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def _operation(self, operation: keras.Operation, args: Any, kwargs: Any) -> Any:
        fixed = was_called(operation)
        self.calls.remember(operation)
        with self._silently():
            outputs = self._plain_operation(operation, *args, **kwargs)
        inputs, results = self._tensors((args, kwargs)), [*named_outputs(outputs).values()]
        kind = type(operation).__name__
        if kind in TRANSPARENT and len(inputs) == len(results) == 1:
            self.draft.same(results[0], inputs[0])
            return outputs
        name = operation.name if fixed else kind.lower()
        path = self.draft.operation_id(name)
        node = NodeDraft(path, "operation", kind, name, operation, self.draft.frame.path)
        node.config = operation_config(operation, args, kwargs, self._batch)
        self.draft.add(node, inputs)
        self._produced(node, inputs, outputs)
        return outputs

    def _layer(self, layer: keras.Layer, args: Any, kwargs: Any) -> Any:
        self.calls.remember(layer)
        if layer is self._model:
            return layer.call(*args, **kwargs)
        inputs = self._tensors((args, kwargs))
        parent = self.draft.frame.path
        path = self.draft.names.call(parent, layer.name, layer)
        node = NodeDraft(path, "layer", type(layer).__name__, layer.name, layer, parent)
        node.config = layer_config(layer)
        self.draft.add(node, inputs)
        outputs = self._opened(node, layer, inputs, args, kwargs)
        self._produced(node, inputs, outputs)
        node.passthrough = passes_through(layer, inputs, node.outputs)
        return outputs

    def _opened(self, node: NodeDraft, layer: keras.Layer, inputs: list[Any], args: Any, kwargs: Any) -> Any:
        """Draw the inside of a layer and return its outputs."""
        mark = self.draft.mark()
        reserved = [*own_variables(layer), *(inner.name for inner in sublayers(layer))]
        try:
            with self.draft.inside(node, inputs, reserved), self._stand_ins(layer):
                outputs = self._expanded(node, layer, inputs, args, kwargs)
                self.draft.leaves(self._tensors(outputs))
        except (
            Exception
        ):  # whatever a layer does that works only on real values: its node stays without inside
            self.draft.forget_since(mark, node)
            node.inside, node.loop = "opaque", False
            with self._silently():
                outputs = self._plain_layer(layer, *args, **kwargs)
        known = {id(tensor) for tensor in inputs}
        return keras.tree.map_structure(lambda out: _renewed(out) if id(out) in known else out, outputs)

    @contextmanager
    def _stand_ins(self, layer: keras.Layer) -> Iterator[None]:
        """Let a layer find symbolic tensors where it holds variables, so that every use of them is seen."""
        variables = {key: value for key, value in vars(layer).items() if isinstance(value, keras.Variable)}
        for key, variable in variables.items():
            stand_in = keras.KerasTensor(tuple(variable.shape), dtype=variable.dtype)
            self.draft.add_variable(variable, stand_in)
            vars(layer)[key] = stand_in
        try:
            yield
        finally:
            vars(layer).update(variables)

    def _expanded(
        self, node: NodeDraft, layer: keras.Layer, inputs: list[Any], args: Any, kwargs: Any
    ) -> Any:
        if not isinstance(layer, (keras.layers.RNN, keras.layers.TimeDistributed)):
            return layer.call(*args, **kwargs)
        node.loop = True
        with self._silently():
            outputs = self._plain_layer(layer, *args, **kwargs)
        if isinstance(layer, keras.layers.RNN):
            results = layer.cell(self._time_step(inputs[0]), self._states(layer, inputs))
        else:
            results = layer.layer(self._time_step(inputs[0]))
        for whole, step in zip(keras.tree.flatten(outputs), keras.tree.flatten(results), strict=False):
            self.draft.same(whole, step)
        return outputs

    def _time_step(self, sequence: Any) -> Any:
        step = keras.KerasTensor((sequence.shape[0], *sequence.shape[2:]), dtype=sequence.dtype)
        self.draft.same(step, sequence)
        return step

    def _states(self, layer: keras.layers.RNN, inputs: list[Any]) -> Any:
        zeros = layer.get_initial_state(batch_size=self._batch)
        states = keras.tree.map_structure(
            lambda zero: keras.KerasTensor(tuple(zero.shape), zero.dtype), zeros
        )
        for state, given in zip(keras.tree.flatten(states), inputs[1:], strict=False):
            if state.shape == given.shape:
                self.draft.same(state, given)
        return states

    def _tensors(self, structure: Any) -> list[Any]:
        found = []
        for value in keras.tree.flatten(structure):
            if isinstance(value, keras.Variable):
                self.draft.add_variable(value, value)
            if isinstance(value, (keras.KerasTensor, keras.Variable)):
                found.append(value)
        return found

    def _produced(self, node: NodeDraft, inputs: list[Any], outputs: Any) -> None:
        node.outputs = self._outputs(node, inputs, outputs)
        self.draft.produced(node, named_outputs(outputs).values())

    def _outputs(self, node: NodeDraft, inputs: list[Any], outputs: Any) -> tuple[Tensor, ...]:
        keeps = inputs and not isinstance(node.made_by, TEMPORAL)
        of_input = self.draft.dims.get(id(inputs[0]), ()) if keeps else ()
        return tuple(
            self._output(node, name, port, tensor, of_input)
            for port, (name, tensor) in enumerate(named_outputs(outputs).items())
        )

    def _output(self, node: NodeDraft, name: str, port: int, tensor: Any, of_input: Dims) -> Tensor:
        rank, sizes = len(tensor.shape), tuple(tensor.shape)
        dims, dtype = numbered(rank), keras.backend.standardize_dtype(tensor.dtype)
        if sizes[:1] == (self._batch,):
            sizes = (None, *sizes[1:])
            data_format = getattr(node.made_by, "data_format", None)
            dims = output_dims(rank, node.type, data_format, of_input, port)
        return Tensor(shape=sizes, dtype=dtype, name=name, dims=dims)


def _renewed(tensor: Any) -> Any:
    """Return a tensor of its own for a layer that hands on what it got: users of both must be told apart."""
    return keras.KerasTensor(tensor.shape, dtype=tensor.dtype)
