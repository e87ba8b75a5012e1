"""How many parameters layers have, and how many bytes these take."""

import re
from dataclasses import dataclass
from math import prod

from inspectree.dashboard.tools.base import Json

BITS = re.compile(r"\d+")


@dataclass(frozen=True)
class Weights:
    """The variables of one layer: their layer's id, and how many values of which type they hold."""

    layer: str
    trainable: int
    fixed: int
    bytes: dict[str, int]

    @property
    def count(self) -> int:
        """Return the number of parameters."""
        return self.trainable + self.fixed

    @property
    def nbytes(self) -> int:
        """Return what they take in memory, whatever their types."""
        return sum(self.bytes.values())


def weights_of(graph: Json) -> list[Weights]:
    """Return the weights of every layer that has some, in the order of the model."""
    found = (_weights(node) for node in graph["nodes"])
    return [weights for weights in found if weights.count]


def _weights(node: Json) -> Weights:
    sizes = {True: 0, False: 0}
    bytes_: dict[str, int] = {}
    for variable in node["variables"]:
        count = prod(variable["shape"])
        sizes[bool(variable["trainable"])] += count
        bytes_[variable["dtype"]] = bytes_.get(variable["dtype"], 0) + nbytes(variable["dtype"], count)
    return Weights(node["id"], sizes[True], sizes[False], bytes_)


def nbytes(dtype: str, count: int) -> int:
    """Return the bytes of values of a type by its name: ``bfloat16`` has 16 bits; of text there are none."""
    if dtype == "bool":
        return count
    bits = BITS.search(dtype)
    return -(-count * int(bits[0]) // 8) if bits else 0
