"""From the address of a unit of analysis to what a store holds under it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from inspectree.logger.architecture.model_graph import Node
from inspectree.logger.store.layout import encode, is_output
from inspectree.logger.store.reader import Entry
from inspectree.server.checkpoint import Checkpoint
from inspectree.server.errors import UnknownUnitError
from inspectree.server.model import Model
from inspectree.server.nearest import nearest
from inspectree.server.uoa import UnitOfAnalysis

if TYPE_CHECKING:
    from inspectree.server.catalog import Catalog

UNIT_DIMS = ("channel", "unit", "out")
"""The axis along which a layer's units lie: the first of these that a variable has."""


@dataclass(frozen=True)
class Unit:
    """What an address stands for: a model, its layer (``node``), or a checkpoint's variable (``entry``)."""

    model: Model
    node: Node | None = None
    checkpoint: Checkpoint | None = None
    entry: Entry | None = None
    index: int | None = None

    @property
    def level(self) -> str:
        """Return ``model``, ``checkpoint``, ``layer``, ``operation`` or ``variable``."""
        if self.entry is not None:
            return "variable"
        if self.node is not None:
            return "operation" if self.node.kind == "operation" else "layer"
        return "model" if self.checkpoint is None else "checkpoint"

    @property
    def path(self) -> str | None:
        """Return the path of the variable or the layer; None of a model."""
        return self.entry.path if self.entry else self.node.id if self.node else None

    def at(self, checkpoint: Checkpoint, path: str) -> "Unit":
        """Return another variable of the same model, at a checkpoint, with the same index."""
        return replace(self, checkpoint=checkpoint, entry=checkpoint.entry(path))

    def __str__(self) -> str:
        """Return the address with the full id and, where values are concerned, the checkpoint's number."""
        head = self.model.id if self.checkpoint is None else f"{self.model.id}@{self.checkpoint.number}"
        return "/".join(filter(None, (head, self.path))) + ("" if self.index is None else f"#{self.index}")


def unit_dim(dims: Iterable[str]) -> str | None:
    """Return the axis along which the units lie."""
    present = tuple(dims)
    return next((dim for dim in UNIT_DIMS if dim in present), None)


def resolve(catalog: "Catalog", uoa: UnitOfAnalysis) -> Unit:
    """Return what ``uoa`` stands for.

    Raises
    ------
    UnknownUnitError
        When the store does not hold it; says which part failed and lists the nearest valid names.
    """
    model = catalog.find(uoa.model)
    checkpoint = None if uoa.checkpoint is None else model.checkpoint(uoa.checkpoint)
    path = uoa.encoded_path
    if not path:
        _refuse_index(uoa)
        return Unit(model, checkpoint=checkpoint)
    if (node := model.architecture.by_id.get(path)) is not None:
        _check_index(uoa, node.dims, node.outputs[0].shape if node.outputs else ())
        return Unit(model, node, checkpoint, index=uoa.unit)
    checkpoint = checkpoint or model.checkpoint()
    if path not in checkpoint:
        raise _unknown(uoa, model, checkpoint)
    entry = checkpoint.entry(path)
    _check_index(uoa, entry.dims, entry.shape)
    return Unit(model, model.architecture.by_id.get(entry.layer), checkpoint, entry, uoa.unit)


def _unknown(uoa: UnitOfAnalysis, model: Model, checkpoint: Checkpoint) -> UnknownUnitError:
    """Say which name of the path is the first that does not exist."""
    graph, title = model.architecture, model.header.title
    layer = None
    for depth in range(1, len(uoa.path)):
        inner = "/".join(map(encode, uoa.path[:depth]))
        if inner not in graph.by_id:
            break
        layer = inner
    wrong = uoa.path[layer.count("/") + 1 if layer else 0]
    if layer is None:
        names = [
            *(node.name for node in graph.children()),
            *(e.path for e in checkpoint.entries.values() if not e.layer),
        ]
        return UnknownUnitError(f"{title} has no layer {wrong!r}; {nearest(wrong, names)}", str(uoa))
    if (variable := f"{layer}/{encode(wrong)}") in checkpoint:
        return UnknownUnitError(f"{variable} is a variable: nothing lies below it", str(uoa))
    names = [e.name for e in checkpoint.entries.values() if e.layer == layer]
    names += [node.name for node in graph.children(layer)]
    where = f"layer {layer} of {title} at checkpoint {checkpoint.number}"
    if {layer, f"{layer}/{wrong}"} & set(checkpoint.recomputed) and is_output(wrong):
        return UnknownUnitError(f"{where} holds no {wrong}: they were left out, to keep the budget", str(uoa))
    return UnknownUnitError(f"{where} has no variable {wrong!r}; {nearest(wrong, names)}", str(uoa))


def _refuse_index(uoa: UnitOfAnalysis) -> None:
    if uoa.unit is not None:
        raise UnknownUnitError(
            f"a model has no unit #{uoa.unit}: name a layer or a variable before it", str(uoa)
        )


def _check_index(uoa: UnitOfAnalysis, dims: tuple[str, ...], shape: tuple[int | None, ...]) -> None:
    if uoa.unit is None:
        return
    dim = unit_dim(dims)
    if dim is None:
        raise UnknownUnitError(
            f"{uoa.encoded_path} has no units: its dims are {', '.join(dims) or 'none'}", str(uoa)
        )
    size = shape[dims.index(dim)]
    if size is not None and uoa.unit >= size:
        raise UnknownUnitError(
            f"{uoa.encoded_path} has no unit #{uoa.unit}: its units are #0 to #{size - 1}", str(uoa)
        )
