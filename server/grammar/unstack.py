"""Making several dims of one."""

from collections.abc import Mapping
from math import prod
from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import Field, model_validator
from typing_extensions import override

from inspectree.server.errors import PipelineError
from inspectree.server.grammar.base import Spec, Step, spec_like
from inspectree.server.grammar.groups import labels_of


class Unstack(Step):
    """Make several dims of one, which goes with its coordinates: by their sizes, or by coordinates along it.

    By sizes it undoes `flatten`. By coordinates each of them becomes a dim with its labels; combinations of
    labels that don't occur are NaN, and none may occur twice. The new dims come last.
    """

    family: ClassVar[str] = "reshape"
    example: ClassVar[Mapping[str, Any]] = {
        "op": "unstack", "dim": "channel", "sizes": {"row": 2, "column": 2},
    }  # fmt: skip

    op: Literal["unstack"] = "unstack"
    dim: Annotated[str, Field(description="dim that goes")]
    sizes: Annotated[
        Mapping[str, Annotated[int, Field(ge=1)]] | None,
        Field(description="the new dims' sizes, the last runs fastest; they multiply to the old one"),
    ] = None
    by: Annotated[tuple[str, ...], Field(description="instead of sizes: coordinates along the dim")] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.sizes) == bool(self.by):
            raise ValueError("name either the new dims' 'sizes' or the coordinates ('by') that become dims")
        return self

    @override
    def check(self, spec: Spec) -> Spec:
        spec.need_dims([self.dim])
        kept = {dim: size for dim, size in spec.sizes.items() if dim != self.dim}
        new = dict(self.sizes) if self.sizes else self._by(spec)
        for name in new:
            if name in kept or (name in spec.coords and self.dim not in spec.coords[name]):
                raise PipelineError(f"{name!r} is there already; rename it first")
        if self.sizes and prod(new.values()) != spec.sizes[self.dim]:
            product = " × ".join(map(str, new.values()))
            raise PipelineError(f"{product} is not {spec.sizes[self.dim]}, the size of {self.dim!r}")
        rest = spec.without_coords(name for name, along in spec.coords.items() if self.dim in along)
        numbers = spec.dtype if self.sizes or spec.dtype.kind == "f" else np.float64
        return spec_like(rest, {**kept, **new}, numbers, coords=self.by)

    def _by(self, spec: Spec) -> dict[str, int]:
        spec.need_numbers()
        for name in self.by:
            if spec.need_coord(name) != self.dim:
                raise PipelineError(f"coordinate {name!r} does not lie along {self.dim!r}")
        if len(set(self.by)) != len(self.by):
            raise PipelineError(f"a coordinate is named twice: {', '.join(self.by)}")
        size = spec.sizes[self.dim]
        return {name: min(size, spec.labels.get(name, size)) for name in self.by}

    @override
    def __call__(self, value: xr.DataArray) -> xr.DataArray:
        last = value.transpose(..., self.dim)
        known = {name: coord for name, coord in value.coords.items() if self.dim not in coord.dims}
        if self.sizes:
            values = last.values.reshape(*last.shape[:-1], *self.sizes.values())
            return xr.DataArray(values, known, [*last.dims[:-1], *self.sizes], value.name)
        labels = {name: labels_of(value[name]) for name in self.by}
        values = self._spread(value, last.values, labels)
        indexes = {name: pd.Index(known_, name=name) for name, known_ in labels.items()}
        return xr.DataArray(values, {**known, **indexes}, [*last.dims[:-1], *self.by], value.name)

    def _spread(self, value: xr.DataArray, last: np.ndarray[Any, Any], labels: dict[str, list[Any]]) -> Any:
        """Put each position (…, position) where its labels are (…, label, …)."""
        places = np.array([_codes(value[name].values, labels[name]) for name in self.by])
        labelled = (places >= 0).all(axis=0)
        shape = tuple(map(len, labels.values()))
        targets = (
            np.ravel_multi_index(tuple(places[:, labelled]), shape) if prod(shape) else np.array([], int)
        )
        if len(np.unique(targets)) < len(targets):
            raise PipelineError(f"several positions share their {' and '.join(self.by)}: unstack by more")
        dtype = last.dtype if last.dtype.kind == "f" else np.dtype(np.float64)
        spread = np.full((*last.shape[:-1], prod(shape)), np.nan, dtype)
        spread[..., targets] = last[..., labelled]
        return spread.reshape(*last.shape[:-1], *shape)


def _codes(values: Any, labels: list[Any]) -> list[int]:
    """Return the number of each value's label, −1 for none."""
    numbers = {label: number for number, label in enumerate(labels)}
    return [numbers.get(value, -1) for value in values.tolist()]
