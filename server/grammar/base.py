"""What every step of a pipeline is: a frozen value that is checked against a description and then called."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import BaseModel, ConfigDict

from inspectree.logger.statistics import Statistics
from inspectree.server.errors import PipelineError
from inspectree.server.nearest import nearest

NUMBERS = "biuf"

LABELS = "labels"
"""The attribute of a coordinate that holds all its possible labels, in their order."""


@dataclass(frozen=True)
class Spec:
    """What is known of a labelled array before it is read.

    ``sizes`` are upper bounds: how many samples have a class shows only when they are read. ``coords``
    tells along which dims each coordinate lies, ``labels`` how many different ones it has at most and
    ``itemsizes`` how many bytes each of them takes, where that is known.
    """

    sizes: Mapping[str, int]
    dtype: np.dtype[Any]
    coords: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, int] = field(default_factory=dict)
    itemsizes: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, value: xr.DataArray) -> "Spec":
        """Describe an array, which need not have been read."""
        coords = {str(name): tuple(map(str, coord.dims)) for name, coord in value.coords.items()}
        labels = {str(name): _count_labels(coord) for name, coord in value.coords.items() if coord.ndim == 1}
        itemsizes = {str(name): coord.dtype.itemsize for name, coord in value.coords.items()}
        sizes = {str(dim): size for dim, size in value.sizes.items()}
        return cls(sizes, value.dtype, coords, labels, itemsizes)

    @property
    def elements(self) -> int:
        """Return the number of elements."""
        return prod(self.sizes.values())

    @property
    def held_bytes(self) -> int:
        """Return the bytes in memory while it is worked on: arithmetic is done in 8 bytes per element."""
        return self.elements * 8 + sum(
            count * self.itemsizes.get(name, 8) for name, count in self._coord_sizes()
        )

    @property
    def elements_with_coords(self) -> int:
        """Return the number of elements and of their coordinates' ones: what an answer holds."""
        return self.elements + sum(count for _, count in self._coord_sizes())

    def _coord_sizes(self) -> Iterator[tuple[str, int]]:
        for name, along in self.coords.items():
            yield name, prod(self.sizes[dim] for dim in along)

    def need_numbers(self) -> None:
        """Refuse text."""
        if self.dtype.kind not in NUMBERS:
            raise PipelineError(f"needs numbers; this value holds {self.dtype.name}")

    def need_dims(self, dims: Iterable[str]) -> None:
        """Refuse dims that are not there, or that are named twice."""
        named = tuple(dims)
        for dim in named:
            if dim not in self.sizes:
                raise PipelineError(f"no dim {dim!r}; this value has {', '.join(self.sizes) or 'no dims'}")
        if len(set(named)) != len(named):
            raise PipelineError(f"a dim is named twice: {', '.join(named)}")

    def need_coord(self, name: str) -> str:
        """Return the one dim along which a coordinate lies; refuse one that is not there."""
        if name in self.sizes and name not in self.coords:
            return name
        if name not in self.coords:
            raise PipelineError(f"no coordinate {name!r}; {nearest(name, {**self.coords, **self.sizes})}")
        if len(self.coords[name]) != 1:
            raise PipelineError(
                f"coordinate {name!r} lies along {len(self.coords[name])} dims; it must be one"
            )
        return self.coords[name][0]

    def without_coords(self, names: Iterable[str]) -> "Spec":
        """Return the description without these coordinates."""
        gone = set(names)
        return replace(self, coords={name: dims for name, dims in self.coords.items() if name not in gone})


def _count_labels(coord: xr.DataArray) -> int:
    if order := coord.attrs.get(LABELS, ()):
        return len(order)
    labels = pd.unique(coord.values)
    return len(labels) - (labels.dtype == object and None in labels.tolist())


class Step(BaseModel, ABC):
    """One step: its parameters are fields, its work is a pure call."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: ClassVar[str]
    example: ClassVar[Mapping[str, Any]]

    op: str

    @abstractmethod
    def check(self, spec: Spec) -> Spec:
        """Return what becomes of a value so described.

        Raises
        ------
        PipelineError
            When the step does not fit it; says what was wrong and what would have been right.
        """

    @abstractmethod
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        """Return the value, transformed."""

    def fixed(self, values: Iterable[xr.DataArray]) -> "Step":  # noqa: ARG002 - for those that depend on them
        """Return the step with everything fixed that depends on all values; each is looked at once."""
        return self

    @property
    def extremes_suffice(self) -> bool:
        """Tell whether `fixed` needs the smallest and the largest finite value only."""
        return False

    def within(self, dim: str, spec: Spec) -> "Step | None":  # noqa: ARG002 - for those that can
        """Return the step that does the same to each position of ``dim`` by itself, where there is one."""
        return None

    def from_statistics(self, statistics: Statistics, spec: Spec) -> xr.DataArray | None:  # noqa: ARG002 - likewise
        """Return what the call would, from stored descriptors of the value, where these suffice."""
        return None


def spec_like(spec: Spec, sizes: Mapping[str, int], dtype: Any, coords: Sequence[str] = ()) -> Spec:
    """Describe a result: coordinates along kept dims stay, ``coords`` label the dims of their names."""
    kept = {name: along for name, along in spec.coords.items() if set(along) <= set(sizes)}
    return replace(
        spec, sizes=sizes, dtype=np.dtype(dtype), coords={**kept, **{name: (name,) for name in coords}}
    )
