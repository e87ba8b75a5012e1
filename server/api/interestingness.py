"""Where to look first."""

from fastapi import APIRouter, Request, Response

from inspectree.server.api.answer import answer, asked
from inspectree.server.api.depends import TheService
from inspectree.server.interestingness.answer import Answer, Listing
from inspectree.server.interestingness.asking import Question
from inspectree.server.interestingness.listing import listing

router = APIRouter(prefix="/interestingness", tags=["interestingness"])


@router.get("", responses={200: {"model": Listing}})
async def measures(request: Request) -> Response:
    """List measures, baselines and divergences, and which fit together."""
    return answer(request, listing())


@router.post("", responses={200: {"model": Answer}})
async def interestingness(request: Request, question: Question, service: TheService) -> Response:
    """Score every variable, layer, model and experiment, comparably within each type of variable."""
    asking = question.model_dump(mode="json", exclude_unset=True)
    return await asked(request, service, "interestingness", None, {"question": asking})
