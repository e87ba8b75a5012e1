"""What a tool can be applied to."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["L3", "L2", "L1"]
Kind = Literal["experiment", "model", "layer", "operation", "weights", "unit"]
Shapes = tuple[tuple[int | None, ...], ...]

LEVEL_TITLES: dict[Level, str] = {"L3": "Models", "L2": "Layers", "L1": "Neurons and weights"}


def unit_name(dim: str, index: int | str) -> str:
    """Return what a unit of a layer is called: ``c007`` is a channel."""
    return f"{dim[0]}{int(index):03d}"


@dataclass(frozen=True)
class Unit:
    """A unit of analysis as the page shows it.

    ``dims`` and ``shape`` are those of its values (of a layer: its activations; empty where there are none).
    ``classes`` tells how many its model tells apart. Of models and experiments: the shapes of one sample as
    ``inputs`` and ``outputs``; None where these are not told.
    """

    uoa: str
    kind: Kind
    name: str
    type: str = ""
    dims: tuple[str, ...] = ()
    shape: tuple[int | None, ...] = ()
    classes: int = 0
    inputs: Shapes | None = None
    outputs: Shapes | None = None

    @property
    def level(self) -> Level:
        """Return the level that the unit, and its widgets, belong to."""
        return "L3" if self.kind in {"experiment", "model"} else "L1" if self.kind == "unit" else "L2"
