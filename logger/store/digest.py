"""The digest of a file, in the file itself: any bit that changes afterwards is found."""

from hashlib import sha256
from pathlib import Path

from inspectree.logger.errors import StoreError

SIZE = 512
"""Bytes of the user block before the HDF5 data, which HDF5 leaves to those who write the file."""

_TEXT = "inspectree sha256 {}\n"


def sealed(content: memoryview) -> None:
    """Write the digest of a file's content into its user block."""
    content[:SIZE] = _block(content)


def verified(path: Path) -> bytes:
    """Return a file's content, compared with its digest.

    Raises
    ------
    StoreError
        When it has changed since it was written, or was written without a digest.
    """
    content = path.read_bytes()
    if content[:SIZE] != _block(memoryview(content)):
        raise StoreError(f"{path} is damaged: it does not have its checksum")
    return content


def _block(content: memoryview) -> bytes:
    return _TEXT.format(sha256(content[SIZE:]).hexdigest()).encode().ljust(SIZE, b"\0")
