"""From a live Keras model to its graph, by calling it once on tensors that have only a shape."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import keras
import numpy as np

from inspectree.logger.architecture.assembly import Traced, assembled
from inspectree.logger.architecture.bridge import Bridge
from inspectree.logger.architecture.config import layer_config
from inspectree.logger.architecture.draft import Draft, NodeDraft
from inspectree.logger.architecture.flops import operation_flops, per_sample
from inspectree.logger.architecture.flow import backend_flow
from inspectree.logger.architecture.model_graph import Tensor
from inspectree.logger.architecture.observed import observed
from inspectree.logger.architecture.operations import TRANSPARENT, operation_config
from inspectree.logger.architecture.outputs import described
from inspectree.logger.architecture.passthrough import passes_through
from inspectree.logger.architecture.ports import named_outputs
from inspectree.logger.capture.inputs import ModelInputs
from inspectree.logger.capture.keras_internals import (
    ADDED_LOSSES,
    LAYER_CALLS,
    SYMBOLIC_CALLS,
    SYMBOLIC_LAYER_CALLS,
    Calls,
    layer_calls_unnoted,
    names_unchanged,
    sublayers,
    symbolic_conversion,
    was_called,
)
from inspectree.logger.capture.recording import LOOPS
from inspectree.logger.capture.variables import own_variables

BATCH = 37
"""The sizes of symbolic tensors must be known; a prime tells the batch from every other size."""

_ONE_AT_A_TIME = threading.RLock()

TEMPORAL = (keras.layers.RNN, keras.layers.Bidirectional, keras.layers.TimeDistributed)


def trace(model: keras.Model, inputs: ModelInputs) -> Traced:
    """Return the graph of a built model, which is left as it was.

    A call that uses operations of the backend itself, besides those of ``keras.ops``, is followed on the
    backend's tensors; then nodes of type ``Raw`` stand for these operations. A layer whose call needs real
    values is a node without inside; of a model whose own call does, inputs and layers are told without edges,
    in the order in which they are called. Threads wait for each other: their models may share layers, which
    hold symbolic tensors meanwhile.
    """
    with _ONE_AT_A_TIME:
        return _traced(model, inputs)


def _traced(model: keras.Model, inputs: ModelInputs) -> Traced:
    for way in ("symbolic", "raw"):
        tracer = _Tracer(model, inputs, way)
        try:
            return assembled(model, tracer.draft, tracer.outputs(inputs))
        except Exception:  # whatever a call does that works only on real values
            continue
    tracer = _Tracer(model, inputs)
    try:
        outputs = observed(model, inputs, tracer.draft, inputs.batch_size or BATCH)
    except Exception:  # whatever a call does that takes no zeros
        tracer, outputs = _Tracer(model, inputs), []
    return assembled(model, tracer.draft, outputs)


class _Tracer:
    """Draws a node for every layer and operation that is called; ``way`` is how the model itself is."""

    def __init__(self, model: keras.Model, inputs: ModelInputs, way: str = "symbolic") -> None:
        self.calls = Calls()
        self._model = model
        self._way = way
        self._bridge: Bridge | None = None
        self._batch = inputs.batch_size or BATCH
        self._quiet = False
        self.draft = Draft(reserved=[layer.name for layer in sublayers(model)])
        self.inputs = {
            name: keras.KerasTensor((self._batch, *shape), dtype=dtype, name=name)
            for name, (shape, dtype) in inputs.specs.items()
        }
        for name, tensor in self.inputs.items():
            node = NodeDraft(self.draft.names.call(None, name, tensor), "input", "InputLayer", name, tensor)
            node.outputs, node.flops = self._outputs(node, [], tensor), 0
            self.draft.add_input(node, tensor)

    def outputs(self, inputs: ModelInputs) -> list[Any]:
        """Call the model and return the symbolic tensors that it gives out."""
        unchanged = keras.StatelessScope(), names_unchanged(), layer_calls_unnoted()
        with ExitStack() as stack:
            for context in (*unchanged, symbolic_conversion(), self._following()):
                stack.enter_context(context)
            stack.callback(self.calls.forget)
            outputs = self._model(inputs.filled(self.inputs), training=False)
        return [*keras.tree.flatten(outputs)]

    @contextmanager
    def _following(self) -> Iterator[None]:
        """Follow the calls of this thread."""
        with (
            SYMBOLIC_CALLS.through(self._loud(self._operation)) as self._plain_operation,
            SYMBOLIC_LAYER_CALLS.through(self._loud(self._layer)) as self._plain_layer,
            LAYER_CALLS.through(self._loud(self._called)) as self._plain_call,
            ADDED_LOSSES.through(lambda *_, **__: None),
        ):
            yield

    def _loud(self, way: Callable[..., Any]) -> Callable[..., Any]:
        """Return a detour that goes ``way`` unless calls belong to no node."""

        def turn(original: Callable[..., Any], called: Any, *args: Any, **kwargs: Any) -> Any:
            if self._quiet:
                return original(called, *args, **kwargs)
            return way(called, args, kwargs)

        return turn

    @contextmanager
    def _silently(self) -> Iterator[None]:
        """Let calls happen that belong to no node: Keras works out shapes with further calls."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    def _called(self, layer: keras.Layer, args: Any, kwargs: Any) -> Any:
        """Let a layer be called on symbolic tensors, whatever it is handed."""
        if self._bridge is None:
            if not any(isinstance(leaf, keras.KerasTensor) for leaf in keras.tree.flatten((args, kwargs))):
                args, kwargs = keras.tree.map_structure(_symbolic, (args, kwargs))
            return self._plain_call(layer, *args, **kwargs)
        bridge, self._bridge = self._bridge, None
        try:
            args, kwargs = bridge.lifted((args, kwargs))
            with bridge.flow.outside():
                outputs = self._plain_call(layer, *args, **kwargs)
        finally:
            self._bridge = bridge
        return bridge.lowered(outputs)

    def _operation(self, operation: keras.Operation, args: Any, kwargs: Any) -> Any:
        fixed = was_called(operation)
        self.calls.remember(operation)
        with self._silently():
            outputs = self._specified(operation, args, kwargs)
        inputs, results = self._tensors((args, kwargs)), [*named_outputs(outputs).values()]
        kind = type(operation).__name__
        if kind in TRANSPARENT and len(inputs) == len(results) == 1:
            self.draft.same(results[0], inputs[0])
            return outputs
        name = operation.name if fixed else kind.lower()
        path = self.draft.operation_id(name)
        node = NodeDraft(path, "operation", kind, name, operation, self.draft.frame.path)
        node.config = operation_config(operation, args, kwargs, self._batch)
        node.flops = self._flops(node, (args, kwargs), outputs)
        self.draft.add(node, inputs)
        self._produced(node, inputs, outputs)
        return outputs

    def _specified(self, operation: keras.Operation, args: Any, kwargs: Any) -> Any:
        """Return the symbolic outputs of an operation."""
        try:
            return self._plain_operation(operation, *args, **kwargs)
        except Exception:  # Keras refuses some calls that are right: a convolution in groups, for example
            return keras.Operation.compute_output_spec(operation, *args, **kwargs)

    def _flops(self, node: NodeDraft, given: Any, outputs: Any) -> int | None:
        used, made = (
            [tuple(leaf.shape) for leaf in keras.tree.flatten(part) if hasattr(leaf, "shape")]
            for part in (given, outputs)
        )
        return per_sample(operation_flops(node.type, used, made, node.config), [*used, *made], self._batch)

    def _layer(self, layer: keras.Layer, args: Any, kwargs: Any) -> Any:
        self.calls.remember(layer)
        if layer is self._model:
            return layer.call(*args, **kwargs) if self._way == "symbolic" else self._raw(layer, args, kwargs)
        inputs = self._tensors((args, kwargs))
        parent = self.draft.frame.path
        path = self.draft.names.call(parent, layer.name, layer)
        node = NodeDraft(path, "layer", type(layer).__name__, layer.name, layer, parent)
        node.config = layer_config(layer)
        self.draft.add(node, inputs)
        outputs = self._told_apart(self._opened(node, layer, inputs, args, kwargs), inputs)
        self._produced(node, inputs, outputs)
        node.passthrough = passes_through(layer, inputs, node.outputs)
        return outputs

    def _told_apart(self, outputs: Any, inputs: list[Any]) -> Any:
        """Return outputs of a layer none of which is a tensor that is known already, or is there twice."""
        known = {*map(id, inputs), *self.draft.frame.sources}

        def own(output: Any) -> Any:
            if id(output) in known and isinstance(output, keras.KerasTensor):
                return keras.KerasTensor(output.shape, dtype=output.dtype)
            known.add(id(output))
            return output

        return keras.tree.map_structure(own, outputs)

    def _opened(self, node: NodeDraft, layer: keras.Layer, inputs: list[Any], args: Any, kwargs: Any) -> Any:
        """Draw the inside of a layer and return its outputs."""
        ways: list[Callable[[], Any]] = [
            lambda: self._expanded(node, layer, inputs, args, kwargs),
            lambda: self._raw(layer, args, kwargs),
        ]
        for way in ways[:1] if isinstance(layer, LOOPS) else ways:
            mark = self.draft.mark()
            try:
                outputs = self._inside(node, layer, inputs, way)
            except Exception:  # whatever a layer does that works only on real values
                self.draft.forget_since(mark, node)
                node.loop, node.steps = False, 1
            else:
                return outputs
        node.inside = "opaque"
        return self._closed(layer, args, kwargs)

    def _inside(self, node: NodeDraft, layer: keras.Layer, inputs: list[Any], way: Callable[[], Any]) -> Any:
        reserved = [*own_variables(layer), *(inner.name for inner in sublayers(layer))]
        with self.draft.inside(node, inputs, reserved):
            outputs = way()
            self.draft.leaves(named_outputs(outputs).values())
        return outputs

    def _raw(self, layer: keras.Layer, args: Any, kwargs: Any) -> Any:
        """Follow a call on the backend's tensors, and the layers inside on symbolic ones."""
        bridge, before = Bridge(self.draft, backend_flow(layer.variables), self._batch), self._bridge
        outputs: list[Any] = []

        def call() -> None:
            given, named = bridge.lowered((args, kwargs))
            outputs.append(bridge.lifted(layer.call(*given, **named)))

        self._bridge = bridge
        try:
            bridge.flow.run(call)
        finally:
            self._bridge = before
        bridge.settle()
        return outputs[0]

    def _closed(self, layer: keras.Layer, args: Any, kwargs: Any) -> Any:
        """Return a layer's outputs without looking inside; where they depend on values, those for zeros."""
        with self._silently():
            try:
                return self._plain_layer(layer, *args, **kwargs)
            except Exception:  # a call that needs real values
                args, kwargs = keras.tree.map_structure(_zeros, (args, kwargs))
                return keras.tree.map_structure(_symbolic, layer.call(*args, **kwargs))

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
        with self._stand_ins(layer):
            if isinstance(layer, LOOPS):
                return self._unrolled(node, layer, inputs, args, kwargs)
            return layer.call(*args, **kwargs)

    def _unrolled(
        self, node: NodeDraft, layer: keras.Layer, inputs: list[Any], args: Any, kwargs: Any
    ) -> Any:
        """Draw one step of a loop over time."""
        node.loop, node.steps = True, inputs[0].shape[1]
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
        data_format = getattr(node.made_by, "data_format", None)
        return tuple(
            described(
                tensor,
                node.type,
                self._batch,
                name=name,
                data_format=data_format,
                of_input=of_input,
                port=port,
            )
            for port, (name, tensor) in enumerate(named_outputs(outputs).items())
        )


def _symbolic(leaf: Any) -> Any:
    """Return a symbolic tensor in place of one with values."""
    if isinstance(leaf, (keras.KerasTensor, keras.Variable)):
        return leaf
    if isinstance(leaf, np.ndarray) or keras.ops.is_tensor(leaf):
        return keras.KerasTensor(tuple(leaf.shape), keras.backend.standardize_dtype(leaf.dtype))
    return leaf


def _zeros(leaf: Any) -> Any:
    """Return zeros in place of a symbolic tensor."""
    return keras.ops.zeros(leaf.shape, leaf.dtype) if isinstance(leaf, keras.KerasTensor) else leaf
