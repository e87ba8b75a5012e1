"""Where units of a type and structural patterns are."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from inspectree.logger.frozen import Frozen
from inspectree.server.api.depends import TheStore
from inspectree.server.search.locate import Places, locate_json

router = APIRouter(tags=["search"])


class Question(Frozen):
    """What to look for."""

    types: Annotated[tuple[str, ...], Field(description="names of unit types; all where none is named")] = ()
    patterns: Annotated[tuple[str, ...], Field(description="names of patterns; all where none is named")] = ()


@router.post("/locate", responses={200: {"model": Places}})
def places(question: Question, store: TheStore) -> Response:
    """Find units by type and by pattern, with counts for every unit above them."""
    found = locate_json(store.catalog, question.types, question.patterns)
    return Response(found, media_type="application/json")
