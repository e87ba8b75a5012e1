"""What changed between models."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from inspectree.server.api.answer import JSON, answer, tagged
from inspectree.server.api.depends import TheStore
from inspectree.server.comparison.comparison import Comparison, compare
from inspectree.server.comparison.edges import Edges, edges_json

router = APIRouter(prefix="/comparison", tags=["comparison"])

Named = Annotated[str, Query(description="id, prefix of an id, or name")]


@router.get("", responses={200: {"model": Comparison}})
def comparison(request: Request, store: TheStore, a: Named, b: Named) -> Response:
    """Tell what changed from model ``a`` to model ``b``: layers, hyperparameters, metrics, sizes."""
    return answer(request, compare(store[a], store[b]))


@router.get("/edges", responses={200: {"model": Edges}})
def edges(
    request: Request,
    store: TheStore,
    experiment: Annotated[str | None, Query(description="only of this experiment, by its id")] = None,
) -> Response:
    """Tell in a few sentences what changed along every edge from a parent to its child."""
    return tagged(request, edges_json(store.catalog, experiment), JSON)
