"""Several sources of equal shape as one array, along a dim of their own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import xarray as xr

from inspectree.server.errors import RequestError
from inspectree.server.grammar.spec import Spec
from inspectree.server.source import Source

STACKED = "stacked"
"""The name of the dim along which they lie, until it is given its own."""


@dataclass(frozen=True, eq=False)
class Stack:
    """One source, or several along a new first dim; None where there is but one.

    ``labels`` tell them apart; where they are checkpoints, their ``epochs`` are known, too.
    """

    sources: tuple[Source, ...]
    dim: str | None = None
    labels: tuple[Any, ...] = ()
    epochs: tuple[int, ...] = ()

    @classmethod
    def of(cls, sources: Sequence[Source]) -> "Stack":
        """Lay sources on one another: checkpoints of one variable along ``checkpoint``, others along ``uoa``.

        Raises
        ------
        RequestError
            When their shapes or samples differ.
        """
        first, *others = sources
        for source in others:
            _need_alike(first, source)
        if not others:
            return cls((first,))
        if len({(source.unit.model.id, source.path, source.unit.index) for source in sources}) > 1:
            return cls(tuple(sources), "uoa", tuple(str(source.unit) for source in sources))
        numbers = tuple(source.checkpoint.number for source in sources)
        return cls(
            tuple(sources), "checkpoint", numbers, tuple(source.checkpoint.epoch for source in sources)
        )

    def with_sources(self, sources: Sequence[Source]) -> Self:
        """Return others along the same dim with the same labels."""
        for source in sources[1:]:
            _need_alike(sources[0], source)
        return replace(self, sources=tuple(sources))

    def map(self, function: Callable[[Source], Source]) -> Self:
        """Return what a function makes of each source, along the same dim."""
        return self.with_sources([function(source) for source in self.sources])

    @cached_property
    def spec(self) -> Spec:
        """Return what is known of the values without reading them."""
        first = self.sources[0].spec
        if self.dim is None:
            return first
        shared = {name: first.coords[name] for name in self.shared_coords}
        epoch = {"epoch": (self.dim,)} if self.epochs else {}
        coords = {self.dim: (self.dim,), **epoch, **shared}
        dtypes = {name: xr.DataArray(list(given)).dtype for name, given in self._names()}
        sizes = {self.dim: len(self.labels), **first.sizes}
        return replace(first, sizes=sizes, coords=coords, dtypes={**first.dtypes, **dtypes})

    @cached_property
    def shared_coords(self) -> list[str]:
        """Return the coordinates that are the same in all; predictions, for one, change over checkpoints."""
        first, *others = (source.value for source in self.sources)
        return [
            str(name)
            for name, coord in first.coords.items()
            if all(name in other.coords and coord.variable.equals(other[name].variable) for other in others)
        ]

    def alike(self) -> list[Source]:
        """Return the sources with the coordinates that all have in common."""
        if self.dim is None:
            return [*self.sources]
        kept = {*self.shared_coords}
        return [source.without_coords({*map(str, source.value.coords)} - kept) for source in self.sources]

    def laid(self, values: Iterable[xr.DataArray]) -> xr.DataArray:
        """Return the sources' values along the dim; values of one source many times are held once."""
        parts = list(values)
        if self.dim is None:
            return parts[0]
        if len({source.key for source in self.sources}) == 1:
            return self.labelled(parts[0].expand_dims({STACKED: len(parts)}))
        values = np.stack([part.values for part in parts])  # xarray would compare the labels once more
        return self.labelled(parts[0].expand_dims({STACKED: len(parts)}).copy(deep=False, data=values))

    def labelled(self, value: xr.DataArray) -> xr.DataArray:
        """Name the dim ``stacked``, along which the sources lie, and give it its labels."""
        if self.dim is None:
            return value
        names = {name: (self.dim, list(given)) for name, given in self._names()}
        return value.rename({STACKED: self.dim}).assign_coords(names)

    def _names(self) -> list[tuple[str, tuple[Any, ...]]]:
        assert self.dim is not None, "there are several"
        return [(self.dim, self.labels), *([("epoch", self.epochs)] if self.epochs else [])]


def _need_alike(first: Source, other: Source) -> None:
    if first.value.sizes != other.value.sizes:
        raise RequestError(
            f"{first.unit} is {dict(first.value.sizes)} but {other.unit} is {dict(other.value.sizes)}:"
            " only equal shapes can be laid on one another"
        )
    if not same_samples(first, other):
        raise RequestError(f"{first.unit} and {other.unit} hold different samples")


def same_samples(first: Source, other: Source) -> bool:
    """Tell whether two sources tell of the same samples, as far as they know which theirs are."""
    ids = [source.value.coords.get("id") for source in (first, other)]
    known = [each for each in ids if each is not None]
    return not known or (len(known) == 2 and known[0].variable.equals(known[1].variable))
