"""The catalogue of what one file holds, read without touching the values."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Literal

import h5py
import numpy as np
import xarray as xr
from xarray.core import indexing

from inspectree.logger.store import layout
from inspectree.logger.store.lazy import LazyDataset

Kind = Literal["weights", "activations", "class_means", "gradients", "mask", "prediction", "samples"]

PREDICTION = "y_prediction"


@dataclass(frozen=True)
class Entry:
    """One variable of a checkpoint, or one array of the samples.

    ``path`` is its address (``block/conv/kernel``), ``stored`` the dtype in the file, ``dtype`` the one that
    is read. ``classes`` are the indices of the classes that class means exist for.
    """

    path: str
    layer: str
    name: str
    kind: Kind
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str
    stored: str
    datasets: tuple[str, ...]
    classes: tuple[int, ...] = ()

    @property
    def nbytes(self) -> int:
        """Return the bytes of all values in the dtype that is read."""
        return prod(self.shape) * np.dtype(self.dtype).itemsize


def checkpoint_entries(file: h5py.File) -> dict[str, Entry]:
    """Return the variables of a checkpoint by their paths, layer by layer."""
    entries = [*_layers(file, "")]
    entries += _named(file[layout.SAMPLES], PREDICTION, "prediction")
    return {entry.path: entry for entry in entries}


def sample_entries(file: h5py.File) -> dict[str, Entry]:
    """Return the arrays of the samples by their names."""
    group = file[layout.SAMPLES]
    entries = [entry for name in group for entry in _named(group, name, "samples")]
    return {entry.path: entry for entry in entries}


def lazy_array(path: Path, kind: str, entry: Entry) -> xr.DataArray:
    """Return an entry as an array that is read when and where it is needed; without coordinates."""
    dataset = LazyDataset(
        path, kind, entry.datasets, entry.shape, entry.dtype, stacked=entry.kind == "class_means"
    )
    return xr.DataArray(xr.Variable(entry.dims, indexing.LazilyIndexedArray(dataset)), name=entry.name)


def _named(group: h5py.Group, name: str, kind: Kind) -> Iterator[Entry]:
    node = group.get(name)
    if isinstance(node, h5py.Dataset):
        yield _entry(node, layout.decode(name), "", name, kind)
    elif node is not None:
        for key in node:
            yield _entry(node[key], f"{name}/{key}", "", name, kind)


def _layers(group: h5py.Group, parent: str) -> Iterator[Entry]:
    for name in group.get(layout.LAYERS, ()):
        inner = group[layout.LAYERS][name]
        layer = f"{parent}{name}"
        yield from _layer(inner, layer)
        yield from _layers(inner, f"{layer}/")


def _layer(group: h5py.Group, layer: str) -> Iterator[Entry]:
    for name, dataset in group.get(layout.WEIGHTS, {}).items():
        yield _entry(dataset, f"{layer}/{name}", layer, layout.decode(name), "weights")
    for name in filter(layout.is_output, group):
        activations = _entry(group[name], f"{layer}/{name}", layer, layout.decode(name), "activations")
        shape, dims = group.attrs.get("activations_shape"), group.attrs.get("activations_dims")
        if shape is not None:
            activations = _reshaped(activations, group.name, tuple(json.loads(shape)), tuple(dims))
        yield activations
        means = layout.class_means_of(name)
        if group.get(means):
            yield _class_means(group[means], layout.decode(means), activations)
    for name, dataset in group.get(layout.GRADIENTS, {}).items():
        of = f"{layout.GRADIENTS}/{name}"
        yield _entry(
            dataset, f"{layer}/{of}", layer, f"{layout.GRADIENTS}/{layout.decode(name)}", "gradients"
        )
    if layout.MASK in group:
        yield _entry(group[layout.MASK], f"{layer}/{layout.MASK}", layer, layout.MASK, "mask")


def _entry(dataset: h5py.Dataset, path: str, layer: str, name: str, kind: Kind) -> Entry:
    text = h5py.check_string_dtype(dataset.dtype) is not None
    stored = "str" if text else dataset.dtype.name
    return Entry(
        path=path,
        layer=layer,
        name=name,
        kind=kind,
        dims=tuple(dataset.attrs["dims"]),
        shape=dataset.shape,
        dtype="object" if text else "float32" if stored == "float16" else stored,
        stored=str(dataset.attrs.get("dtype", stored)),
        datasets=(dataset.name,),
    )


def _reshaped(entry: Entry, group: str, shape: tuple[int, ...], dims: tuple[str, ...]) -> Entry:
    """Return the entry of a layer that links to its input's values."""
    return replace(entry, shape=shape, dims=dims, datasets=(f"{group}/{layout.ACTIVATIONS}",))


def _class_means(group: h5py.Group, name: str, activations: Entry) -> Entry:
    means = sorted(group.values(), key=lambda dataset: int(dataset.attrs["class"]))
    return Entry(
        path=f"{activations.layer}/{name}",
        layer=activations.layer,
        name=name,
        kind="class_means",
        dims=("class", *activations.dims[1:]),
        shape=(len(means), *activations.shape[1:]),
        dtype="float32",
        stored="float32",
        datasets=tuple(dataset.name for dataset in means),
        classes=tuple(int(dataset.attrs["class"]) for dataset in means),
    )
