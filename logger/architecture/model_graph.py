"""The architecture of a model as plain data: the same for every framework."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from math import prod
from typing import Annotated, Any, Literal, Self

from pydantic import Field
from typing_extensions import override

from inspectree.logger.architecture.flops import item_bytes
from inspectree.logger.frozen import Frozen
from inspectree.logger.store.layout import ACTIVATIONS

GRAPH_VERSION = "1.0"


class Tensor(Frozen):
    """One of a node's outputs. ``None`` in the shape is a size that is not fixed (the batch)."""

    shape: tuple[int | None, ...]
    dtype: str
    name: Annotated[
        str, Field(description="what its values are stored as; a further one: activations.KEY")
    ] = ACTIVATIONS
    dims: Annotated[tuple[str, ...], Field(description="axis names, batch included")] = ()

    @property
    def bytes(self) -> int | None:
        """Return the bytes of one sample's values in memory; None where a size is not fixed."""
        sizes = self.shape[1:] if self.shape[:1] == (None,) else self.shape
        fixed = [size for size in sizes if size is not None]
        return prod(fixed) * item_bytes(self.dtype) if len(fixed) == len(sizes) else None


class Variable(Frozen):
    """A stored tensor of a layer, by its own name (``kernel``), with a named axis per dim."""

    name: str
    shape: tuple[int, ...]
    dims: tuple[str, ...]
    dtype: str
    trainable: bool
    initializer: str | None = None

    @property
    def size(self) -> int:
        """Return the number of elements."""
        return prod(self.shape)

    @property
    def bytes(self) -> int:
        """Return the bytes of the values in memory."""
        return self.size * item_bytes(self.dtype)


class Node(Frozen):
    """A layer, or an operation inside a layer.

    ``id`` is the path of names from the model down, each percent-encoded, joined by ``/``. A layer that
    is called again gets a node per call (``id:1``, ``id:2``) whose ``call_of`` names the first; its
    variables are listed at the first only. A node that others name as ``parent`` is a group.
    """

    id: str
    kind: Literal["input", "layer", "operation"]
    type: str
    name: str
    parent: str | None = None
    outputs: tuple[Tensor, ...] = ()
    config: dict[str, Any] = Field(default_factory=dict)
    variables: tuple[Variable, ...] = ()
    call_of: str | None = None
    inside: Literal["traced", "opaque"] = "traced"
    loop: Annotated[bool, Field(description="the inside runs once per time step")] = False
    passthrough: Annotated[bool, Field(description="at inference the output holds the input's values")] = (
        False
    )
    flops: Annotated[int | None, Field(description="operations per sample and call; None: unknown")] = None

    @property
    def dims(self) -> tuple[str, ...]:
        """Return the axis names of the first output, batch included; none without outputs."""
        return self.outputs[0].dims if self.outputs else ()

    @property
    def parameters(self) -> int:
        """Return the number of elements of this node's own variables."""
        return sum(variable.size for variable in self.variables)

    @property
    def trainable_parameters(self) -> int:
        """Return the number of elements that training changes, of this node's own variables."""
        return sum(variable.size for variable in self.variables if variable.trainable)

    @property
    def variable_bytes(self) -> int:
        """Return the bytes of this node's own variables in memory."""
        return sum(variable.bytes for variable in self.variables)

    @property
    def output_bytes(self) -> int | None:
        """Return the bytes of one sample's outputs in memory; None where a size is not fixed."""
        return summed(output.bytes for output in self.outputs)


class Edge(Frozen):
    """A tensor that flows from one node's output port to another node's input port.

    An edge joins two siblings, or a node and its own parent: with the parent as source it starts at
    the parent's input port, with the parent as target it ends at the parent's output port. An edge
    from a variable to an operation has the variable's path (``layer/kernel``) as its source.
    """

    source: str
    target: str
    source_port: int = 0
    target_port: int = 0


class Outline(Frozen):
    """An architecture in a few numbers: how many layers, of which types on the top level, how large.

    ``inputs`` and ``outputs`` are the shapes of one sample; None where that is not told.
    """

    type: str
    layers: int
    layer_types: tuple[str, ...]
    parameters: int
    trainable_parameters: int
    inputs: tuple[tuple[int | None, ...], ...] | None = None
    outputs: tuple[tuple[int | None, ...], ...] | None = None

    def fits(self, graph: "ModelGraph") -> bool:
        """Tell whether everything that is told is true of a graph."""
        told = self.model_dump(exclude_none=True)
        return told.items() <= graph.outline.model_dump().items()


