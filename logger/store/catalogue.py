"""What a checkpoint holds, told once for the whole file: one look instead of one at each dataset."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from math import prod
from typing import Any, Self, get_args

import h5py
import numpy as np
from numpy.typing import NDArray

from inspectree.logger.statistics import DTYPE, Statistics
from inspectree.logger.store import inside, layout
from inspectree.logger.store.entries import Entry, Kind, Owner, checkpoint_entries, input_entries
from inspectree.logger.store.jsontext import dumps

TEXTS = ("entries", "described")
LARGEST = 2**62
"""Elements of one variable: more cannot be counted in bytes."""

DESCRIBED = ("weights", "activations", "gradients")


class StatisticsTable(Mapping[str, Statistics]):
    """The descriptors of many variables by their paths, each taken from its row when it is asked for."""

    def __init__(self, paths: tuple[str, ...], rows: NDArray[np.void]) -> None:
        if len(paths) != len(rows):
            raise ValueError(f"there are {len(rows)} statistics of {len(paths)} variables")
        self._rows = dict(zip(paths, range(len(paths)), strict=True))
        self._table = rows

    def __getitem__(self, path: str) -> Statistics:
        return Statistics.from_record(self._table[self._rows[path]])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


@dataclass(frozen=True)
class Catalogue:
    """The variables that a file holds, by their paths, and the descriptors of those that have some."""

    entries: Mapping[str, Entry]
    statistics: Mapping[str, Statistics]


def write_catalogue(file: h5py.File, catalogue: Catalogue) -> None:
    """Write what a file holds, and all descriptors in one table."""
    group = file.create_group(layout.CATALOGUE)
    _write_text(group, "entries", [asdict(entry) for entry in catalogue.entries.values()])
    records = [statistics.as_record() for statistics in catalogue.statistics.values()]
    table = group.create_dataset("statistics", data=np.array(records, DTYPE))
    table.attrs["dims"] = ["variable"]
    _write_text(group, "described", list(catalogue.statistics))


def _write_text(group: h5py.Group, name: str, content: list[Any]) -> None:
    group[name] = dumps(content)
    group[name].attrs["dims"] = np.array([], h5py.string_dtype())


@dataclass(frozen=True)
class Stored:
    """A catalogue as it stands in a file."""

    entries: bytes
    described: bytes
    statistics: NDArray[np.void]

    @classmethod
    def of(cls, file: h5py.File) -> Self:
        """Read what a file says that it holds."""
        entries, described = (inside.text(file, f"{layout.CATALOGUE}/{name}") for name in TEXTS)
        return cls(entries, described, inside.dataset(file, f"{layout.CATALOGUE}/statistics")[()])

    def parsed(self) -> Catalogue:
        """Return it as values."""
        entries = map(_entry, json.loads(self.entries))
        statistics = StatisticsTable(tuple(json.loads(self.described)), self.statistics)
        return Catalogue({entry.path: entry for entry in entries}, statistics)


def of_model(file: h5py.File) -> Catalogue:
    """Return what a model's file holds of its input layers, by going through them."""
    entries = input_entries(file)
    return Catalogue(entries, dict(_statistics(file, entries)))


def of_checkpoint(file: h5py.File, inputs: Catalogue) -> Catalogue:
    """Return what a checkpoint holds, by going through it; ``inputs`` are those that its model's file holds.

    Also what it links to there is in it, with its descriptors: no link has to be followed into another file.
    """
    entries = checkpoint_entries(file, inputs.entries)
    own = dict(_statistics(file, {path: e for path, e in entries.items() if e.of == "checkpoint"}))
    by_datasets = {inputs.entries[path].datasets: known for path, known in inputs.statistics.items()}
    theirs = {
        path: by_datasets[entry.datasets]
        for path, entry in entries.items()
        if entry.of == "model" and entry.kind == "activations" and entry.datasets in by_datasets
    }
    return Catalogue(entries, {path: (own | theirs)[path] for path in entries if path in own | theirs})


def _statistics(file: h5py.File, entries: Mapping[str, Entry]) -> Iterator[tuple[str, Statistics]]:
    for path, entry in entries.items():
        node = layout.described(layout.STATISTICS, entry.layer, entry.name)
        if entry.kind in DESCRIBED and node in file:
            yield path, Statistics.from_record(file[node][()])


def _entry(told: dict[str, Any]) -> Entry:
    """Return an entry that is possible: whoever wrote the file may have told anything."""
    lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
    entry = Entry(**{**told, **lists})
    sizes = all(isinstance(size, int) and size >= 0 for size in entry.shape)
    if not sizes or len(entry.shape) != len(set(entry.dims)) or prod(entry.shape) > LARGEST:
        raise ValueError(f"{entry.path} cannot have the dims {entry.dims} and the shape {entry.shape}")
    if entry.of not in get_args(Owner) or entry.kind not in get_args(Kind) or not entry.datasets:
        raise ValueError(f"{entry.path} cannot be {entry.kind} of a {entry.of}")
    if entry.dtype != "object" and np.dtype(entry.dtype).kind not in "biuf":
        raise ValueError(f"{entry.path} cannot hold {entry.dtype}")
    return entry
