"""Opening a file of a store, and saying clearly why that cannot be done."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import hdf5plugin  # noqa: F401 - importing it registers the Blosc2 filter

from inspectree.logger.errors import InspectreeError, NewerVersionError, StoreError, one_line, reason_of
from inspectree.logger.store import layout


@contextmanager
def opened(path: Path, kind: str | None) -> Iterator[h5py.File]:
    """Open a complete file of the given kind for reading; None stands for one that is known already.

    Files never change once they have their name, so no lock is taken: several processes may read,
    also from a read-only or network disk.

    Raises
    ------
    StoreError
        When it is missing, damaged, of another kind, or of a newer major version.
    """
    if path.exists() and not path.is_file():  # a pipe, on which opening would wait for ever
        raise StoreError(f"{path} is no file")
    try:
        file = h5py.File(path, "r", locking=False)
    except FileNotFoundError:
        raise StoreError(f"{path} does not exist") from None
    except OSError as error:
        raise StoreError(f"{path} cannot be read as an HDF5 file: {reason_of(error)}") from None
    with file, reading(path):
        if kind is not None:
            _check(file, path, kind)
        yield file


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Say of what goes wrong inside that the file at ``path`` is damaged, in one line.

    An index that is out of range is the caller's fault, and no memory nobody's.
    """
    try:
        yield
    except (InspectreeError, IndexError, MemoryError):
        raise
    except Exception as error:  # HDF5 answers damage with almost any error
        raise StoreError(f"{path} is damaged: {one_line(error)}") from None


def _check(file: h5py.File, path: Path, kind: str) -> None:
    found, version = file.attrs.get("kind"), file.attrs.get("version")
    if found is None or version is None:
        raise StoreError(f"{path} was not written by inspectree: it does not say its kind and version")
    if found != kind:
        raise StoreError(f"{path} is a {found} file, not a {kind} file")
    refuse_newer(path, version)


def refuse_newer(path: Path, version: str) -> None:
    """Say which version of the format would be needed, where it is newer than this one."""
    if int(version.split(".")[0]) > layout.FORMAT_MAJOR:
        raise NewerVersionError(
            f"{path} has format version {version}, this inspectree reads up to {layout.FORMAT_MAJOR}.x"
        )
