"""What stands in a file itself: nothing is followed out of it, wherever the file comes from.

HDF5 files can name others: by links, as the storage of a dataset's bytes (of any file of this machine), as
the sources of a virtual dataset. A store that somebody else has written could show what lies beside it.
"""

import h5py
from h5py import h5d, h5o, h5p

from inspectree.logger.errors import StoreError

FILTERS = {1: "deflate", 2: "shuffle", 3: "fletcher32", 32026: "Blosc2"}
"""What may have packed the values: HDF5 would load code for any other from the plugins of this machine."""


def dataset(group: h5py.Group, path: str) -> h5py.Dataset:
    """Return the dataset at a path, whose values are in this file.

    Raises
    ------
    StoreError
        When there is none, or its values are somewhere else or packed in another way.
    """
    found = node(group, path)
    if not isinstance(found, h5py.Dataset):
        raise StoreError(f"{_file(group)} is damaged: {path} is no dataset")
    stored = found.id.get_create_plist()
    if stored.get_external_count() or stored.get_layout() == h5d.VIRTUAL:
        raise StoreError(f"{_file(group)} is damaged: the values of {path} are in another file")
    for number in range(stored.get_nfilters()):
        if (code := stored.get_filter(number)[0]) not in FILTERS:
            known = ", ".join(FILTERS.values())
            raise StoreError(f"{_file(group)}: {path} is packed by the filter {code}, none of {known}")
    return found


def text(group: h5py.Group, path: str) -> bytes:
    """Return a text that is no longer than the file: gigabytes take a few bytes, packed or never written.

    Raises
    ------
    StoreError
        When there is none, or it is packed, or was never written.
    """
    found = dataset(group, path)
    if found.chunks is not None or found.shape or found.id.get_storage_size() < found.dtype.itemsize:
        raise StoreError(f"{_file(group)} is damaged: {path} is no plain text")
    return bytes(found[()])


def node(group: h5py.Group, path: str) -> h5py.Group | h5py.Dataset:
    """Return the group or dataset at a path; links lead only to what is in the same file.

    Raises
    ------
    StoreError
        When there is none.
    """
    try:
        found = h5o.open(group.id, path.encode(), lapl=_SAME_FILE)
    except (KeyError, RuntimeError, ValueError) as error:
        raise StoreError(f"{_file(group)} is damaged: {path}: {error}") from None
    return h5py.Dataset(found) if isinstance(found, h5d.DatasetID) else h5py.Group(found)


def _file(group: h5py.Group) -> str:
    return str(group.file.filename)


def _same_file() -> h5p.PropLAID:
    """Return how links are followed: other files by a driver that opens none by its plain name.

    Without this HDF5 opens whatever a link names, a pipe for one, on which it waits for ever.
    """
    files, links = h5p.create(h5p.FILE_ACCESS), h5p.create(h5p.LINK_ACCESS)
    files.set_fapl_family(1 << 20, h5p.DEFAULT)
    links.set_elink_fapl(files)
    return links


_SAME_FILE = _same_file()
