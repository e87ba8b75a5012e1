"""The catalogue of what one file holds, read without touching the values."""

import json
from collections.abc import Iterator, Mapping
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
Owner = Literal["checkpoint", "model"]

PREDICTION = "y_prediction"


@dataclass(frozen=True)
class Entry:
    """One variable of a checkpoint, or one array of the samples.

    ``path`` is its address (``block/conv/kernel``), ``stored`` the dtype in the file, ``dtype`` the one that
    is read. ``classes`` are the indices of the classes that class means exist for. ``of`` is the kind of the
    file that holds the ``datasets``: what is the same at every checkpoint is the model's.
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
    of: Owner = "checkpoint"

    @property
    def nbytes(self) -> int:
        """Return the bytes of all values in the dtype that is read."""
        return prod(self.shape) * np.dtype(self.dtype).itemsize


def checkpoint_entries(file: h5py.File, inputs: Mapping[str, Entry]) -> dict[str, Entry]:
    """Return the variables of a checkpoint by their paths, layer by layer; ``inputs`` are its model's."""
    linked = {f"{layout.layer_group(e.layer)}/{layout.encode(e.name)}": e for e in inputs.values()}
    entries = [*_layers(file, "", linked)]
    entries += _named(file[layout.SAMPLES], PREDICTION, "prediction")
    return {entry.path: entry for entry in entries}


def input_entries(file: h5py.File) -> dict[str, Entry]:
    """Return the variables of a model's input layers, which its file holds for all checkpoints."""
    return {entry.path: replace(entry, of="model") for entry in _layers(file, "", {})}


def sample_entries(file: h5py.File) -> dict[str, Entry]:
    """Return the arrays of the samples by their names."""
    group = file[layout.SAMPLES]
    entries = [entry for name in group for entry in _named(group, name, "samples")]
    if "id" not in {entry.path for entry in entries}:
        raise ValueError("its samples have no ids")
    return {entry.path: replace(entry, of="model") for entry in entries}


def lazy_array(path: Path, entry: Entry, coords: xr.Coordinates | None = None) -> xr.DataArray:
    """Return an entry of a file as an array that is read when and where it is needed."""
    stacked = entry.kind == "class_means"
    dataset = LazyDataset(path, entry.datasets, entry.shape, entry.dtype, stacked=stacked)
    variable = xr.Variable(entry.dims, indexing.LazilyIndexedArray(dataset))
    return xr.DataArray(variable, coords, name=entry.name)


def _named(group: h5py.Group, name: str, kind: Kind) -> Iterator[Entry]:
    node = group.get(name)
    if isinstance(node, h5py.Dataset):
        yield _entry(node, layout.decode(name), "", name, kind)
    elif node is not None:
        for key in node:
            yield _entry(node[key], f"{name}/{key}", "", name, kind)


def _layers(group: h5py.Group, parent: str, linked: Mapping[str, Entry]) -> Iterator[Entry]:
    layers = group.get(layout.LAYERS, {})
    for name in layers:
        layer = f"{parent}{name}"
        if _link_type(layers, name) == h5py.h5l.TYPE_EXTERNAL:
            yield from (entry for entry in linked.values() if entry.layer == layer)
            continue
        yield from _layer(layers[name], layer, linked)
        yield from _layers(layers[name], f"{layer}/", linked)


def _layer(group: h5py.Group, layer: str, linked: Mapping[str, Entry]) -> Iterator[Entry]:
    for name, dataset in group.get(layout.WEIGHTS, {}).items():
        yield _entry(dataset, f"{layer}/{name}", layer, layout.decode(name), "weights")
    for name in filter(layout.is_output, group):
        yield from _output(group, name, layer, linked)
    for name, dataset in group.get(layout.GRADIENTS, {}).items():
        of = f"{layout.GRADIENTS}/{name}"
        yield _entry(
            dataset, f"{layer}/{of}", layer, f"{layout.GRADIENTS}/{layout.decode(name)}", "gradients"
        )
    if layout.MASK in group:
        yield _entry(group[layout.MASK], f"{layer}/{layout.MASK}", layer, layout.MASK, "mask")


def _output(group: h5py.Group, name: str, layer: str, linked: Mapping[str, Entry]) -> Iterator[Entry]:
    """Yield a layer's output and its class means; both may be links to a layer before it."""
    source = _target(group, name, linked)
    path, own = f"{layer}/{name}", layout.decode(name)
    if source is None:
        output = _entry(group[name], path, layer, own, "activations")
    else:
        output = replace(source, path=path, layer=layer, name=own)
    shape, dims = group.attrs.get("activations_shape"), group.attrs.get("activations_dims")
    if shape is not None:
        output = replace(output, shape=tuple(json.loads(shape)), dims=tuple(dims))
    yield output
    means = layout.class_means_of(name)
    if (source := _target(group, means, linked)) is not None:
        yield replace(
            source,
            path=f"{layer}/{means}",
            layer=layer,
            name=layout.decode(means),
            shape=(len(source.classes), *output.shape[1:]),
            dims=("class", *output.dims[1:]),
        )
    elif group.get(means):
        yield _class_means(group[means], layout.decode(means), output)


def _target(group: h5py.Group, name: str, linked: Mapping[str, Entry]) -> Entry | None:
    """Return which of the model's inputs a link leads to; None where it is another one, or no link."""
    if _link_type(group, name) != h5py.h5l.TYPE_SOFT:
        return None
    return linked.get(group.id.links.get_val(name.encode()).decode())


def _link_type(group: h5py.Group, name: str) -> int | None:
    """Return the type of a link, also of one that leads nowhere, for which h5py's own way has none."""
    links = group.id.links
    return links.get_info(name.encode()).type if links.exists(name.encode()) else None


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
