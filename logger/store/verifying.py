"""Reads a model's files to the last value, and says what is not as it should be."""

import json
import zipfile
from collections.abc import Iterator
from math import prod
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from inspectree.logger.architecture.model_graph import ModelGraph
from inspectree.logger.errors import StoreError
from inspectree.logger.statistics import Statistics
from inspectree.logger.store import digest, layout
from inspectree.logger.store.catalogue import Catalogue, of_checkpoint, of_model
from inspectree.logger.store.checkpoint_reader import CheckpointReader
from inspectree.logger.store.entries import Entry
from inspectree.logger.store.history import FIRST_LINE, fault, whole_lines
from inspectree.logger.store.jsontext import dumps
from inspectree.logger.store.opening import opened, reading, refuse_newer
from inspectree.logger.store.reader import ModelReader
from inspectree.logger.store.summary import Summary


def verify_model(folder: Path) -> ModelReader:
    """Read everything in ``model.h5``; return its reader.

    Raises
    ------
    StoreError
        When it is damaged; like all functions here, in one line that names the file.
    """
    path = folder / layout.MODEL_FILE
    model = ModelReader(folder)
    if not model.head.outline.fits(model.graph):
        raise StoreError(f"{path} is damaged: its outline tells something else than its architecture")
    _ = model.vocabulary
    with opened(path, "model") as file:
        _verify_values(file)
        _verify_catalogue(path, model.inputs, of_model(file))
        counts = {entry.path: entry.shape[0] for entry in model.samples().values()}
        if len(set(counts.values())) > 1:
            told = ", ".join(f"{name} {count}" for name, count in counts.items())
            raise StoreError(f"{path} is damaged: its samples differ in their number: {told}")
    digest.verified(path)  # last: the others tell what is wrong
    return model


def verify_checkpoint(model: ModelReader, path: Path) -> None:
    """Read everything in a checkpoint, and compare it with the architecture and with its own statistics."""
    checkpoint = CheckpointReader(path, model)
    if f"{checkpoint.number:06d}" != path.name.split(".")[0]:
        raise StoreError(f"{path} is damaged: it says that it is checkpoint {checkpoint.number}")
    with opened(path, "checkpoint") as file:
        _verify_values(file)
        found = of_checkpoint(file, model.inputs)
        for entry in found.entries.values():
            _verify_architecture(path, entry, model.graph)
            if entry.of == "checkpoint":
                _verify_sizes(file, path, entry)
        _verify_catalogue(path, checkpoint.catalogue, found)
    _verify_labels(checkpoint)
    digest.verified(path)


def verify_history(path: Path) -> None:
    """Read every line of a history; one that is still being written doesn't count."""
    for number, line in enumerate(whole_lines(path), 1):
        if (what := fault(line, number)) is not None:
            raise StoreError(f"{path} is damaged: line {number}: {what}")
        if number == 1:
            refuse_newer(path, json.loads(line)["version"])


def sound_history(path: Path) -> bytes:
    """Return a history without the lines that cannot be read."""
    lines = enumerate(whole_lines(path), 1)
    first = (dumps(FIRST_LINE) + "\n").encode()
    sound = [line for number, line in lines if number > 1 and fault(line, number) is None]
    return b"".join([first, *sound])


def verify_saved(path: Path) -> None:
    """Read everything in a saved model, which is a zip archive with checksums."""
    with reading(path), zipfile.ZipFile(path) as archive:
        if (name := archive.testzip()) is not None:
            raise StoreError(f"{path} is damaged: {name} in it does not have its checksum")


def _verify_catalogue(path: Path, told: Catalogue, found: Catalogue) -> None:
    """Compare what a file says that it holds with what it holds."""
    if told.entries != found.entries:
        both = told.entries.keys() | found.entries.keys()
        wrong = next(name for name in sorted(both) if told.entries.get(name) != found.entries.get(name))
        raise StoreError(f"{path} is damaged: its catalogue tells something else of {wrong}")
    if _records(told) != _records(found):
        raise StoreError(f"{path} is damaged: its catalogue tells other statistics")


def _records(catalogue: Catalogue) -> dict[str, bytes]:
    """Return the descriptors as they are stored: what is not defined is NaN in both."""
    return {path: catalogue.statistics[path].as_record().tobytes() for path in catalogue.statistics}


