"""Who reads a store's own files: this process, or others for it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from inspectree.logger.errors import StoreError
from inspectree.logger.store.head import Head
from inspectree.logger.store.layout import MODEL_FILE
from inspectree.logger.store.opening import reading
from inspectree.logger.store.reader import ModelReader

Moment = tuple[int, int, int, str, dict[str, float]]
"""Number, step, epoch, time and metrics of a checkpoint."""


class Files(Protocol):
    """Reads what HDF5 files say; which may be damaged, or made to harm whoever reads them."""

    def heads(self, folders: Sequence[Path]) -> list[Head | StoreError]:
        """Return what the models' files say, or why they cannot be read."""

    def moment(self, model: ModelReader, number: int) -> Moment:
        """Return when a checkpoint was taken, and the metrics then.

        Raises
        ------
        StoreError
            When it cannot be read.
        """


class Here:
    """Reads files in this process."""

    def heads(self, folders: Sequence[Path]) -> list[Head | StoreError]:
        """Return what the models' files say, or why they cannot be read."""
        return [_head(folder) for folder in folders]

    def moment(self, model: ModelReader, number: int) -> Moment:
        """Return when a checkpoint was taken, and the metrics then."""
        checkpoint = model.checkpoint(number)
        return number, checkpoint.step, checkpoint.epoch, checkpoint.time, checkpoint.metrics


def _head(folder: Path) -> Head | StoreError:
    try:
        with reading(folder / MODEL_FILE):
            return Head.read(folder)
    except StoreError as error:
        return error
