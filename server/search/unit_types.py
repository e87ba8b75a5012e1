"""Types of units: variables and layers that do the same kind of work. `UNIT_TYPES` lists them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from inspectree.logger.architecture.model_graph import ModelGraph, Node
from inspectree.logger.store.layout import encode

Paths = Iterator[str]


@dataclass(frozen=True)
class UnitType:
    """A type, by what it finds in a layer: paths of the layer itself or of its variables."""

    name: str
    label: str
    in_layer: Callable[[Node], Paths]

    def find(self, graph: ModelGraph) -> list[str]:
        """Return the paths of all units of this type; a layer that is called again counts once."""
        return [path for node in graph.layers if node.call_of is None for path in self.in_layer(node)]


def variables(pattern: str) -> Callable[[Node], Paths]:
    """Find variables by their names."""
    return lambda node: (
        f"{node.id}/{encode(v.name)}" for v in node.variables if re.fullmatch(pattern, v.name)
    )


def layers(pattern: str) -> Callable[[Node], Paths]:
    """Find layers by their types."""
    return lambda node: iter([node.id] if re.search(pattern, node.type) else [])


ACTIVATION_LAYERS = re.compile(r"^(Activation|.*ReLU|.*ELU|Softmax|.*Sigmoid|Tanh)$", re.IGNORECASE)


def nonlinear(node: Node) -> Paths:
    """Find layers that apply an activation function."""
    if node.config.get("activation") not in {None, "linear"} or ACTIVATION_LAYERS.match(node.type):
        yield node.id


UNIT_TYPES = (
    UnitType("kernel", "Kernels", variables(r"(.*_)?kernel|embeddings")),
    UnitType("bias", "Biases", variables(r"(.*_)?bias")),
    UnitType("activation", "Activation functions", nonlinear),
    UnitType("input", "Inputs", layers(r"^InputLayer$")),
    UnitType("dense", "Dense layers", layers(r"^(Dense|EinsumDense)$")),
    UnitType("convolution", "Convolutions", layers(r"Conv(LSTM)?\d?D")),
    UnitType("recurrent", "Recurrent layers", layers(r"LSTM|GRU|RNN")),
    UnitType("attention", "Attention", layers(r"Attention")),
    UnitType("embedding", "Embeddings", layers(r"Embedding")),
    UnitType("normalisation", "Normalisation", layers(r"Normalization")),
    UnitType("dropout", "Dropout", layers(r"Dropout")),
    UnitType("pooling", "Pooling", layers(r"Pooling")),
    UnitType("merge", "Merges", layers(r"^(Add|Average|Concatenate|Dot|Maximum|Minimum|Multiply|Subtract)$")),
    UnitType(
        "reshape",
        "Reshaping",
        layers(r"^(Flatten|Reshape|Permute|RepeatVector|UpSampling|ZeroPadding|Cropping)"),
    ),
)
