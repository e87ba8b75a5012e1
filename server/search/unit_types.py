"""Types of units: variables, layers, operations and activation functions. `UNIT_TYPES` lists them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from inspectree.logger.architecture.model_graph import ModelGraph, Node
from inspectree.logger.store.layout import encode
from inspectree.server.search.traits import activation

Paths = Iterator[str]
Family = Literal["layers", "activations", "operations", "variables"]


@dataclass(frozen=True)
class UnitType:
    """A type, by what it finds of a node: paths of the node itself or of its variables."""

    name: str
    label: str
    family: Family
    of_node: Callable[[Node], Paths]


@dataclass
class Units:
    """The paths of all units of one type in one model."""

    label: str
    family: Family
    paths: list[str] = field(default_factory=list)


def variables(pattern: str) -> Callable[[Node], Paths]:
    """Find variables by their names."""
    fits = lru_cache(maxsize=4096)(re.compile(pattern).fullmatch)
    return lambda node: (_path(node, v.name) for v in node.variables if fits(v.name))


def layers(pattern: str) -> Callable[[Node], Paths]:
    """Find layers by their types."""
    fits = lru_cache(maxsize=4096)(re.compile(pattern).search)
    return lambda node: iter([node.id] if _is_layer(node) and fits(node.type) else [])


def nonlinear(node: Node) -> Paths:
    """Find layers that apply an activation function."""
    if _is_layer(node) and activation(node) is not None:
        yield node.id


def outputs(node: Node) -> Paths:
    """Find what layers put out: the activations that are recorded of them."""
    return (_path(node, output.name) for output in node.outputs if _is_layer(node))


def operations(node: Node) -> Paths:
    """Find the steps inside layers."""
    if not _is_layer(node):
        yield node.id


UNIT_TYPES = (
    UnitType("input", "Inputs", "layers", layers(r"^InputLayer$")),
    UnitType("dense", "Dense layers", "layers", layers(r"^(Dense|EinsumDense)$")),
    UnitType("convolution", "Convolutions", "layers", layers(r"Conv(LSTM)?\d?D")),
    UnitType("recurrent", "Recurrent layers", "layers", layers(r"LSTM|GRU|RNN")),
    UnitType("attention", "Attention", "layers", layers(r"Attention")),
    UnitType("embedding", "Embeddings", "layers", layers(r"Embedding")),
    UnitType("normalisation", "Normalisation", "layers", layers(r"Normalization")),
    UnitType("dropout", "Dropout", "layers", layers(r"Dropout")),
    UnitType("pooling", "Pooling", "layers", layers(r"Pooling")),
    UnitType(
        "merge",
        "Merges",
        "layers",
        layers(r"^(Add|Average|Concatenate|Dot|Maximum|Minimum|Multiply|Subtract)$"),
    ),
    UnitType(
        "reshape",
        "Reshaping",
        "layers",
        layers(r"^(Flatten|Reshape|Permute|RepeatVector|UpSampling|ZeroPadding|Cropping)"),
    ),
    UnitType("activation", "Activation functions", "activations", nonlinear),
    UnitType("operation", "Operations", "operations", operations),
    UnitType("kernel", "Kernels", "variables", variables(r"(.*_)?kernel|embeddings")),
    UnitType("bias", "Biases", "variables", variables(r"(.*_)?bias")),
    UnitType("output", "Activations", "variables", outputs),
)


def special(node: Node) -> Iterator[tuple[str, str, Family, str]]:
    """Yield the types that are called by what they find, such as ``layer:Conv2D``: name, label, family, path.

    Besides layers by their types: ``activation:relu``, ``operation:Matmul`` and ``variable:gamma``.
    """
    if not _is_layer(node):
        yield f"operation:{node.type}", node.type, "operations", node.id
        return
    yield f"layer:{node.type}", node.type, "layers", node.id
    if (function := activation(node)) is not None:
        yield f"activation:{function}", function, "activations", node.id
    for variable in node.variables:
        yield f"variable:{variable.name}", variable.name, "variables", _path(node, variable.name)


def units(graph: ModelGraph) -> dict[str, Units]:
    """Return the units of a model by the names of their types; a layer that is called again counts once."""
    found = {kind.name: Units(kind.label, kind.family) for kind in UNIT_TYPES}
    for node in graph.nodes:
        if node.call_of is not None:
            continue
        for kind in UNIT_TYPES:
            found[kind.name].paths.extend(kind.of_node(node))
        for name, label, family, path in special(node):
            found.setdefault(name, Units(label, family)).paths.append(path)
    return {name: of_type for name, of_type in found.items() if of_type.paths}


def _is_layer(node: Node) -> bool:
    return node.kind != "operation"


def _path(node: Node, variable: str) -> str:
    return f"{node.id}/{encode(variable)}"
