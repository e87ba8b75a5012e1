"""The samples that are followed through training."""

from math import prod
from typing import Annotated, Any

import numpy as np
import xarray as xr
from fastapi import APIRouter, Query, Request, Response
from numpy.typing import NDArray

from inspectree.logger.store.prediction import NO_CLASS
from inspectree.server.api.answer import answer, tagged
from inspectree.server.api.depends import TheModel, TheService
from inspectree.server.checkpoint import Checkpoint
from inspectree.server.errors import RequestError
from inspectree.server.formats import array_content
from inspectree.server.images import class_sprite, sample_png
from inspectree.server.limits import Limits
from inspectree.server.model import Model

router = APIRouter(tags=["samples"])

PNG: dict[int | str, dict[str, Any]] = {200: {"content": {"image/png": {}}}}

Scale = Annotated[int, Query(ge=1, le=32, description="how many pixels wide each pixel becomes")]


@router.get("/models/{model}/samples")
def samples(
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
) -> Response:
    """Return inputs and labels as arrays, true and predicted classes as indices into ``class_names``.

    The index is −1 where there is no class. A sample's number is its position among those that are followed;
    ``id`` is its row in the data set.
    """
    numbers = _numbers(model, ids)[:limit]
    _check_size(model, len(numbers), service.limits)
    stored = {name: model.read_samples(name, numbers) for name in model.samples}
    true = stored["class"].values if "class" in stored else None
    at = int(checkpoint) if checkpoint.isdecimal() else checkpoint
    content = {
        "sample": numbers,
        "id": stored["id"].values,
        "x": _named(stored, "x"),
        "y_label": _named(stored, "y_label"),
        "class": true,
        "prediction": _predicted(model.checkpoint(at), model, numbers) if model.checkpoint_numbers else None,
    }
    return answer(request, content)


@router.get("/samples/{model}/classes.png", response_class=Response, responses=PNG)
def classes(request: Request, service: TheService, model: TheModel, scale: Scale = 1) -> Response:
    """Return the mean image of each class, side by side in the order of ``class_names``."""
    return tagged(request, class_sprite(model, scale, service.limits), "image/png")


@router.get("/samples/{model}/{number}.png", response_class=Response, responses=PNG)
def image(request: Request, service: TheService, model: TheModel, number: int, scale: Scale = 1) -> Response:
    """Return the sample at a position as an image."""
    return tagged(request, sample_png(model, number, scale, service.limits), "image/png")


def _numbers(model: Model, ids: str | None) -> NDArray[np.intp]:
    count = model.samples["id"].shape[0]
    if not ids:
        return np.arange(count)
    for word in ids.split(","):
        if not word.isdecimal() or int(word) >= count:
            raise RequestError(f"{model.header.title} has no sample {word!r}: they are 0 to {count - 1}")
    return np.array([int(word) for word in ids.split(",")])


def _check_size(model: Model, count: int, limits: Limits) -> None:
    """Refuse samples that are too large, before they are read; numbers take up to 8 bytes each."""
    elements = count * sum(prod(entry.shape[1:]) for entry in model.samples.values())
    advice = "ask for fewer by ids or limit"
    limits.check("held", 8 * elements, "these samples would hold in memory", advice)
    limits.check("elements", elements, "the answer would have", advice)


def _named(stored: dict[str, xr.DataArray], name: str) -> Any:
    """Return an array, or several by their names; None where there is none."""
    if name in stored:
        return array_content(stored[name])
    start = f"{name}/"
    several = {key: value for key, value in stored.items() if key.startswith(start)}
    return {key.removeprefix(start): array_content(value) for key, value in several.items()} or None


def _predicted(checkpoint: Checkpoint, model: Model, numbers: NDArray[np.intp]) -> list[int] | None:
    for path, entry in checkpoint.entries.items():
        if entry.kind == "prediction" and "predicted" in (coords := checkpoint[path].coords):
            index = {name: number for number, name in enumerate(model.class_names)}
            return [index.get(name, NO_CLASS) for name in coords["predicted"].values[numbers]]
    return None
