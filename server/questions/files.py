"""What files say before a store knows of them."""

from collections.abc import Sequence
from pathlib import Path

from inspectree.logger.errors import StoreError
from inspectree.logger.store.reader import ModelReader
from inspectree.server.files import Here
from inspectree.server.questions.body import Body
from inspectree.server.questions.context import Context


def heads(_: Context, *, folders: Sequence[str]) -> Body:
    """Return what the models' files say, or why one cannot be read."""
    found = Here().heads([Path(folder) for folder in folders])
    return Body.of([{"fault": str(head)} if isinstance(head, StoreError) else head for head in found])


def moment(_: Context, *, folder: str, number: int) -> Body:
    """Return when a checkpoint was taken, and the metrics then."""
    return Body.of(Here().moment(ModelReader(folder), number))
