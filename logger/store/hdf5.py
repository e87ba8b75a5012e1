"""How arrays become datasets: chunks, compression, axis names, precision."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin
import numpy as np
from numpy.typing import NDArray

from inspectree.logger.rounding import rounded
from inspectree.logger.store import digest, layout
from inspectree.logger.store.jsontext import dumps
from inspectree.logger.store.record import Array

os.environ.setdefault("BLOSC_NTHREADS", "1")  # the training has use for the other cores

CHUNK_BYTES = 512 * 1024
"""Large enough for a chunk to be gathered quickly, small enough to read one unit without many others."""

FEATURE_DIMS = ("channel", "unit")
FOREIGN = ("bfloat16", "float8", "float4")


@contextmanager
def in_memory(path: Path, source: Path | None = None) -> Iterator[h5py.File]:
    """Yield an HDF5 file, empty or as ``source`` is; write it to ``path`` when the block has succeeded.

    HDF5 itself must not meet a full disk: after an error in writing it brings the process down at its end.

    Raises
    ------
    StoreError
        When ``source`` is damaged: what is written would have a digest as if it were sound.
    """
    memory = BytesIO() if source is None else BytesIO(digest.verified(source))
    with h5py.File(memory, "r+") if source else h5py.File(memory, "w", userblock_size=digest.SIZE) as file:
        yield file
    with memory.getbuffer() as content:
        digest.sealed(content)
        path.write_bytes(content)


def write_array(
    group: h5py.Group, name: str, values: Array, dims: Sequence[str], **attributes: Any
) -> h5py.Dataset:
    """Write ``values`` as a dataset with its axis names; dtypes that HDF5 lacks are stored as float32."""
    attributes.setdefault("dims", list(dims))
    if values.dtype.name.startswith(FOREIGN):
        attributes.setdefault("dtype", values.dtype.name)
        values = values.astype(np.float32)
    if values.dtype.kind in "SU":
        values = values.astype(h5py.string_dtype())
    dataset = group.create_dataset(layout.encode(name), data=values, **_storage(values, dims))
    set_attributes(dataset, attributes)
    return dataset


def write_rounded(
    group: h5py.Group,
    name: str,
    values: Array,
    dims: Sequence[str],
    precision: str,
    captured: str | None = None,
    **attributes: Any,
) -> Array:
    """Write ``values`` rounded to ``precision`` where its range allows, and what was done; return them so.

    ``captured`` is their dtype before, where they are rounded already.
    """
    stored: NDArray[Any] = rounded(values, precision)
    before = captured or values.dtype.name
    exact = before == stored.dtype.name or before.startswith(FOREIGN)  # these have fewer digits than float16
    write_array(
        group,
        name,
        stored,
        dims,
        precision=stored.dtype.name,
        captured=before,
        relative_error=0.0 if exact else float(np.finfo(stored.dtype).eps) / 2,
        **attributes,
    )
    return stored


def set_attributes(node: h5py.HLObject, attributes: dict[str, Any]) -> None:
    """Set attributes; what HDF5 has no type for becomes JSON text."""
    for name, value in attributes.items():
        node.attrs[name] = dumps(value) if isinstance(value, (dict, tuple)) else value


def _storage(values: Array, dims: Sequence[str]) -> dict[str, Any]:
    if values.nbytes < layout.COMPRESS_FROM or values.dtype.kind not in "biuf":
        return {}
    compression = hdf5plugin.Blosc2(cname="zstd", clevel=1, filters=hdf5plugin.Blosc2.SHUFFLE)
    return {"chunks": _chunks(values, dims), **compression}


def _chunks(values: Array, dims: Sequence[str]) -> tuple[int, ...] | bool:
    """Return chunks that hold a few features for many samples: one unit is read without the others."""
    if "sample" not in dims or values.ndim < 2:
        return True
    feature = next((axis for axis, dim in enumerate(dims) if dim in FEATURE_DIMS), values.ndim - 1)
    chunks = list(values.shape)
    if values.ndim > 2:
        chunks[0] = min(layout.SAMPLES_PER_CHUNK, chunks[0])
    rest = int(np.prod(chunks)) // chunks[feature] * values.dtype.itemsize
    chunks[feature] = max(1, min(chunks[feature], _power_of_two(CHUNK_BYTES // max(rest, 1))))
    return tuple(chunks)


def _power_of_two(at_most: int) -> int:
    """Return the largest power of two: the number of channels mostly is one, and all chunks are full then."""
    return 1 << (max(1, at_most).bit_length() - 1)
