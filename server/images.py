"""Samples as pictures."""

import io
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspectree.logger.architecture.model_graph import Node
from inspectree.logger.store.reader import Entry
from inspectree.server.errors import RequestError
from inspectree.server.limits import Limits
from inspectree.server.model import Model

CHANNELS = {1, 3, 4}
"""Grey, colour, colour with transparency."""

Pixels = NDArray[np.uint8]


def sample_png(model: Model, number: int, scale: int, limits: Limits) -> bytes:
    """Return the model's first input of the sample at a position as a PNG, each pixel ``scale`` wide.

    Raises
    ------
    RequestError
        When there is no such sample, or it is not an image.
    LimitError
        When the image would be too large.
    """
    node, name = _input(model)
    entry = model.samples[name]
    count = entry.shape[0]
    if not 0 <= number < count:
        raise RequestError(f"{model.header.title} has no sample {number}: they are 0 to {count - 1}")
    _check(model, entry, scale, limits)
    return _png(_pixels(model.read_samples(name, number).values, *_range(model, node)), scale)


def class_sprite(model: Model, scale: int, limits: Limits) -> bytes:
    """Return the mean image of each class side by side as a PNG, black for a class without samples.

    Raises
    ------
    RequestError
        When the model has no classes, no checkpoint, or no images.
    LimitError
        When the image would be too large.
    """
    node, _ = _input(model)
    path = f"{node.id}/mean_class_activations"
    checkpoint = model.checkpoint("first")
    if path not in checkpoint or not model.class_names:
        raise RequestError(f"{model.header.title} has no classes")
    entry = checkpoint.entry(path)
    _check(model, entry, scale, limits, len(model.class_names))
    means = checkpoint[path].load()
    known = {str(name): index for index, name in enumerate(means["class"].values)}
    low, high = _range(model, node)
    blank = np.zeros(entry.shape[1:], np.uint8)
    shown = [_pixels(means.values[known[n]], low, high) if n in known else blank for n in model.class_names]
    return _png(np.concatenate(shown, axis=1), scale)


def _input(model: Model) -> tuple[Node, str]:
    """Return the first input, and what its samples are called."""
    node = next(iter(model.architecture.inputs), None)
    name = next((name for name in model.samples if name == "x" or name.startswith("x/")), None)
    if node is None or name is None:
        raise RequestError(f"{model.header.title} has no inputs")
    return node, name


def _check(model: Model, entry: Entry, scale: int, limits: Limits, count: int = 1) -> None:
    """Refuse what is no image (y, x) or (y, x, channel), and ``count`` of them that are too large."""
    shape = entry.shape[1:]
    if np.dtype(entry.dtype).kind not in "biuf":
        raise RequestError(f"the samples of {model.header.title} are no images: they are not numbers")
    if len(shape) not in {2, 3} or 0 in shape or (len(shape) == 3 and shape[2] not in CHANNELS):
        raise RequestError(f"the samples of {model.header.title} are no images: their shape is {shape}")
    size = prod(shape) * count
    limits.check(
        "held", 8 * size + size * scale**2, "this image would hold in memory", "ask for a smaller scale"
    )


def _range(model: Model, node: Node) -> tuple[float, float]:
    """Return the smallest and the largest value of all samples, so that pictures can be compared."""
    statistics = model.checkpoint("first").statistics.get(f"{node.id}/activations")
    if statistics is None:
        raise RequestError(f"the samples of {model.header.title} are no images: they are not numbers")
    return statistics.minimum, statistics.maximum


def _pixels(image: NDArray[Any], low: float, high: float) -> Pixels:
    """Return an image (y, x, channel) in whole steps from 0 to 255."""
    values = np.nan_to_num(image.astype(np.float64), nan=low, posinf=high, neginf=low)
    span = high - low if high > low else 1.0
    return np.round((values - low) / span * 255).clip(0, 255).astype(np.uint8)


def _png(pixels: Pixels, scale: int) -> bytes:
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels)
    buffer = io.BytesIO()
    size = image.width * scale, image.height * scale
    image.resize(size, Image.Resampling.NEAREST).save(buffer, "PNG")
    return buffer.getvalue()
