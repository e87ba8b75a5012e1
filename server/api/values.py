"""Values of units of analysis, transformed where they lie."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Response
from pydantic import Field

from inspectree.logger.frozen import Frozen
from inspectree.server.answering import answered
from inspectree.server.api.depends import TheService
from inspectree.server.errors import RequestError
from inspectree.server.formats import FORMATS, Format
from inspectree.server.grammar import GRAMMAR
from inspectree.server.query import Filters

router = APIRouter(tags=["values"])


class Question(Frozen):
    """One unit of analysis or several, and what is to be made of their values."""

    uoa: Annotated[str | tuple[str, ...], Field(description="one address, or several to be stacked")]
    pipeline: Annotated[tuple[dict[str, Any], ...], Field(description="steps; /api/grammar lists them")] = ()
    classes: Annotated[tuple[str, ...] | None, Field(description="names of classes to restrict to")] = None
    samples: Annotated[tuple[int, ...] | None, Field(description="positions of samples to restrict to")] = (
        None
    )


@router.post("/values", responses={200: {"content": {f.media_type: {} for f in FORMATS.values()}}})
def values(question: Question, service: TheService, accept: Annotated[str, Header()] = "*/*") -> Response:
    """Return what a pipeline makes of the values, as JSON, CSV, npy or an Arrow stream by ``Accept``."""
    form = negotiated(accept)
    uoas = [question.uoa] if isinstance(question.uoa, str) else question.uoa
    if not uoas:
        raise RequestError("uoa: name at least one unit of analysis")
    filters = Filters(question.classes, question.samples)
    result = answered(service, uoas, GRAMMAR.parse(question.pipeline), filters)
    return Response(form.encode(result), media_type=form.media_type)


def negotiated(accept: str) -> Format:
    """Return the first format that the client takes."""
    wanted = [part.partition(";")[0].strip() for part in accept.split(",")]
    for media_type in wanted:
        for form in FORMATS.values():
            if media_type in {form.media_type, f"{form.media_type.partition('/')[0]}/*", "*/*"}:
                return form
    offered = ", ".join(form.media_type for form in FORMATS.values())
    raise HTTPException(406, f"none of {accept} can be given; there are {offered}")
