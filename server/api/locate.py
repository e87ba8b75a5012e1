"""Where units of a type, structural patterns and words are."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from inspectree.logger.frozen import Frozen
from inspectree.server.api.answer import asked
from inspectree.server.api.depends import TheService
from inspectree.server.search.index import Answer
from inspectree.server.search.locate import Places

router = APIRouter(tags=["search"])


class Question(Frozen):
    """What to look for; where neither types nor patterns are named, for all that there are."""

    types: Annotated[tuple[str, ...], Field(description="names of unit types")] = ()
    patterns: Annotated[tuple[str, ...], Field(description="names of patterns")] = ()
    models: Annotated[
        tuple[str, ...], Field(description="ids, prefixes or names; all where none is named")
    ] = ()
    brief: Annotated[
        bool, Field(description="count only: neither units nor groups nor what contains them")
    ] = False


@router.post("/locate", responses={200: {"model": Places}})
async def places(request: Request, question: Question, service: TheService) -> Response:
    """Find units by type and structural patterns, with counts for every unit above them."""
    return await asked(request, service, "locate", None, question.model_dump(), deep=False)


@router.get("/search", responses={200: {"model": Answer}})
async def search(
    request: Request,
    service: TheService,
    q: Annotated[str, Query(min_length=1, max_length=200, description="words, in any order")],
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> Response:
    """Find models, layers and variables by what is written of them: names, types, tags, notes, settings."""
    return await asked(request, service, "search", None, {"q": q, "limit": limit}, deep=False)
