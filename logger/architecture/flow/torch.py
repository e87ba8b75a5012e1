"""The flow of data through PyTorch's operators, seen while they are dispatched."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import keras
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode, _disable_current_modes
from torch.utils._pytree import tree_leaves

from inspectree.logger.architecture.flow.base import NOTHING, Flow, Origin, merged

SILENT = frozenset({"alias", "detach", "lift_fresh", "to", "_to_copy", "view", "_unsafe_view"})
"""Names of operators that calculate nothing."""

SHAPE_ONLY = frozenset(
    [f"{kind}_like" for kind in ("empty", "full", "ones", "rand", "randn", "zeros")]
    + [f"new_{kind}" for kind in ("empty", "full", "ones", "zeros")]
)
"""Names of operators whose results tell nothing of the values that they get."""


class TorchFlow(Flow):
    """The origin of every tensor that an operator gave out or changed."""

    def __init__(self, variables: Any) -> None:
        super().__init__(variables)
        self._tensors: dict[int, Origin] = {}
        self._memory: dict[int, Origin] = {}
        self._changed: dict[int, Origin] = {}
        self._kept: list[Any] = []
        self._device = keras.ops.zeros(1).device
        for number, variable in enumerate(self.variables):
            self._note(variable.value, Origin((number,)))

    def run(self, function: Callable[[], None]) -> None:
        """Call ``function`` on tensors without values; see `Flow.run`."""
        with torch.no_grad(), FakeTensorMode(allow_non_fake_inputs=True), _Dispatched(self._dispatched):
            function()

    def outside(self) -> AbstractContextManager[Any]:
        """Let what is calculated meanwhile not belong to the function."""
        modes: AbstractContextManager[Any] = _disable_current_modes()
        return modes

    def give(self, symbol: Any) -> Any:
        """Return a tensor that stands for ``symbol``."""
        dtype = keras.backend.standardize_dtype(symbol.dtype)
        tensor = torch.empty(tuple(symbol.shape), dtype=getattr(torch, dtype), device=self._device)
        self._note(tensor, Origin((self._number(symbol),)))
        return tensor

    def take(self, tensor: Any, symbol: Any) -> None:
        """Let ``tensor`` be known as ``symbol`` from now on."""
        number = self._number(symbol)
        self._origins[number] = self._origin(tensor)
        self._kept.append(tensor)
        self._tensors[id(tensor)] = Origin((number,))

    def _dispatched(self, name: str, used: list[Any], made: list[Any], changed: list[Any]) -> None:
        source = NOTHING if name in SHAPE_ONLY else merged(map(self._origin, used))
        if source.symbols and name not in SILENT:
            source = source.through(name)
        for tensor in changed:
            memory = _memory(tensor)
            self._changed[memory] = merged([self._changed.get(memory, NOTHING), source])
        for tensor in made:
            self._note(tensor, source)

    def _note(self, tensor: Any, origin: Origin) -> None:
        self._kept.append(tensor)
        self._tensors[id(tensor)] = origin
        self._memory.setdefault(_memory(tensor), origin)

    def _origin(self, tensor: Any) -> Origin:
        """Return where a tensor, or else the memory that it is a view of, comes from."""
        memory = _memory(tensor)
        known = self._tensors.get(id(tensor), self._memory.get(memory, NOTHING))
        return merged([known, self._changed[memory]]) if memory in self._changed else known


def _memory(tensor: Any) -> int:
    return int(tensor.untyped_storage()._cdata)


class _Dispatched(TorchDispatchMode):  # type: ignore[misc]  # PyTorch need not be installed
    """Tell ``seen`` of every operator: its name, the tensors it used, made, and changed in place."""

    def __init__(self, seen: Callable[[str, list[Any], list[Any], list[Any]], None]) -> None:
        super().__init__()
        self._seen = seen

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        outputs = func(*args, **(kwargs or {}))
        changed = [
            value
            for argument, value in zip(func._schema.arguments, args, strict=False)
            if argument.alias_info is not None and argument.alias_info.is_write
        ]
        name = func._schema.name.partition("::")[2]
        self._seen(name, _tensors((args, kwargs)), _tensors(outputs), _tensors(changed))
        return outputs


def _tensors(structure: Any) -> list[Any]:
    return [leaf for leaf in tree_leaves(structure) if isinstance(leaf, torch.Tensor)]
