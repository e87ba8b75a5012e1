"""Where a pipeline begins: the variable of a unit as a labelled array that is not read yet."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import xarray as xr

from inspectree.server.checkpoint import Checkpoint
from inspectree.server.errors import RequestError
from inspectree.server.grammar.spec import LABELS, Spec
from inspectree.server.resolve import Unit, unit_dim

ROUNDED = {"float16", "float32"}
"""What values are rounded to before they are stored."""

CLASS_COORDS = ("class", "predicted")


@dataclass(frozen=True, eq=False)
class Source:
    """A variable of a unit, not read yet; ``selected`` tells which part of it, if it is not all."""

    unit: Unit
    checkpoint: Checkpoint
    path: str
    value: xr.DataArray
    selected: tuple[str, ...] = ()

    @classmethod
    def of(cls, unit: Unit, *, predictions: bool = True) -> "Source":
        """Return the variable that a unit stands for; for a layer its activations.

        Without ``predictions`` its samples are not labelled by them.

        Raises
        ------
        RequestError
            When it stands for something without values.
        """
        if unit.node is not None and unit.node.kind != "operation" and unit.entry is None:
            checkpoint = unit.checkpoint or unit.model.checkpoint()
            path = f"{unit.node.id}/activations"
        elif unit.entry is not None and unit.checkpoint is not None:
            checkpoint, path = unit.checkpoint, unit.entry.path
        else:
            raise RequestError(f"{unit} is a whole {unit.level}: name a layer or a variable in it")
        found = checkpoint.lazy(path, predictions=predictions)
        value = _with_class_order(found, unit.model.class_names)
        return cls(unit, checkpoint, path, _one_unit(value, unit))

    @cached_property
    def spec(self) -> Spec:
        """Return what is known of the values without reading them."""
        return Spec.of(self.value)

    @property
    def is_whole(self) -> bool:
        """Tell whether it is all of the variable, no part."""
        return self.unit.index is None and not self.selected

    @property
    def key(self) -> tuple[object, ...]:
        """Return what tells the values from others."""
        return self.unit.model.id, self.checkpoint.number, self.path, self.unit.index, self.selected

    def narrowed(self, value: xr.DataArray, by: str) -> Self:
        """Return the part of it that has been selected; ``by`` tells how."""
        return replace(self, value=value, selected=(*self.selected, by))

    def without_coords(self, names: Iterable[str]) -> Self:
        """Return the same values without some of what is known of them."""
        return replace(self, value=self.value.drop_vars(names, errors="ignore"))

    @property
    def extremes(self) -> xr.DataArray | None:
        """Return the smallest and the largest finite value, where they are known without reading.

        The stored ones are from before the rounding, which keeps the order: rounded they are the values' own.
        """
        entry, statistics = self.checkpoint.entry(self.path), self.checkpoint.statistics.get(self.path)
        if not self.is_whole or statistics is None or not statistics.finite:
            return None
        both = np.array([statistics.minimum, statistics.maximum])
        rounded = both.astype(entry.stored) if entry.stored in ROUNDED else both
        return xr.DataArray(rounded.astype(entry.dtype))


def _with_class_order(value: xr.DataArray, names: tuple[str, ...]) -> xr.DataArray:
    for coord in CLASS_COORDS:
        if coord in value.coords:
            value.coords[coord].attrs[LABELS] = names
    return value


def _one_unit(value: xr.DataArray, unit: Unit) -> xr.DataArray:
    if unit.index is None:
        return value
    dim = unit_dim(map(str, value.dims))
    if dim is None or unit.index >= value.sizes[dim]:
        raise RequestError(f"{unit}: there is no such unit; the dims are {', '.join(map(str, value.dims))}")
    return value.isel({dim: unit.index})
