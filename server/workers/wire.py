"""What the server and its workers say to each other: JSON and bytes, nothing that is executed."""

from collections.abc import Iterator
from typing import Any

from inspectree.logger.errors import InspectreeError
from inspectree.server.errors import LimitError

CRASHED = "cannot be read: it brings the process down that reads it"


class WorkerError(Exception):
    """A mistake of ours in a worker; its text is the traceback there."""


def told(error: BaseException) -> dict[str, Any]:
    """Return an error of ours as JSON."""
    if isinstance(error, MemoryError):
        error = LimitError("there is not enough memory for this (limit 'held'): select less first")
    members = {name: getattr(error, name) for name in ("unit", "step") if hasattr(error, name)}
    return {"error": type(error).__name__, "message": str(error), "members": members}


def raised(known: dict[str, Any]) -> InspectreeError:
    """Return the error that `told` was given."""
    kind = _kinds().get(known["error"], InspectreeError)
    error = kind.__new__(kind)
    Exception.__init__(error, known["message"])
    for name, value in known["members"].items():
        setattr(error, name, value)
    return error


def _kinds() -> dict[str, type[InspectreeError]]:
    return {kind.__name__: kind for kind in _below(InspectreeError)}


def _below(kind: type[InspectreeError]) -> Iterator[type[InspectreeError]]:
    yield kind
    for inner in kind.__subclasses__():
        yield from _below(inner)
