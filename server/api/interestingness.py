"""Where to look first."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from inspectree.logger.frozen import Frozen
from inspectree.server.api.answer import answer
from inspectree.server.api.depends import TheStore
from inspectree.server.errors import RequestError
from inspectree.server.interestingness import MEASURES, Measure
from inspectree.server.interestingness.scores import scores
from inspectree.server.jsontext import dumps
from inspectree.server.nearest import nearest
from inspectree.server.uoa import parse_checkpoint

router = APIRouter(prefix="/interestingness", tags=["interestingness"])

BY_NAME = {measure.name: measure for measure in MEASURES}


class Question(Frozen):
    """Which models to score, by which measure, at which checkpoint."""

    models: Annotated[
        tuple[str, ...], Field(description="ids, prefixes or names; all where none is named")
    ] = ()
    measure: Annotated[str, Field(description="name of a measure; GET lists them")]
    checkpoint: Annotated[int | str, Field(description="a number, last, first or best")] = "last"


@router.get("")
async def measures(request: Request) -> Response:
    """List the measures."""
    return answer(request, {"measures": [_about(measure) for measure in MEASURES]})


@router.post("")
def interestingness(question: Question, store: TheStore) -> Response:
    """Score every variable, layer, model and experiment, comparably within each type of variable."""
    if question.measure not in BY_NAME:
        raise RequestError(f"there is no measure {question.measure!r}; {nearest(question.measure, BY_NAME)}")
    measure = BY_NAME[question.measure]
    models = {store[model].id for model in question.models} or None
    checkpoint = parse_checkpoint(str(question.checkpoint), "checkpoint")
    found = scores(store.experiments, measure, checkpoint, models)
    content = {"measure": _about(measure), "scores": [asdict(score) for score in found]}
    return Response(dumps(content), media_type="application/json")


def _about(measure: Measure) -> dict[str, Any]:
    return {
        "name": measure.name,
        "title": measure.title,
        "description": measure.description,
        "kinds": sorted(measure.kinds),
        "baseline": measure.baseline,
    }
