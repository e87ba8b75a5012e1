"""The tree of models."""

from fastapi import APIRouter, Request, Response

from inspectree.server.api.answer import JSON, tagged
from inspectree.server.api.depends import TheStore
from inspectree.server.summary import overview_json

router = APIRouter(tags=["models"])


@router.get("/experiments")
def experiments(request: Request, store: TheStore) -> Response:
    """List every experiment with its models, and what is wrong in the store."""
    return tagged(request, overview_json(store), JSON)
