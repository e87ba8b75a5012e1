"""Where an answer begins: values that are read, descriptors that are stored, or a model's history."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
import xarray as xr
from typing_extensions import override

from inspectree.server.grammar.spec import AnySpec, AnyValue, Spec, TableSpec
from inspectree.server.ledger import Ledger
from inspectree.server.resolve import Unit
from inspectree.server.stack import Stack


class Leaf(ABC):
    """A value that is made from what the store holds; ``spec`` tells about it before."""

    spec: AnySpec

    @property
    def held_bytes(self) -> int:
        """Return the bytes in memory while it is made."""
        return self.spec.held_bytes

    @abstractmethod
    def read(self, ledger: Ledger) -> AnyValue:
        """Return the value; the ledger is told what was read."""


class Values(Leaf):
    """The values of sources, read as they are."""

    def __init__(self, stack: Stack, ledger: Ledger) -> None:
        self.stack = stack
        self.spec = stack.spec
        for source in stack.sources:
            ledger.want(source)

    @override
    def read(self, ledger: Ledger) -> xr.DataArray:
        ledger.origins.add("values")
        return self.stack.laid([ledger.read(source) for source in self.stack.alike()])


@dataclass
class Stored(Leaf):
    """What stored descriptors tell, ``nbytes`` of them."""

    spec: AnySpec
    value: xr.DataArray
    nbytes: int

    @override
    def read(self, ledger: Ledger) -> xr.DataArray:
        ledger.origins.add("statistics")
        ledger.bytes_read += self.nbytes
        return self.value


class StoredMeans(Leaf):
    """What becomes of stored class means, read as they are."""

    def __init__(
        self, spec: Spec, means: Stack, ledger: Ledger, finished: Callable[[xr.DataArray], xr.DataArray]
    ) -> None:
        self.spec, self._means, self._finished = spec, means, finished
        for source in means.sources:
            ledger.want(source)

    @override
    def read(self, ledger: Ledger) -> xr.DataArray:
        ledger.origins.add("statistics")
        return self._finished(self._means.laid([ledger.read(source) for source in self._means.alike()]))


class Histories(Leaf):
    """The tables of models' histories, one below the other; where there are several, ``uoa`` tells which."""

    def __init__(self, units: Sequence[Unit]) -> None:
        tables = [unit.model.history for unit in units]
        if len(units) > 1:
            named = zip(units, tables, strict=True)
            tables = [table.assign(uoa=str(unit))[["uoa", *table.columns]] for unit, table in named]
        self._table = pd.concat(tables, ignore_index=True) if len(tables) > 1 else tables[0]
        self.spec = TableSpec.of(self._table)

    @override
    def read(self, ledger: Ledger) -> pd.DataFrame:
        ledger.origins.add("values")
        return self._table.copy()
