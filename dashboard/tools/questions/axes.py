"""Which axis of a unit's values tells its neurons, channels or filters, and what these are called."""

from collections.abc import Iterable, Sequence

from inspectree.dashboard.tools.base import Json
from inspectree.dashboard.unit import Unit, unit_name

FEATURES = ("channel", "unit")
"""The axes of activations whose positions are units of a layer."""

UNITS = (*FEATURES, "out")
"""The axes whose positions are units of a layer: those of weights, too."""

GATES = {"LSTM": 4, "GRU": 3, "ConvLSTM1D": 4, "ConvLSTM2D": 4, "ConvLSTM3D": 4}
"""How many blocks the variables of recurrent layers have."""

NOUNS = {"channel": "channels", "unit": "units", "out": "units", "sample": "samples", "in": "inputs"}


def unit_dim(unit: Unit) -> str:
    """Return the axis of the units among those of the values, the last one where there is none such."""
    return next((dim for dim in reversed(unit.dims) if dim in UNITS), unit.dims[-1])


def others(dims: Iterable[str], *kept: str) -> list[str]:
    """Return the other axes."""
    return [dim for dim in dims if dim not in kept]


def layer_of(unit: Unit) -> str:
    """Return the path of the layer that a variable belongs to; a layer's is its own, a unit's its layer's."""
    path = unit.uoa.partition("#")[0]
    return path.rpartition("/")[0] if unit.kind == "weights" else path


def paths(unit: Unit, dim: str, positions: Sequence[int]) -> list[str]:
    """Return the paths of the units at some positions; empty ones where the axis is not theirs."""
    if dim not in UNITS:
        return [""] * len(positions)
    units = units_of(unit, dim)
    return [f"{layer_of(unit)}#{position % units if units else position}" for position in positions]


def units_of(unit: Unit, dim: str) -> int:
    """Return how many units the positions along an axis stand for; 0 where that is not known.

    Kernels and biases of recurrent layers hold a block for each gate, with all of the units in each block.
    """
    size = unit.shape[unit.dims.index(dim)] or 0
    return size // GATES.get(unit.type, 1) if unit.kind == "weights" else size


def names(dim: str, positions: Sequence[int]) -> list[str]:
    """Return what positions along an axis are called: ``c007`` is a channel."""
    return [unit_name(dim, position) for position in positions]


def noun(dim: str) -> str:
    """Return what several positions along an axis are."""
    return NOUNS.get(dim, f"positions along {dim}")


def over_space(dims: Sequence[str]) -> list[Json]:
    """Return the step that averages over every dim of a layer but its units."""
    space = [dim for dim in dims[1:] if dim not in FEATURES]
    return [{"op": "mean", "over": space}] if space else []
