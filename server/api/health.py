"""Whether the server is there."""

from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from inspectree.server.api.answer import answer
from inspectree.server.api.depends import TheWatcher, service
from inspectree.server.service import Service

router = APIRouter(tags=["health"])


@router.get("/health")
async def health(
    request: Request, service: Annotated[Service, Depends(service)], watcher: TheWatcher
) -> Response:
    """Say that the server is there, its version, how many models it knows, and how it follows the store.

    ``status`` is ``ok``, or ``loading`` until the store has been looked at. ``following`` is
    ``notifications`` or ``polling``; ``trouble`` is null, or says in one line what is wrong.
    """
    store = service.store
    status = "ok" if store.is_loaded else "loading"
    about = {"status": status, "version": version("inspectree"), "models": len(store.catalog.by_id)}
    return answer(request, {**about, "following": watcher.by, "trouble": watcher.trouble})
