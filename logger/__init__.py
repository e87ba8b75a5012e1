"""Log what a model learns: one callback, open files.

Importing this loads no framework; Keras is loaded when `TreeLogger` is used for the first time.
"""

from typing import TYPE_CHECKING, Any

from inspectree.logger.errors import HeaderError, InspectreeError, SamplesError, StoreError
from inspectree.logger.header import Header
from inspectree.logger.schedule import Every

if TYPE_CHECKING:
    from inspectree.logger.callback import TreeLogger

__all__ = ["Every", "Header", "HeaderError", "InspectreeError", "SamplesError", "StoreError", "TreeLogger"]


def __getattr__(name: str) -> Any:
    if name == "TreeLogger":
        from inspectree.logger.callback import TreeLogger

        return TreeLogger
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
