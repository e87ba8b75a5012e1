"""Samples as images, where they can be seen as such."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspectree.dashboard.client import Client
from inspectree.dashboard.images import uri

Floats = NDArray[np.floating[Any]]


async def image_of(client: Client, model: str, sample: int) -> str:
    """Return one sample's first input as an image; empty where it is none."""
    images = await images_of(client, model, [sample])
    return images[0]


async def images_of(client: Client, model: str, samples: Sequence[int]) -> list[str]:
    """Return samples' first inputs as images; empty where they are none."""
    answer = await client.samples(model, samples)
    first = next(iter(answer["x"].values()))
    return [uri(pixels) if (pixels := as_image(values)) is not None else "" for values in first.values]


def as_image(values: Floats) -> Floats | None:
    """Return values (y, x), (y, x, 1) or (y, x, 3) as an image, None where they are not such."""
    if values.ndim == 3 and values.shape[-1] == 1:
        values = values[..., 0]
    fits = values.ndim == 2 or (values.ndim == 3 and values.shape[-1] == 3)
    return values.astype(np.float32) if fits and min(values.shape[:2]) > 1 else None
