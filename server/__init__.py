"""Reads stores: labelled values, the grammar, interestingness, search, REST and the command line.

Importing this loads nothing else; what reads stores is loaded when it is used for the first time.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspectree.server.store import Store, open_store

__all__ = ["Store", "open_store"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from inspectree.server import store

        return getattr(store, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
