"""Where to look first."""

from fastapi import APIRouter, Request, Response

from inspectree.server.api.answer import answer
from inspectree.server.api.depends import TheStore
from inspectree.server.interestingness.answer import Answer, Listing
from inspectree.server.interestingness.asking import Question
from inspectree.server.interestingness.asking import interestingness as scores_of
from inspectree.server.interestingness.listing import listing
from inspectree.server.jsontext import dumps

router = APIRouter(prefix="/interestingness", tags=["interestingness"])


@router.get("", responses={200: {"model": Listing}})
async def measures(request: Request) -> Response:
    """List measures, baselines and divergences, and which fit together."""
    return answer(request, listing())


@router.post("", responses={200: {"model": Answer}})
def interestingness(question: Question, store: TheStore) -> Response:
    """Score every variable, layer, model and experiment, comparably within each type of variable."""
    return Response(dumps(scores_of(store.catalog, question)), media_type="application/json")
