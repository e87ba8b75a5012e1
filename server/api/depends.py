"""What routes ask for: the running server's parts."""

from typing import Annotated, cast

from fastapi import Depends, Request

from inspectree.server.model import Model
from inspectree.server.service import Service
from inspectree.server.store import Store
from inspectree.server.watch import Watcher

LOADING = 120
"""Seconds that looking at a store may take before whoever asks is told so."""


def service(request: Request) -> Service:
    """Return what this server works with."""
    return cast("Service", request.app.state.service)


def store(service: Annotated[Service, Depends(service)]) -> Store:
    """Return the store that is served, when it has been looked at."""
    service.store.wait(LOADING)
    return service.store


def loaded(service: Annotated[Service, Depends(service)], _: Annotated[Store, Depends(store)]) -> Service:
    """Return what this server works with, when its store has been looked at."""
    return service


def watcher(request: Request) -> Watcher:
    """Return what follows the store."""
    return cast("Watcher", request.app.state.watcher)


def model(model: str, store: Annotated[Store, Depends(store)]) -> Model:
    """Return the model that the path names by its id, a prefix of it, or its unique name."""
    return store[model]


TheService = Annotated[Service, Depends(loaded)]
TheStore = Annotated[Store, Depends(store)]
TheWatcher = Annotated[Watcher, Depends(watcher)]
TheModel = Annotated[Model, Depends(model)]
