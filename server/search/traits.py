"""What a node of an architecture is to those who look for patterns: its weights, activation and sizes."""

import re
from functools import lru_cache
from math import prod

from inspectree.logger.architecture.model_graph import ModelGraph, Node

FEATURES = ("channel", "unit")
JOINS = frozenset({"Add", "Concatenate"})
MERGES = JOINS | {"Average", "Dot", "Maximum", "Minimum", "Multiply", "Subtract"}

ACTIVATIONS = re.compile(
    r"Activation|.*ReLU6?|.*ELU|Softmax|LogSoftmax|Softplus|Softsign|.*Sigmoid|.*Tanh|Swish|Si?Lu|Mish"
    r"|Hard(Sigmoid|Silu|Swish|Tanh)|(Log|Hard|Soft|Tanh)?Shrink|Glu|Relu6?|Leaky(Relu|_relu)|Elu|Selu|Celu|Gelu",
    re.IGNORECASE,
)
"""Types of layers and operations that are an activation function."""

SCALING = re.compile(r"Normalization|Rescaling|ReLU|LayerScale", re.IGNORECASE)
"""Types whose variables only shift and scale what passes."""


def activation(node: Node) -> str | None:
    """Return the activation function that a node applies, in lower case; None where it has none."""
    named = node.config.get("activation")
    if isinstance(named, dict):
        named = named.get("class")
    if isinstance(named, str) and named.lower() != "linear":
        return named.lower()
    fits = node.type != "Activation" and _is_activation(node.type)
    return node.type.lower() if fits else None


@lru_cache(maxsize=4096)
def _is_activation(type_: str) -> bool:
    return ACTIVATIONS.fullmatch(type_) is not None


def weighted(graph: ModelGraph) -> frozenset[str]:
    """Return the ids of the nodes that mix what they get by weights of their own, or hold such a layer.

    Weights have two axes or more: what has one shifts and scales. A further call has those of the first.
    """
    own = {node.id for node in graph.nodes if _has_weights(node)}
    found: set[str] = set()
    for node in graph.nodes:
        here = node.id if node.id in own or node.call_of in own else None
        while here is not None and here not in found:
            found.add(here)
            here = graph.by_id[here].parent if here in graph.by_id else None
    return frozenset(found)


def _has_weights(node: Node) -> bool:
    return any(len(v.shape) > 1 for v in node.variables) and not SCALING.search(node.type)


def sizes(node: Node) -> tuple[int, int] | None:
    """Return over how many positions (0: it is a vector) a node's first output lies, and its features.

    None where one of these is not fixed, or there is no output. What has neither channels nor units is as
    wide as its last axis.
    """
    if not node.outputs:
        return None
    shape, dims = node.outputs[0].shape[1:], node.dims[1:]
    if not shape or None in shape:
        return None
    known = [size for size in shape if size is not None]
    features = [place for place, dim in enumerate(dims) if dim in FEATURES]
    width = known[features[-1] if features and features[-1] < len(known) else -1]
    return (prod(known) // max(width, 1) if len(known) > 1 else 0), width