class ModelGraph(Frozen):
    """Layers, operations and variables of one model, and how data flows between them."""

    version: str = GRAPH_VERSION
    name: str
    type: str
    framework: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    outputs: Annotated[tuple[str, ...], Field(description="ids of the nodes that produce the outputs")] = ()

    @classmethod
    @override
    def from_stored(cls, text: str | bytes) -> Self:
        """Read a graph from a file, whose nodes have to be a tree.

        Raises
        ------
        ValueError
            When an id is there twice, or a parent is not there or is within its own child.
        """
        graph = super().from_stored(text)
        if len(graph.by_id) < len(graph.nodes):
            raise ValueError("its architecture has several nodes of one id")
        reached = {node.id for node in graph.below()}
        if lost := next((node.id for node in graph.nodes if node.id not in reached), None):
            raise ValueError(f"its architecture has no way from the model down to {lost}")
        return graph

    def below(self, parent: str | None = None) -> Iterator[Node]:
        """Yield everything below ``parent``; without it, all nodes."""
        waiting = [*self.children(parent)]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += self.children(node.id)

    @cached_property
    def by_id(self) -> dict[str, Node]:
        """Return the nodes by their ids."""
        return {node.id: node for node in self.nodes}

    @cached_property
    def _children(self) -> dict[str | None, tuple[Node, ...]]:
        children: dict[str | None, list[Node]] = {}
        for node in self.nodes:
            children.setdefault(node.parent, []).append(node)
        return {parent: tuple(nodes) for parent, nodes in children.items()}

    def children(self, parent: str | None = None) -> tuple[Node, ...]:
        """Return the nodes directly below ``parent``; without it, the top level."""
        return self._children.get(parent, ())

    def edges_below(self, parent: str | None = None) -> Iterator[Edge]:
        """Yield the edges between the children of ``parent``, their variables and ``parent`` itself."""
        inside = {node.id for node in self.children(parent)}
        for edge in self.edges:
            ends_deeper = edge.source in self.by_id and self.by_id[edge.source].parent == edge.target
            if (edge.target in inside and not ends_deeper) or (
                edge.source in inside and edge.target == parent
            ):
                yield edge

    @property
    def layers(self) -> Iterator[Node]:
        """Yield every input and layer on every level, in the order of the calls."""
        return (node for node in self.nodes if node.kind != "operation")

    @property
    def outline(self) -> Outline:
        """Return the architecture in a few numbers; a layer that is called again counts once."""
        return Outline(
            type=self.type,
            layers=sum(node.kind == "layer" and node.call_of is None for node in self.nodes),
            layer_types=tuple(node.type for node in self.children() if node.kind == "layer"),
            parameters=self.parameters,
            trainable_parameters=self.trainable_parameters,
            inputs=_sample_shapes(self.inputs),
            outputs=_sample_shapes(self.by_id[id_] for id_ in self.outputs if id_ in self.by_id),
        )

    @property
    def inputs(self) -> tuple[Node, ...]:
        """Return the model's own inputs, in their order."""
        return tuple(node for node in self.children() if node.kind == "input")

    @property
    def parameters(self) -> int:
        """Return the number of elements of all variables."""
        return sum(node.parameters for node in self.nodes)

    @property
    def trainable_parameters(self) -> int:
        """Return the number of elements that training changes."""
        return sum(node.trainable_parameters for node in self.nodes)

    @property
    def flops(self) -> int | None:
        """Return the floating-point operations per sample of one forward pass; None where a part is unknown.

        A multiplication and an addition are two; see `inspectree.logger.architecture.flops`.
        """
        return summed(node.flops for node in self.children())

    def inputs_of(self, layer: str) -> tuple[Node, ...]:
        """Return the siblings that feed ``layer``, in the order of its input ports."""
        edges = sorted(
            (e for e in self.edges if e.target == layer and e.source in self.by_id),
            key=lambda e: e.target_port,
        )
        parent = self.by_id[layer].parent
        return tuple(self.by_id[e.source] for e in edges if self.by_id[e.source].parent == parent)


def summed(numbers: Iterable[int | None]) -> int | None:
    """Return the sum, None where one of the numbers is unknown."""
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def _sample_shapes(nodes: Iterable[Node]) -> tuple[tuple[int | None, ...], ...]:
    """Return the shapes of one sample of the nodes' first outputs."""
    return tuple(node.outputs[0].shape[1:] for node in nodes if node.outputs)
