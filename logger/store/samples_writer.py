"""Samples as datasets: inputs, labels, predictions, and what follows from the classes."""

from collections.abc import Mapping

import h5py
import numpy as np
from numpy.typing import NDArray

from inspectree.logger.store import layout
from inspectree.logger.store.hdf5 import write_array
from inspectree.logger.store.record import Array, Samples


def write_named(
    group: h5py.Group, name: str, arrays: Mapping[str, Array], dims: Mapping[str, tuple[str, ...]]
) -> None:
    """Write one array as a dataset, or several as a group of datasets by their names.

    ``dims`` are the axis names that are known; those that don't fit give way to general ones.
    """
    target = group if len(arrays) == 1 else group.create_group(name)
    for key, values in arrays.items():
        named = fitting_dims(values, dims.get(key, ()))
        write_array(target, name if target is group else key, values, named)


def fitting_dims(values: Array, dims: tuple[str, ...]) -> tuple[str, ...]:
    """Return ``dims`` where their number fits ``values`` (sample, …), else general axis names."""
    if len(dims) == values.ndim:
        return dims
    general = {1: ("sample",), 2: ("sample", "unit"), 4: ("sample", "y", "x", "channel")}
    return general.get(values.ndim, ("sample", *(f"dim_{axis}" for axis in range(1, values.ndim))))


def write_class_means(
    group: h5py.Group,
    name: str,
    means: Mapping[int, Array] | None,
    dims: tuple[str, ...],
    samples: Samples,
) -> None:
    """Write the mean (…) over the samples of each class, by its index; nothing where there are no classes."""
    if means is None or samples.classes is None:
        return
    target = group.create_group(layout.encode(name))
    counts = np.bincount(samples.classes[samples.classes >= 0], minlength=len(samples.class_names))
    for index, mean in means.items():
        attributes = {"class": index, "count": int(counts[index])}
        write_array(target, samples.class_names[index], mean, dims, **attributes)


def class_means(values: Array, classes: NDArray[np.int64]) -> dict[int, NDArray[np.float32]]:
    """Return the mean of ``values`` (sample, …) over each class that occurs, in float32."""
    with np.errstate(over="ignore", invalid="ignore"):
        return {
            int(index): values[classes == index].mean(axis=0, dtype=np.float64).astype(np.float32)
            for index in np.unique(classes[classes >= 0])
        }
