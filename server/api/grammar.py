"""What can be asked of values."""

from fastapi import APIRouter, Request, Response

from inspectree.server.api.answer import answer
from inspectree.server.grammar import GRAMMAR
from inspectree.server.grammar.document import describe

router = APIRouter(tags=["values"])


@router.get("/grammar")
async def grammar(request: Request) -> Response:
    """Return the JSON Schema of pipelines, and every step with its documentation."""
    steps = [describe(step) for step in GRAMMAR.steps]
    return answer(request, {"schema": GRAMMAR.schema(), "steps": steps})
