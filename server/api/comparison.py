"""What changed between models."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from inspectree.server.api.answer import asked
from inspectree.server.api.depends import TheService
from inspectree.server.comparison.comparison import Comparison
from inspectree.server.comparison.edges import Edges

router = APIRouter(prefix="/comparison", tags=["comparison"])

Named = Annotated[str, Query(description="id, prefix of an id, or name")]


@router.get("", responses={200: {"model": Comparison}})
async def comparison(request: Request, service: TheService, a: Named, b: Named) -> Response:
    """Tell what changed from model ``a`` to model ``b``: layers, hyperparameters, metrics, sizes."""
    models = [service.store[name] for name in (a, b)]
    return await asked(request, service, "comparison", models, {"a": models[0].id, "b": models[1].id})


@router.get("/edges", responses={200: {"model": Edges}})
async def edges(
    request: Request,
    service: TheService,
    experiment: Annotated[str | None, Query(description="only of this experiment, by its id")] = None,
) -> Response:
    """Tell in a few sentences what changed along every edge from a parent to its child."""
    return await asked(request, service, "edges", None, {"experiment": experiment}, deep=False)
