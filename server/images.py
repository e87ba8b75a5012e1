"""Samples as pictures."""

import io

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from PIL import Image

from inspectree.logger.architecture.model_graph import Node
from inspectree.server.errors import RequestError
from inspectree.server.model import Model

CHANNELS = {1, 3, 4}
"""Grey, colour, colour with transparency."""

Pixels = NDArray[np.uint8]


def sample_png(model: Model, number: int, scale: int = 1) -> bytes:
    """Return the model's first input of the sample at a position as a PNG, each pixel ``scale`` wide.

    Raises
    ------
    RequestError
        When there is no such sample, or it is not an image.
    """
    count = model.samples["id"].shape[0]
    if not 0 <= number < count:
        raise RequestError(f"{model.header.title} has no sample {number}: they are 0 to {count - 1}")
    node = _image_input(model)
    name = "x" if "x" in model.samples else next(key for key in model.samples if key.startswith("x/"))
    return _png(_pixels(model.read_samples(name, number), *_range(model, node)), scale)


def class_sprite(model: Model, scale: int = 1) -> bytes:
    """Return the mean image of each class side by side as a PNG, black for a class without samples.

    Raises
    ------
    RequestError
        When the model has no classes, no checkpoint, or no images.
    """
    node = _image_input(model)
    path = f"{node.id}/mean_class_activations"
    checkpoint = model.checkpoint("first")
    if path not in checkpoint:
        raise RequestError(f"{model.header.title} has no classes")
    means = checkpoint[path].load()
    shown = {
        str(name): _pixels(means.sel({"class": name}), *_range(model, node)) for name in means["class"].values
    }
    blank = np.zeros_like(next(iter(shown.values())))
    return _png(np.concatenate([shown.get(name, blank) for name in model.class_names], axis=1), scale)


def _image_input(model: Model) -> Node:
    node = next(iter(model.architecture.inputs), None)
    shape = node.outputs[0].shape[1:] if node and node.outputs else ()
    if node and (len(shape) == 2 or (len(shape) == 3 and shape[2] in CHANNELS)):
        return node
    raise RequestError(f"the samples of {model.header.title} are no images: their shape is {shape}")


def _range(model: Model, node: Node) -> tuple[float, float]:
    """Return the smallest and the largest value of all samples, so that pictures can be compared."""
    statistics = model.checkpoint("first").statistics.get(f"{node.id}/activations")
    if statistics is None:
        raise RequestError(f"the samples of {model.header.title} are no images: they are not numbers")
    return statistics.minimum, statistics.maximum


def _pixels(value: xr.DataArray, low: float, high: float) -> Pixels:
    """Return an image (y, x, channel) in whole steps from 0 to 255."""
    values = np.nan_to_num(value.values.astype(np.float64), nan=low, posinf=high, neginf=low)
    span = high - low if high > low else 1.0
    return np.round((values - low) / span * 255).clip(0, 255).astype(np.uint8)


def _png(pixels: Pixels, scale: int) -> bytes:
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2:] == (1,) else pixels)
    buffer = io.BytesIO()
    size = image.width * scale, image.height * scale
    image.resize(size, Image.Resampling.NEAREST).save(buffer, "PNG")
    return buffer.getvalue()
