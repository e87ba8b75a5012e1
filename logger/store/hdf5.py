"""How arrays become datasets: chunks, compression, axis names, precision."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import h5py
import hdf5plugin
import numpy as np
from numpy.typing import NDArray

from inspectree.logger.store import layout
from inspectree.logger.store.jsontext import dumps
from inspectree.logger.store.record import Array

CHUNK_BYTES = 128 * 1024
FEATURE_DIMS = ("channel", "unit")
FOREIGN = ("bfloat16", "float8", "float4")


@contextmanager
def in_memory(path: Path, source: Path | None = None) -> Iterator[h5py.File]:
    """Yield an HDF5 file, empty or as ``source`` is; write it to ``path`` when the block has succeeded.

    HDF5 itself must not meet a full disk: after an error in writing it brings the process down at its end.
    """
    memory = BytesIO() if source is None else BytesIO(source.read_bytes())
    with h5py.File(memory, "w" if source is None else "r+") as file:
        yield file
    path.write_bytes(memory.getbuffer())


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
    group: h5py.Group, name: str, values: Array, dims: Sequence[str], precision: str, **attributes: Any
) -> h5py.Dataset:
    """Write ``values`` rounded to ``precision`` where its range allows, and what was done."""
    stored: NDArray[Any] = _rounded(values, np.dtype(precision))
    rounded = stored.dtype != values.dtype
    return write_array(
        group,
        name,
        stored,
        dims,
        precision=stored.dtype.name,
        captured=values.dtype.name,
        relative_error=float(np.finfo(stored.dtype).eps) / 2 if rounded else 0.0,
        **attributes,
    )


def set_attributes(node: h5py.HLObject, attributes: dict[str, Any]) -> None:
    """Set attributes; what HDF5 has no type for becomes JSON text."""
    for name, value in attributes.items():
        node.attrs[name] = dumps(value) if isinstance(value, (dict, tuple)) else value


def _rounded(values: Array, target: np.dtype[Any]) -> Array:
    """Return values in the first of ``target`` and float32 whose range they fit, else as they are."""
    if values.dtype.kind != "f":
        return values
    for dtype in (target, np.dtype(np.float32)):
        if dtype.itemsize < values.dtype.itemsize and _fits(values, dtype):
            return values.astype(dtype)
    return values


def _fits(values: NDArray[Any], dtype: np.dtype[Any]) -> bool:
    """Tell whether no finite value is too large for ``dtype``, and not most of those but 0 are too small."""
    return _largest(values) <= float(np.finfo(dtype).max) and not _mostly_subnormal(values, dtype)


def _largest(values: NDArray[Any]) -> float:
    """Return the largest finite magnitude; NaN and infinities survive any rounding."""
    with np.errstate(invalid="ignore"):
        largest = max(-float(np.nanmin(values, initial=0)), float(np.nanmax(values, initial=0)))
    if np.isfinite(largest):
        return largest
    return float(np.abs(values[np.isfinite(values)]).max(initial=0))


def _mostly_subnormal(values: NDArray[Any], dtype: np.dtype[Any]) -> bool:
    """Tell whether ``dtype`` would lose digits, or all, of more than half of the finite values but 0."""
    least = float(np.finfo(dtype).smallest_normal)
    nonzero = int(np.count_nonzero(values))
    small = int(np.count_nonzero((values < least) & (values > -least))) - (values.size - nonzero)
    if small == 0:
        return False
    return 2 * small > nonzero - int(np.count_nonzero(~np.isfinite(values)))


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
    chunks[feature] = max(1, min(chunks[feature], CHUNK_BYTES // max(rest, 1)))
    return tuple(chunks)
