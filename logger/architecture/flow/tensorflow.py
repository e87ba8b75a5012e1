"""The flow of data through TensorFlow's operations, read from a graph of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import tensorflow as tf

from inspectree.logger.architecture.flow.base import NOTHING, Flow, Origin, merged
from inspectree.logger.capture.detour import Detour

COMPILED_CALLS = Detour(type(tf.function(lambda: None)), "__call__")
"""Calls of what is decorated with ``tf.function``."""

SILENT = frozenset({"Const", "Identity", "Placeholder", "ReadVariableOp"})
"""Types of operations that calculate nothing."""

SHAPE_ONLY = frozenset({"OnesLike", "Rank", "Shape", "ShapeN", "Size", "ZerosLike"})
"""Types of operations whose results tell nothing of the values that they get."""


class TensorFlowFlow(Flow):
    """A graph of the function's operations, in the order in which they were made."""

    def __init__(self, variables: Any) -> None:
        super().__init__(variables)
        self._graph = tf.__internal__.FuncGraph("inspectree")
        self._given: dict[str, int] = {}
        self._taken: dict[str, int] = {}

    def run(self, function: Callable[[], None]) -> None:
        """Call ``function`` on tensors without values; see `Flow.run`."""
        with COMPILED_CALLS.through(_as_python), self._graph.as_default():
            function()
        self._follow()

    def outside(self) -> AbstractContextManager[Any]:
        """Let what is calculated meanwhile not belong to the function."""
        scope: AbstractContextManager[Any] = tf.init_scope()
        return scope

    def give(self, symbol: Any) -> Any:
        """Return a tensor that stands for ``symbol``."""
        self._check_graph()
        tensor = tf.compat.v1.placeholder(symbol.dtype, tuple(symbol.shape))
        self._given[tensor.op.name] = self._number(symbol)
        return tensor

    def take(self, tensor: Any, symbol: Any) -> None:
        """Let ``tensor`` be known as ``symbol`` from now on."""
        self._check_graph()
        self._taken[tf.identity(tensor).op.name] = self._number(symbol)

    def _check_graph(self) -> None:
        if tf.compat.v1.get_default_graph() is not self._graph:
            raise NotImplementedError("a layer is called inside a loop or a branch of TensorFlow's own")

    def _follow(self) -> None:
        handles = {
            id(part.handle): number
            for number, variable in enumerate(self.variables)
            for part in getattr(variable.value, "values", (variable.value,))  # several when it is mirrored
        }
        origins = {
            inside.name: Origin((handles[id(outside)],))
            for outside, inside in self._graph.captures
            if id(outside) in handles
        }
        for operation in self._graph.get_operations():
            source = merged(origins.get(tensor.name, NOTHING) for tensor in operation.inputs)
            if operation.name in self._taken:
                number = self._taken[operation.name]
                self._origins[number] = source
                origins[operation.inputs[0].name] = Origin((number,))
                continue
            if operation.name in self._given:
                source = Origin((self._given[operation.name],))
            elif operation.type in SHAPE_ONLY:
                source = NOTHING
            elif source.symbols and operation.type not in SILENT:
                source = source.through(operation.type)
            for tensor in operation.outputs:
                origins.setdefault(tensor.name, source)


def _as_python(_: Any, function: Any, *args: Any, **kwargs: Any) -> Any:
    """Run what is decorated with ``tf.function`` as plain Python, so that the layers inside are seen."""
    return function.python_function(*args, **kwargs)
