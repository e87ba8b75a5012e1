"""Whether the server is there."""

from importlib.metadata import version

from fastapi import APIRouter, Request, Response

from inspectree.server.api.answer import answer
from inspectree.server.api.depends import TheStore

router = APIRouter(tags=["health"])


@router.get("/health")
async def health(request: Request, store: TheStore) -> Response:
    """Say that the server is there, its version and how many models it knows."""
    return answer(request, {"status": "ok", "version": version("inspectree"), "models": len(store.models)})
