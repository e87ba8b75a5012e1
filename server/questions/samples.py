"""The samples that are followed through training."""

import re
from math import prod
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from inspectree.logger.store.prediction import NO_CLASS
from inspectree.server.checkpoint import Checkpoint
from inspectree.server.errors import RequestError
from inspectree.server.formats import array_content
from inspectree.server.images import class_sprite, sample_png
from inspectree.server.limits import Limits
from inspectree.server.model import Model
from inspectree.server.questions.body import Body
from inspectree.server.questions.context import Context

PNG = "image/png"


def samples(
    context: Context,
    *,
    model: str,
    ids: str | None,
    limit: int,
    checkpoint: int | None,
    inputs: bool,
    labels: bool,
) -> Body:
    """Return inputs and labels as arrays, true and predicted classes as indices into ``class_names``.

    The index is −1 where there is no class; without a ``checkpoint`` there are no predictions. ``inputs`` and
    ``labels`` may be left out, for they may be large.
    """
    known = context.store[model]
    numbers = _numbers(known, ids)[:limit]
    left_out = {name for name, kept in (("x", inputs), ("y_label", labels)) if not kept}
    wanted = [name for name in known.samples if name.partition("/")[0] not in left_out]
    _check_size(known, wanted, len(numbers), context.limits)
    stored = {name: known.read_samples(name, numbers) for name in wanted}
    return Body.of(
        {
            "sample": numbers,
            "id": stored["id"].values,
            "x": _named(stored, "x"),
            "y_label": _named(stored, "y_label"),
            "class": stored["class"].values if "class" in stored else None,
            "prediction": None
            if checkpoint is None
            else _predicted(known.checkpoint(checkpoint), known, numbers),
        }
    )


def vocabulary(context: Context, *, model: str) -> Body:
    """Return the words that numbers in the inputs stand for, by the names of inputs."""
    words = context.store[model].vocabulary
    context.limits.check("elements", sum(map(len, words.values())), "the vocabulary would have", "raise it")
    return Body.of(words)


def image(context: Context, *, model: str, number: int, scale: int) -> Body:
    """Return the sample at a position as an image."""
    return Body(sample_png(context.store[model], number, scale, context.limits), PNG)


def classes(context: Context, *, model: str, scale: int) -> Body:
    """Return the mean image of each class, side by side in the order of ``class_names``."""
    return Body(class_sprite(context.store[model], scale, context.limits), PNG)


def _numbers(model: Model, ids: str | None) -> NDArray[np.intp]:
    count = model.samples["id"].shape[0]
    if not ids:
        return np.arange(count)
    for word in ids.split(","):
        if not re.fullmatch(r"[0-9]{1,18}", word) or int(word) >= count:
            raise RequestError(f"{model.header.title} has no sample {word!r}: they are 0 to {count - 1}")
    return np.array([int(word) for word in ids.split(",")])


def _check_size(model: Model, wanted: list[str], count: int, limits: Limits) -> None:
    """Refuse samples that are too large, before they are read; numbers take up to 8 bytes each."""
    elements = count * sum(prod(model.samples[name].shape[1:]) for name in wanted)
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
