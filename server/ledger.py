"""The account of one answer: what is read for it, from where, and what there is to say about it."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from inspectree.server.result import Origin
from inspectree.server.source import Source


@dataclass
class Ledger:
    """Reads sources, each once where it is wanted several times, and counts the bytes.

    ``wanted`` tells how often each is wanted, ``sizes`` how many bytes it has: both are known beforehand.
    """

    wanted: Counter[tuple[object, ...]] = field(default_factory=Counter)
    sizes: dict[tuple[object, ...], int] = field(default_factory=dict)
    bytes_read: int = 0
    origins: set[Origin] = field(default_factory=set)
    notes: dict[str, None] = field(default_factory=dict)
    _kept: dict[tuple[object, ...], NDArray[np.generic]] = field(default_factory=dict)

    def want(self, source: Source, times: int = 1) -> None:
        """Tell beforehand that a source will be read, and how often it will be where it is not kept."""
        self.wanted[source.key] += 1
        self.sizes[source.key] = max(times * source.value.nbytes, self.sizes.get(source.key, 0))

    @property
    def bytes_to_read(self) -> int:
        """Return the bytes of everything that is wanted."""
        return sum(self.sizes.values())

    @property
    def bytes_to_keep(self) -> int:
        """Return the bytes of what is wanted several times, and so is kept in the meantime."""
        return sum(size for key, size in self.sizes.items() if self.wanted[key] > 1)

    def read(self, source: Source) -> xr.DataArray:
        """Return a source with its values in memory."""
        values = self._kept.pop(source.key, None)
        if values is None:
            values = source.value.variable.values
            self.bytes_read += source.value.nbytes
        self.wanted[source.key] -= 1
        if self.wanted[source.key] > 0:
            self._kept[source.key] = values
        return source.value.copy(deep=False, data=values)

    def note(self, texts: tuple[str, ...]) -> None:
        """Keep what there is to say, each text once."""
        self.notes |= dict.fromkeys(texts)

    @property
    def origin(self) -> Origin:
        """Return where the answer comes from."""
        return "mixed" if len(self.origins) > 1 else next(iter(self.origins), "values")
