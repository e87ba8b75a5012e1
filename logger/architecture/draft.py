"""A graph while it is being drawn: which tensors are known where, and what they came from."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from inspectree.logger.architecture.axes import Dims
from inspectree.logger.architecture.model_graph import Edge, Tensor
from inspectree.logger.architecture.naming import CallNames, below
from inspectree.logger.store.layout import encode


@dataclass(frozen=True)
class Source:
    """An output port of a node; or a variable, by the ``id()`` of its object."""

    node: str | None
    port: int = 0
    variable: int | None = None


@dataclass
class NodeDraft:
    """A node whose outputs are not known yet.

    ``made_by`` is the layer or operation that is called; ``steps`` is how often the inside of a loop runs.
    """

    id: str
    kind: Literal["input", "layer", "operation"]
    type: str
    name: str
    made_by: Any
    parent: str | None = None
    outputs: tuple[Tensor, ...] = ()
    config: dict[str, Any] = field(default_factory=dict)
    inside: Literal["traced", "opaque"] = "traced"
    loop: bool = False
    passthrough: bool = False
    flops: int | None = None
    steps: int | None = 1


@dataclass
class Frame:
    """The inside of one call: where the tensors that are seen there come from, by their ``id()``.

    ``reserved`` are the paths of layers and variables, which no operation may take.
    """

    node: NodeDraft | None
    sources: dict[int, Source] = field(default_factory=dict)
    ports: int = 0
    reserved: frozenset[str] = frozenset()
    operations: set[str] = field(default_factory=set)

    @property
    def path(self) -> str | None:
        """Return the path of the call; None for the model itself."""
        return self.node.id if self.node else None


class Draft:
    """Nodes and edges in the order of the calls, and the stack of the calls that are going on."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self.nodes: list[NodeDraft] = []
        self.names = CallNames()
        self.stack: list[Frame] = [Frame(None, reserved=frozenset(encode(name) for name in reserved))]
        self.dims: dict[int, Dims] = {}
        self._edges: list[tuple[Source, str, int]] = []
        self._variables: dict[int, Any] = {}
        self._kept: list[object] = []

    @property
    def frame(self) -> Frame:
        """Return the inside of the innermost call."""
        return self.stack[-1]

    def add_variable(self, variable: object, stand_in: object) -> None:
        """Note that the tensor ``stand_in`` takes the place of a variable."""
        self._kept.append(stand_in)
        self._variables[id(stand_in)] = variable

    def add_input(self, node: NodeDraft, tensor: object) -> None:
        """Add one of the model's inputs."""
        self.nodes.append(node)
        self.produced(node, [tensor])

    def add(self, node: NodeDraft, inputs: Sequence[object]) -> None:
        """Add a node to the innermost call, with an edge for every input whose origin is known."""
        self.nodes.append(node)
        for port, tensor in enumerate(inputs):
            self._kept.append(tensor)
            self._connect(self.source(tensor), node.id, port)

    def connect(self, tensor: object, node: NodeDraft, port: int) -> None:
        """Add an edge to a node that was added before its inputs were known."""
        self._connect(self.source(tensor), node.id, port)

    def replace(self, node: NodeDraft, tensor: object | None) -> None:
        """Take back a node of the innermost call, whose output is ``tensor``; None for a constant."""
        source = None if tensor is None else self.source(tensor)
        self.nodes.remove(node)
        edges = [edge for edge in self._edges if edge[1] != node.id]
        self._edges = [
            (now, target, port)
            for before, target, port in edges
            if (now := source if before.node == node.id else before) is not None
        ]
        for key, before in [*self.frame.sources.items()]:
            if before.node == node.id and source is not None:
                self.frame.sources[key] = source
            elif before.node == node.id:
                del self.frame.sources[key]

    def _connect(self, source: Source | None, target: str, port: int) -> None:
        if source is not None:
            self._edges.append((source, target, port))

    def produced(self, node: NodeDraft, tensors: Iterable[object]) -> None:
        """Note that ``tensors`` are the outputs of ``node``, seen in the innermost call."""
        for port, (tensor, output) in enumerate(zip(tensors, node.outputs, strict=True)):
            self._kept.append(tensor)
            self.frame.sources[id(tensor)] = Source(node.id, port)
            self.dims[id(tensor)] = output.dims

    def same(self, tensor: object, other: object) -> None:
        """Note that ``tensor`` is ``other`` under a new identity."""
        self._kept.append(tensor)
        source = self.source(other)
        if source is not None:
            self.frame.sources[id(tensor)] = source
        self.dims[id(tensor)] = self.dims.get(id(other), ())

    def source(self, tensor: object) -> Source | None:
        """Return where a tensor comes from, as seen in the innermost call; None for constants."""
        return self._source(len(self.stack) - 1, tensor)

    def _source(self, depth: int, tensor: object) -> Source | None:
        frame = self.stack[depth]
        if id(tensor) in frame.sources:
            return frame.sources[id(tensor)]
        if id(tensor) in self._variables:
            return Source(None, variable=id(self._variables[id(tensor)]))
        outside = self._source(depth - 1, tensor) if depth else None
        if outside is None or frame.node is None:
            return None
        # A tensor that is used inside without having been handed in: the call gets a port for it.
        self._connect(outside, frame.node.id, frame.ports)
        frame.sources[id(tensor)] = Source(frame.node.id, frame.ports)
        frame.ports += 1
        return frame.sources[id(tensor)]

    @contextmanager
    def inside(self, node: NodeDraft, inputs: Sequence[object], reserved: Iterable[str]) -> Iterator[None]:
        """Draw what happens inside ``node``; ``reserved`` are names that operations there may not have."""
        ports = {id(tensor): Source(node.id, port) for port, tensor in enumerate(inputs)}
        paths = frozenset(below(node.id, name) for name in reserved)
        self.stack.append(Frame(node, ports, len(inputs), paths))
        try:
            yield
        finally:
            self.stack.pop()

    def leaves(self, tensors: Iterable[object]) -> None:
        """Draw the edges from the inside of the innermost call to its output ports."""
        node = self.frame.node
        for port, tensor in enumerate(tensors):
            source = self.source(tensor)
            if node is not None and source is not None and source.node != node.id:
                self._connect(source, node.id, port)

    def operation_id(self, name: str) -> str:
        """Return a free path for an operation in the innermost call."""
        base = below(self.frame.path, name)
        if base in self.frame.reserved:
            base = f"{base}_op"
        path, number = base, 0
        while path in self.frame.operations:
            number += 1
            path = f"{base}:{number}"
        self.frame.operations.add(path)
        return path

    def mark(self) -> tuple[int, int]:
        """Return a point to which `forget_since` can return."""
        return len(self.nodes), len(self._edges)

    def forget_since(self, mark: tuple[int, int], node: NodeDraft) -> None:
        """Take back everything that was drawn inside ``node``."""
        nodes, edges = mark
        del self.nodes[nodes:], self._edges[edges:]
        self.names.forget_inside(node.id)

    def drop_unused(self, outputs: Iterable[object]) -> None:
        """Take back the operations whose results nothing uses: Keras works out some masks twice."""
        needed = {source.node for source in map(self.source, outputs) if source is not None}
        while True:
            used = needed | {source.node for source, _, _ in self._edges}
            unused = {node.id for node in self.nodes if node.kind == "operation" and node.id not in used}
            if not unused:
                return
            self.nodes = [node for node in self.nodes if node.id not in unused]
            self._edges = [edge for edge in self._edges if edge[1] not in unused]

    def edges(self, owners: dict[int, tuple[str, str]]) -> Iterator[Edge]:
        """Yield the edges; ``owners`` are the node and the name of every variable, by its ``id()``."""
        for source, target, port in self._edges:
            if source.node is not None:
                yield Edge(source=source.node, target=target, source_port=source.port, target_port=port)
            elif source.variable in owners:
                node, name = owners[source.variable]
                yield Edge(source=f"{node}/{encode(name)}", target=target, target_port=port)
