"""Whether the server is there."""

from importlib.metadata import version

from fastapi import APIRouter, Request, Response

from inspectree.server.api.answer import answer
from inspectree.server.api.depends import TheStore, TheWatcher

router = APIRouter(tags=["health"])


@router.get("/health")
async def health(request: Request, store: TheStore, watcher: TheWatcher) -> Response:
    """Say that the server is there, its version, how many models it knows, and how it follows the store.

    ``following`` is ``notifications`` or ``polling``; ``trouble`` is null, or says in one line what is wrong.
    """
    about = {"status": "ok", "version": version("inspectree"), "models": len(store.models)}
    return answer(request, {**about, "following": watcher.by, "trouble": watcher.trouble})
