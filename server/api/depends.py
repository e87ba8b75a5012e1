"""What routes ask for: the running server's parts."""

import asyncio
from time import monotonic
from typing import Annotated, cast

from fastapi import Depends, Request

from inspectree.logger.errors import StoreError
from inspectree.server.model import Model
from inspectree.server.service import Service
from inspectree.server.store import Store
from inspectree.server.watch import Watcher

LOADING = 120
"""Seconds that looking at a store may take before whoever asks is told so."""

GLANCE = 0.05
"""Seconds between two looks whether that is done."""


async def service(request: Request) -> Service:
    """Return what this server works with."""
    return cast("Service", request.app.state.service)


async def store(service: Annotated[Service, Depends(service)]) -> Store:
    """Return the store that is served, when it has been looked at."""
    end = monotonic() + LOADING
    while not service.store.is_loaded:
        if monotonic() > end:
            raise StoreError(f"the store {service.store.path} is still being looked at after {LOADING} s")
        await asyncio.sleep(GLANCE)
    return service.store


async def loaded(
    service: Annotated[Service, Depends(service)], _: Annotated[Store, Depends(store)]
) -> Service:
    """Return what this server works with, when its store has been looked at."""
    return service


async def watcher(request: Request) -> Watcher:
    """Return what follows the store."""
    return cast("Watcher", request.app.state.watcher)


def model(model: str, store: Annotated[Store, Depends(store)]) -> Model:
    """Return the model that the path names by its id, a prefix of it, or its unique name."""
    return store[model]


TheService = Annotated[Service, Depends(loaded)]
TheStore = Annotated[Store, Depends(store)]
TheWatcher = Annotated[Watcher, Depends(watcher)]
TheModel = Annotated[Model, Depends(model)]
