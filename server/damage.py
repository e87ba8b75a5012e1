"""Whatever a damaged file does to its reader, said in one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inspectree.logger.errors import InspectreeError, StoreError


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn every error that is not clear yet into a `StoreError` that names the file."""
    try:
        yield
    except InspectreeError:
        raise
    except Exception as error:  # HDF5 answers damage with almost any error
        text = " ".join(str(error).split())
        raise StoreError(f"{path} is damaged: {type(error).__name__}: {text}") from error
