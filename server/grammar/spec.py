"""What is known of a value before it is read or made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
import xarray as xr

from inspectree.server.errors import PipelineError
from inspectree.server.nearest import nearest

NUMBERS = "biuf"

TEXT_BYTES = 64
"""What one text in a table takes in memory, about."""

Kind = Literal["array", "table", "columns"]
"""What a value may be: a labelled array, a table, or the columns of a branch that are not merged yet."""

LABELS = "labels"
"""The attribute of a coordinate that holds all its possible labels, in their order."""


@dataclass(frozen=True)
class Spec:
    """What is known of a labelled array before it is read.

    ``sizes`` are upper bounds: how many samples have a class shows only when they are read. ``coords``
    tells along which dims each coordinate lies, ``labels`` how many different ones it has at most and
    ``dtypes`` of what dtype it is, where that is known.
    """

    kind: ClassVar[Kind] = "array"

    sizes: Mapping[str, int]
    dtype: np.dtype[Any]
    coords: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, int] = field(default_factory=dict)
    dtypes: Mapping[str, np.dtype[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, value: xr.DataArray) -> "Spec":
        """Describe an array, which need not have been read."""
        coords = {str(name): tuple(map(str, coord.dims)) for name, coord in value.coords.items()}
        labels = {str(name): _count_labels(coord) for name, coord in value.coords.items() if coord.ndim == 1}
        dtypes = {str(name): coord.dtype for name, coord in value.coords.items()}
        sizes = {str(dim): size for dim, size in value.sizes.items()}
        return cls(sizes, value.dtype, coords, labels, dtypes)

    def __str__(self) -> str:
        """Return how a message calls it."""
        return f"an array along {', '.join(self.sizes)}" if self.sizes else "a single number"

    @property
    def elements(self) -> int:
        """Return the number of elements."""
        return prod(self.sizes.values())

    @property
    def held_bytes(self) -> int:
        """Return the bytes in memory while it is worked on: arithmetic is done in 8 bytes per element."""
        return self.elements * 8 + sum(
            count * (self.dtypes[name].itemsize if name in self.dtypes else 8)
            for name, count in self._coord_sizes()
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


@dataclass(frozen=True)
class TableSpec:
    """What is known of a table before it is made: its columns' dtypes, and how many rows it has at most.

    The dtype of text, and of what is mixed, is ``object``; None stands for one that shows only later.
    ``labels`` tells how many different values a column has at most, where that is known.
    """

    kind: ClassVar[Kind] = "table"

    columns: Mapping[str, np.dtype[Any] | None]
    rows: int
    labels: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, table: pd.DataFrame) -> "TableSpec":
        """Describe a table."""
        columns = {str(name): column_dtype(dtype) for name, dtype in table.dtypes.items()}
        return cls(columns, len(table), {str(name): int(count) for name, count in table.nunique().items()})

    def __str__(self) -> str:
        """Return how a message calls it."""
        return f"a table with the columns {', '.join(self.columns)}" if self.columns else "an empty table"

    @property
    def held_bytes(self) -> int:
        """Return the bytes in memory while it is worked on."""
        texts = sum(dtype is not None and dtype.kind not in NUMBERS for dtype in self.columns.values())
        return self.rows * (8 * len(self.columns) + (TEXT_BYTES - 8) * texts)

    @property
    def elements_with_coords(self) -> int:
        """Return the number of cells."""
        return self.rows * len(self.columns)

    def combinations(self, names: Iterable[str]) -> int:
        """Return how many different combinations of values some columns have at most."""
        return min(self.rows, prod(self.labels.get(name, self.rows) for name in names))

    def need_columns(self, names: Iterable[str]) -> None:
        """Refuse columns that are not there, or that are named twice."""
        named = tuple(names)
        for name in named:
            if name not in self.columns:
                raise PipelineError(f"no column {name!r}; {nearest(name, self.columns)}")
        if len(set(named)) != len(named):
            raise PipelineError(f"a column is named twice: {', '.join(named)}")

    def need_numbers(self, names: Iterable[str]) -> None:
        """Refuse columns that are not there, or that hold text; truth values are numbers, too."""
        named = tuple(names)
        self.need_columns(named)
        for name in named:
            dtype = self.columns[name]
            if dtype is not None and dtype.kind not in NUMBERS:
                raise PipelineError(f"needs numbers; column {name!r} holds text")


def column_dtype(dtype: Any) -> np.dtype[Any]:
    """Return the dtype of a column as `TableSpec` tells it."""
    known = dtype if isinstance(dtype, np.dtype) else np.dtype(object)
    return known if known.kind in NUMBERS else np.dtype(object)


@dataclass(frozen=True)
class ColumnsSpec:
    """What is known of the columns of a branch, by their names."""

    kind: ClassVar[Kind] = "columns"

    columns: Mapping[str, "AnySpec"]

    def __str__(self) -> str:
        """Return how a message calls them."""
        return f"the columns {', '.join(self.columns)} of a branch"

    @property
    def held_bytes(self) -> int:
        """Return the bytes in memory of all columns."""
        return sum(spec.held_bytes for spec in self.columns.values())

    @property
    def elements_with_coords(self) -> int:
        """Return the number of elements of all columns."""
        return sum(spec.elements_with_coords for spec in self.columns.values())


AnySpec = Spec | TableSpec | ColumnsSpec


@dataclass(frozen=True)
class Columns:
    """The columns of a branch, by their names, until they are merged."""

    values: Mapping[str, "AnyValue"]


AnyValue = xr.DataArray | pd.DataFrame | Columns


def spec_of(value: AnyValue) -> AnySpec:
    """Describe any value."""
    if isinstance(value, xr.DataArray):
        return Spec.of(value)
    if isinstance(value, pd.DataFrame):
        return TableSpec.of(value)
    return ColumnsSpec({name: spec_of(column) for name, column in value.values.items()})


def _count_labels(coord: xr.DataArray) -> int:
    if order := coord.attrs.get(LABELS, ()):
        return len(order)
    labels = pd.unique(coord.values)
    return len(labels) - (labels.dtype == object and None in labels.tolist())


def spec_like(
    spec: Spec, sizes: Mapping[str, int], dtype: Any, coords: Sequence[str] | Mapping[str, Any] = ()
) -> Spec:
    """Describe a result: coordinates along kept dims stay, ``coords`` label the dims of their names.

    ``coords`` may tell the dtypes of the new labels.
    """
    kept = {name: along for name, along in spec.coords.items() if set(along) <= set(sizes)}
    new = {name: np.dtype(known) for name, known in coords.items()} if isinstance(coords, Mapping) else {}
    return replace(
        spec,
        sizes=sizes,
        dtype=np.dtype(dtype),
        coords={**kept, **{name: (name,) for name in coords}},
        dtypes={**spec.dtypes, **new},
    )
