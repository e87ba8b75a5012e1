"""What stands before the application: who may ask, how much, and what browsers may do with the answers."""

from fastapi import FastAPI

from inspectree.server.api.body import BodyLimit
from inspectree.server.api.guard import Guard
from inspectree.server.api.headers import Headers
from inspectree.server.limits import Limits


def secure(app: FastAPI, hosts: frozenset[str] | None, token: str | None, limits: Limits) -> None:
    """Protect an application; ``hosts`` are the names under which it may be addressed, None for any."""
    app.add_middleware(BodyLimit, limits=limits)
    app.add_middleware(Guard, hosts=hosts, token=token)
    app.add_middleware(Headers)  # added last it is the first, and stands before refusals, too
