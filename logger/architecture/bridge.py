"""From symbolic tensors to the backend's and back, while a layer's call uses operations of the backend."""

from collections.abc import Callable, Sequence
from typing import Any

import keras

from inspectree.logger.architecture.draft import Draft, NodeDraft
from inspectree.logger.architecture.flow.base import Flow
from inspectree.logger.architecture.outputs import described
from inspectree.logger.capture.keras_internals import attach_mask, mask_of

RAW = "Raw"
"""The type of a node that stands for all operations of the backend between layers and one tensor."""


class Bridge:
    """The tensors of both sides that belong together; ``batch`` is the number of samples."""

    def __init__(self, draft: Draft, flow: Flow, batch: int) -> None:
        self.flow = flow
        self._draft = draft
        self._batch = batch
        self._symbols: dict[int, Any] = {}
        self._kept: list[Any] = []
        self._raw: list[tuple[NodeDraft, Any]] = []

    def lowered(self, structure: Any) -> Any:
        """Return a structure with the backend's tensors in place of symbolic ones."""
        return _each(self._lower, structure)

    def lifted(self, structure: Any) -> Any:
        """Return a structure with symbolic tensors in place of the backend's."""
        return _each(self._lift, structure)

    def settle(self) -> None:
        """Draw the edges to the nodes of operations; constants and unchanged tensors need no node."""
        constant: set[int] = set()
        for node, symbol in self._raw:
            origins, operations = self.flow.origin(symbol)
            origins = [origin for origin in origins if id(origin) not in constant]
            if not origins:
                constant.add(id(symbol))
                self._draft.replace(node, None)
                continue
            if not operations and _same(symbol, origins):
                self._draft.replace(node, origins[0])
                continue
            node.config = {"operations": operations}
            for port, origin in enumerate(origins):
                if isinstance(origin, keras.Variable):
                    self._draft.add_variable(origin, origin)
                self._draft.connect(origin, node, port)

    def _lower(self, leaf: Any) -> Any:
        if not isinstance(leaf, keras.KerasTensor):
            return leaf
        tensor = self.flow.give(leaf)
        self._join(tensor, leaf)
        if mask_of(leaf) is not None:
            attach_mask(tensor, self._lower(mask_of(leaf)))
        return tensor

    def _lift(self, leaf: Any) -> Any:
        if isinstance(leaf, keras.Variable) or not keras.ops.is_tensor(leaf):
            return leaf
        if id(leaf) not in self._symbols:
            self._join(leaf, self._drawn(leaf))
            if mask_of(leaf) is not None:
                attach_mask(self._symbols[id(leaf)], self._lift(mask_of(leaf)))
        return self._symbols[id(leaf)]

    def _join(self, tensor: Any, symbol: Any) -> None:
        self._kept.append(tensor)
        self._symbols[id(tensor)] = symbol

    def _drawn(self, tensor: Any) -> Any:
        """Draw a node for the operations that a tensor comes out of, and return its symbol."""
        symbol = keras.KerasTensor(tuple(tensor.shape), keras.backend.standardize_dtype(tensor.dtype))
        self.flow.take(tensor, symbol)
        path = self._draft.operation_id(RAW.lower())
        node = NodeDraft(path, "operation", RAW, RAW.lower(), None, self._draft.frame.path)
        node.outputs = (described(symbol, RAW, self._batch),)
        self._draft.add(node, [])
        self._draft.produced(node, [symbol])
        self._raw.append((node, symbol))
        return symbol


def _same(symbol: Any, origins: Sequence[Any]) -> bool:
    """Tell whether a tensor that no operation was applied to is the one that it came from."""
    (origin,) = origins if len(origins) == 1 else (None,)
    if not isinstance(origin, keras.KerasTensor):
        return False
    return bool(symbol.shape == origin.shape and symbol.dtype == origin.dtype)


def _each(change: Callable[[Any], Any], structure: Any) -> Any:
    """Return a structure with every leaf changed, in the order in which outputs are named."""
    return keras.tree.pack_sequence_as(structure, [change(leaf) for leaf in keras.tree.flatten(structure)])
