"""From what a header calls its parents to their ids."""

import difflib
from pathlib import Path

from inspectree.logger.errors import HeaderError, StoreError
from inspectree.logger.header import Header
from inspectree.logger.store import layout
from inspectree.logger.store.reader import read_header

SHORTEST_PREFIX = 4
MOST_LISTED = 5


def headers(store: Path) -> list[Header]:
    """Return the headers of all readable models in ``store``."""
    found = []
    for folder in sorted((store / layout.MODELS).glob("[!.]*")):
        try:
            found.append(read_header(folder))
        except StoreError:
            continue  # a model that is being created, or damaged: `inspectree check` tells
    return found


def resolve_parents(store: Path, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return the full ids of parents that are given as ids, id prefixes or unique names.

    Raises
    ------
    HeaderError
        When a parent is not in the store, its name or prefix fits several models, or it is given twice.
    """
    known = headers(store) if wanted else []
    found: dict[str, str] = {}
    for parent in wanted:
        id_ = _resolve(store, parent, known)
        if id_ in found:
            raise HeaderError(f"parent {parent!r} is the same model as {found[id_]!r}")
        found[id_] = parent
    return tuple(found)


def _resolve(store: Path, parent: str, known: list[Header]) -> str:
    fitting = [header for header in known if header.id == parent] or [
        header for header in known if header.name == parent
    ]
    if not fitting and len(parent) >= SHORTEST_PREFIX:
        fitting = [header for header in known if header.id.startswith(parent)]
    if len(fitting) == 1:
        return fitting[0].id
    if fitting:
        ids = ", ".join(header.short_id for header in fitting)
        raise HeaderError(
            f"parent {parent!r} fits {len(fitting)} models of {store}: say which by its id ({ids})"
        )
    if not known:
        raise HeaderError(f"parent {parent!r} does not exist: {store} holds no models yet")
    names = [name for header in known for name in (header.name, header.short_id)]
    near = difflib.get_close_matches(parent, names, n=3, cutoff=0.4)
    told = f"the nearest are {', '.join(near)}" if near else f"it holds {_listed(known)}"
    raise HeaderError(f"parent {parent!r} does not exist in {store}; {told}")


def _listed(known: list[Header]) -> str:
    more = f" and {len(known) - MOST_LISTED} more" if len(known) > MOST_LISTED else ""
    return ", ".join(header.name for header in known[:MOST_LISTED]) + more
