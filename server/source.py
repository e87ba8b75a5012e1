"""Where a pipeline begins: the variables of one or several units as one labelled array."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import xarray as xr

from inspectree.server.checkpoint import Checkpoint
from inspectree.server.errors import RequestError
from inspectree.server.grammar.base import LABELS, Spec
from inspectree.server.resolve import Unit, unit_dim

ROUNDED = {"float16", "float32"}
"""What values are rounded to before they are stored."""

CLASS_COORDS = ("class", "predicted")


@dataclass(frozen=True)
class Source:
    """A variable of a unit, not read yet; ``is_whole`` tells that it is all of it, no part."""

    unit: Unit
    checkpoint: Checkpoint
    path: str
    value: xr.DataArray
    is_whole: bool

    @classmethod
    def of(cls, unit: Unit) -> "Source":
        """Return the variable that a unit stands for; for a layer its activations.

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
        value = _with_class_order(checkpoint[path], unit.model.class_names)
        return cls(unit, checkpoint, path, _one_unit(value, unit), unit.index is None)

    def narrowed(self, value: xr.DataArray) -> Self:
        """Return the part of it that has been selected."""
        return replace(self, value=value, is_whole=False)

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


def stack_dim(sources: Sequence[Source]) -> tuple[str, list[Any]]:
    """Return the dim along which several sources lie, and its labels: checkpoints of a variable, or units."""
    same = len({(s.unit.model.id, s.path, s.unit.index) for s in sources}) == 1
    if same:
        return "checkpoint", [source.checkpoint.number for source in sources]
    return "uoa", [str(source.unit) for source in sources]


def stacked_spec(sources: Sequence[Source]) -> Spec:
    """Describe what `stack` would return.

    Raises
    ------
    RequestError
        When the sources' shapes or samples differ.
    """
    first = Spec.of(sources[0].value)
    if len(sources) == 1:
        return first
    for source in sources[1:]:
        _need_alike(sources[0], source)
    dim, labels = stack_dim(sources)
    shared = {name: first.coords[name] for name in shared_coords([source.value for source in sources])}
    epoch = {"epoch": (dim,)} if dim == "checkpoint" else {}
    coords = {dim: (dim,), **epoch, **shared}
    return replace(first, sizes={dim: len(labels), **first.sizes}, coords=coords)


def stack(sources: Sequence[Source]) -> xr.DataArray:
    """Read the sources and lay them along a new first dim; a single one stays as it is."""
    values = [source.value.load() for source in sources]
    if len(values) == 1:
        return values[0]
    kept = shared_coords(values)
    alike = [value.drop_vars(set(value.coords) - set(kept)) for value in values]
    return label_stack(sources, xr.concat(alike, dim="stacked", coords="minimal", compat="override"))


def label_stack(sources: Sequence[Source], value: xr.DataArray) -> xr.DataArray:
    """Name the dim ``stacked``, along which the sources lie, and give it its labels."""
    dim, labels = stack_dim(sources)
    named = value.rename({"stacked": dim}).assign_coords({dim: labels})
    if dim != "checkpoint":
        return named
    return named.assign_coords(epoch=(dim, [source.checkpoint.epoch for source in sources]))


def shared_coords(values: Sequence[xr.DataArray]) -> list[str]:
    """Return the coordinates that are the same in all; predictions, for one, change over checkpoints."""
    first, *others = values
    return [
        str(name)
        for name, coord in first.coords.items()
        if all(name in other.coords and coord.variable.equals(other[name].variable) for other in others)
    ]


def _need_alike(first: Source, other: Source) -> None:
    if first.value.sizes != other.value.sizes:
        raise RequestError(
            f"{first.unit} is {dict(first.value.sizes)} but {other.unit} is {dict(other.value.sizes)}:"
            " only equal shapes can be laid on one another"
        )
    if "id" in first.value.coords and "id" not in shared_coords([first.value, other.value]):
        raise RequestError(f"{first.unit} and {other.unit} hold different samples")
