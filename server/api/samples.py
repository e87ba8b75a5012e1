"""The samples that are followed through training."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from inspectree.server.api.answer import asked
from inspectree.server.api.depends import TheModel, TheService
from inspectree.server.model import Model
from inspectree.server.uoa import parse_checkpoint

router = APIRouter(tags=["samples"])

PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}

Scale = Annotated[int, Query(ge=1, le=32, description="how many pixels wide each pixel becomes")]


@router.get("/models/{model}/samples")
async def samples(
    request: Request,
    service: TheService,
    model: TheModel,
    ids: Annotated[
        str | None, Query(description="numbers of samples, separated by commas; all where none is given")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 100,
    checkpoint: Annotated[
        str, Query(description="whose predictions: a number, last, first or best")
    ] = "last",
    inputs: Annotated[bool, Query(description="whether to give the inputs")] = True,
    labels: Annotated[bool, Query(description="whether to give the labels")] = True,
) -> Response:
    """Return inputs and labels as arrays, true and predicted classes as indices into ``class_names``.

    The index is −1 where there is no class. A sample's number is its position among those that are followed;
    ``id`` is its row in the data set.
    """
    number = await run_in_threadpool(_number, model, checkpoint)
    given = {"model": model.id, "ids": ids, "limit": limit, "checkpoint": number}
    given |= {"inputs": inputs, "labels": labels}
    return await asked(request, service, "samples", [model], given)


@router.get("/models/{model}/vocabulary")
async def vocabulary(request: Request, service: TheService, model: TheModel) -> Response:
    """Return the words that numbers in the samples stand for: a list per input, in the order of the numbers.

    Empty where none was logged; a number that stands for no word has an empty one.
    """
    return await asked(request, service, "vocabulary", [model], {"model": model.id}, deep=False)


@router.get("/samples/{model}/classes.png", response_class=Response, responses=PNG)
async def classes(request: Request, service: TheService, model: TheModel, scale: Scale = 1) -> Response:
    """Return the mean image of each class, side by side in the order of ``class_names``."""
    given = {"model": model.id, "scale": scale}
    return await asked(request, service, "classes", [model], given, deep=False)


@router.get("/samples/{model}/{number}.png", response_class=Response, responses=PNG)
async def image(
    request: Request, service: TheService, model: TheModel, number: int, scale: Scale = 1
) -> Response:
    """Return the sample at a position as an image."""
    given = {"model": model.id, "number": number, "scale": scale}
    return await asked(request, service, "image", [model], given, deep=False)


def _number(model: Model, checkpoint: str) -> int | None:
    """Return which checkpoint is meant; None of a model that has none yet."""
    wanted = parse_checkpoint(checkpoint, "checkpoint")
    return model.number(wanted) if model.checkpoint_numbers else None
