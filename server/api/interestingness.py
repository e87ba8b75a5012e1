"""Where to look first."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from inspectree.logger.frozen import Frozen
from inspectree.server.api.answer import answer, asked
from inspectree.server.api.depends import TheService
from inspectree.server.interestingness.answer import Answer, Listing
from inspectree.server.interestingness.asking import Question
from inspectree.server.interestingness.listing import listing

router = APIRouter(prefix="/interestingness", tags=["interestingness"])


class Batch(Frozen):
    """Several questions that are answered together."""

    questions: Annotated[
        tuple[Question, ...], Field(min_length=1, description="each as /api/interestingness takes it")
    ]


class Answers(Frozen):
    """An answer to each question."""

    answers: tuple[Answer, ...]


@router.get("", responses={200: {"model": Listing}})
async def measures(request: Request) -> Response:
    """List measures, baselines and divergences, and which fit together."""
    return answer(request, listing())


@router.post("", responses={200: {"model": Answer}})
async def interestingness(request: Request, question: Question, service: TheService) -> Response:
    """Score every variable, layer, model and experiment, comparably within each type of variable."""
    return await asked(request, service, "interestingness", None, {"question": _told(question)})


@router.post("/batch", responses={200: {"model": Answers}})
async def batch(request: Request, batch: Batch, service: TheService) -> Response:
    """Answer several questions, whose files are read once: answers in the same order."""
    service.limits.check("queries", len(batch.questions), "this batch holds", "ask in several batches")
    asking = [_told(question) for question in batch.questions]
    return await asked(request, service, "interestingness_batch", None, {"questions": asking})


def _told(question: Question) -> dict[str, object]:
    return question.model_dump(mode="json", exclude_unset=True)