def _verify_architecture(path: Path, entry: Entry, graph: ModelGraph) -> None:
    """Compare a variable with what the architecture says of it."""
    if entry.kind not in {"weights", "activations"}:
        return
    node = graph.by_id.get(entry.layer)
    if node is None:
        raise StoreError(f"{path} is damaged: the architecture has no layer {entry.layer}")
    if entry.kind == "weights":
        shapes = {variable.name: variable.shape for variable in node.variables}
        if entry.name not in shapes:
            raise StoreError(f"{path} is damaged: the architecture has no variable {entry.path}")
        if entry.shape != shapes[entry.name]:
            raise StoreError(
                f"{path} is damaged: {entry.path} has the shape {entry.shape}, "
                f"in the architecture {shapes[entry.name]}"
            )


def _verify_sizes(file: h5py.File, path: Path, entry: Entry) -> None:
    """See that datasets and links hold as many values as the catalogue tells."""
    shape = entry.shape[1:] if entry.kind == "class_means" else entry.shape
    for name in entry.datasets:
        if (size := int(prod(file[name].shape))) != prod(shape):
            raise StoreError(f"{path} is damaged: {name} holds {size} values instead of {prod(shape)}")


def _verify_labels(checkpoint: CheckpointReader) -> None:
    """Read the coordinates: those along the samples once, for all variables have the same."""
    labelled = {
        entry.dims if "class" in entry.dims else "sample": entry.path
        for entry in checkpoint.entries.values()
        if {"class", "sample"} & set(entry.dims)
    }
    for path in labelled.values():
        checkpoint.lazy(path)


def _verify_values(group: h5py.Group) -> None:
    """Read all values of a file, those behind links excepted: links only have to lead somewhere."""
    for name in group:
        link = group.get(name, getlink=True)
        if not isinstance(link, h5py.HardLink):
            _verify_link(group, name, getattr(link, "filename", "") + link.path)
        elif isinstance(node := group[name], h5py.Group):
            _verify_values(node)
        else:
            _verify_dataset(node)


def _verify_link(group: h5py.Group, name: str, target: str) -> None:
    """See that a link has a target; class means and statistics need none: the layer may have none."""
    if name == layout.CLASS_MEANS or _last(group.name) == layout.STATISTICS:
        return
    try:
        _ = group[name]
    except (KeyError, OSError):
        where = f"{group.file.filename} is damaged: {group.name.rstrip('/')}/{name}"
        raise StoreError(f"{where} is a link to {target}, which is not there") from None


def _verify_dataset(dataset: h5py.Dataset) -> None:
    """Read a dataset piece by piece, and compare it with its statistics where it has some."""
    path = dataset.file.filename
    if dataset.chunks is None and dataset.nbytes > Path(path).stat().st_size:
        raise StoreError(f"{path} is damaged: {dataset.name} is larger than the file")
    if "dims" in dataset.attrs and len(dataset.attrs["dims"]) != dataset.ndim:
        raise StoreError(f"{path} is damaged: {dataset.name} has {dataset.ndim} axes with other names")
    summary = Summary()
    for piece in _pieces(dataset):
        if dataset.dtype.kind in "biuf":
            summary.add(piece)
    told = _statistics(dataset)
    if told is not None and (differing := summary.differing(told)):
        raise StoreError(f"{path} is damaged: {dataset.name} was written with another {differing}")


def _pieces(dataset: h5py.Dataset) -> Iterator[Any]:
    if dataset.chunks is None or dataset.dtype.kind not in "biuf":
        yield np.asarray(dataset[()])
    else:
        yield from (np.asarray(dataset[chunk]) for chunk in dataset.iter_chunks())


def _statistics(dataset: h5py.Dataset) -> Statistics | None:
    """Return the statistics that were written with a layer's variable."""
    group, name = dataset.parent, _last(dataset.name)
    if _last(group.name) == layout.WEIGHTS:
        group = group.parent
    elif _last(group.name) == layout.GRADIENTS:
        group, name = group.parent, f"{layout.GRADIENTS}/{name}"
    elif not layout.is_output(name):
        return None
    node = f"{layout.STATISTICS}/{name}"
    return Statistics.from_record(group[node][()]) if node in group else None


def _last(path: str) -> str:
    return path.rpartition("/")[2]
