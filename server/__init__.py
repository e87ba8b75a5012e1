"""Reads stores: labelled values, the grammar, interestingness, search, REST and the command line."""

from inspectree.server.store import Store, open_store

__all__ = ["Store", "open_store"]
