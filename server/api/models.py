"""One model, and lists of them."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from inspectree.logger.frozen import Frozen
from inspectree.server.api.answer import answer, asked
from inspectree.server.api.depends import TheModel, TheService, TheStore
from inspectree.server.errors import RequestError
from inspectree.server.model import HISTORY_COLUMNS, Model
from inspectree.server.summary import ModelDetails, ModelSummary, detail, summarise
from inspectree.server.uoa import parse_checkpoint

router = APIRouter(prefix="/models", tags=["models"])


class Page(Frozen):
    """Some of the models."""

    models: tuple[ModelSummary, ...]


@router.get("", responses={200: {"model": Page}})
def models(
    request: Request,
    store: TheStore,
    experiment: Annotated[str | None, Query(description="only models of this experiment, by its id")] = None,
    tag: Annotated[str | None, Query(description="only models with this tag")] = None,
    after: Annotated[str | None, Query(description="only models that come after this one, by its id")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """List models, the oldest first, a page at a time."""
    catalog = store.catalog  # one state of the store, whatever comes meanwhile
    found = [m for e in catalog.experiments if experiment in {None, e.id} for m in e.models]
    found.sort(key=lambda model: model.age)
    found = [model for model in found if tag is None or tag in model.header.tags]
    start = 0 if after is None else _place(found, catalog.find(after)) + 1
    return answer(request, {"models": [summarise(model) for model in found[start : start + limit]]})


def _place(models: list[Model], wanted: Model) -> int:
    if wanted not in models:
        raise RequestError(f"{wanted.header.title} is not in this list")
    return models.index(wanted)


@router.get("/{model}", responses={200: {"model": ModelDetails}})
def details(request: Request, model: TheModel) -> Response:
    """Tell what is known of a model."""
    return answer(request, detail(model))


@router.get("/{model}/architecture")
async def architecture(request: Request, model: TheModel, service: TheService) -> Response:
    """Return the model graph: layers, operations, variables, edges."""
    return await asked(request, service, "architecture", [model], {"model": model.id}, deep=False)


@router.get("/{model}/checkpoints")
async def checkpoints(
    request: Request,
    model: TheModel,
    service: TheService,
    variables: Annotated[bool, Query(description="whether to list what each of them holds")] = True,
) -> Response:
    """List the checkpoints: when each was taken, its metrics, its size, and the variables that it holds."""
    given = {"model": model.id, "variables": variables}
    return await asked(request, service, "checkpoints", [model], given)


@router.get("/{model}/checkpoints/{number}")
async def checkpoint(
    request: Request,
    model: TheModel,
    service: TheService,
    number: Annotated[str, Path(description="a number, last, first or best")],
) -> Response:
    """Tell of one checkpoint when it was taken, its metrics, its size, and the variables that it holds."""
    wanted = await run_in_threadpool(model.number, parse_checkpoint(number, "checkpoint"))
    return await asked(request, service, "checkpoint", [model], {"model": model.id, "number": wanted})


@router.get("/{model}/updates")
async def updates(
    request: Request,
    model: TheModel,
    service: TheService,
    below: Annotated[
        str, Query(description="only of this variable, or of this layer and what is in it")
    ] = "",
    points: Annotated[int, Query(ge=2, le=100_000, description="the most steps to tell of")] = 2000,
) -> Response:
    """Tell the norms of gradients and the update ratios of the training steps, where they were recorded.

    Both are lists per variable in the order of ``variables``, along ``steps``: of ``total`` recorded steps
    some, evenly chosen.
    """
    given = {"model": model.id, "below": below, "points": points}
    return await asked(request, service, "updates", [model], given)


@router.get("/{model}/history")
def history(request: Request, model: TheModel) -> Response:
    """Return the scalars over training, a list per column."""
    table = model.history
    metrics = {name: table[name].to_numpy() for name in table.columns if name not in HISTORY_COLUMNS}
    return answer(request, {**{name: table[name].tolist() for name in HISTORY_COLUMNS}, "metrics": metrics})
