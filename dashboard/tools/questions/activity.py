"""Which units are dead or saturated: they tell samples apart no more."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from inspectree.dashboard.client import Client
from inspectree.dashboard.graphs.architecture import Architecture, dims_of
from inspectree.dashboard.tools.base import Context, Json, ToolError
from inspectree.dashboard.tools.questions.axes import FEATURES
from inspectree.dashboard.tools.questions.source import ACTIVATIONS, class_selection
from inspectree.dashboard.tools.questions.trained import Numbers
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import at, parse

RECTIFIERS = {"relu", "relu6", "squared_relu", "threshold", "hard_shrink", "soft_shrink", "sparse_plus"}
"""Activation functions that can give exactly 0, where their slope is 0, too."""

WITH_FUNCTION = {"convolution", "dense", "activation", "recurrent", "other"}
"""Kinds of layers that may have an activation function."""

SATURATION = "saturation"
"""The server's measure of interestingness that tells what is near a bound."""

NEARLY_ALL = 0.95
"""The share of a unit's values near the bounds from which it counts as saturated."""


@dataclass(frozen=True)
class Layer:
    """A layer whose units can die or saturate: its path inside the model, axes and activation function.

    ``bounds`` are those of the function, of which a value is near one within ``near`` of the range.
    """

    id: str
    dims: tuple[str, ...]
    function: str
    bounds: tuple[float, ...] = ()
    near: float = 0.0

    @property
    def dim(self) -> str:
        """Return the axis along which its units lie."""
        return self.dims[-1]

    @property
    def state(self) -> str:
        """Return what its units can be besides alive."""
        return "dead" if self.function in RECTIFIERS else "saturated"


async def watched(client: Client, unit: Unit) -> list[Layer]:
    """Return the layers of a model, or below a layer, whose units can die or saturate.

    Raises
    ------
    ToolError
        When there is none.
    """
    path = parse(unit.uoa)
    architecture = Architecture(await client.architecture(path.model))
    saturation = await _saturation(client)
    nodes = [node for node in architecture.by_id.values() if node["kind"] == "layer" and node["outputs"]]
    layers = [_layer(node, saturation) for node in nodes]
    found = [
        layer
        for layer in layers
        if (layer.function in RECTIFIERS or layer.bounds) and layer.dim in FEATURES and path.holds(layer.id)
    ]
    if not found:
        raise ToolError(f"{unit.name} has no ReLU, sigmoid or tanh, whose units can die or saturate")
    return found


async def _saturation(client: Client) -> Json:
    """Return the bounds by function, and what is near one, as the server's measure defines them."""
    measures = (await client.measures())["measures"]
    found: Json = next(each["constants"] for each in measures if each["name"] == SATURATION)
    return found


def _layer(node: Json, saturation: Json) -> Layer:
    function = function_of(node)
    bounds = tuple(saturation["bounds"].get(function, ()))
    return Layer(node["id"], dims_of(node), function, bounds, saturation["near"])


def function_of(node: Json) -> str:
    """Return the name of a layer's activation function, in lower case; of one without, its own type."""
    given = node["config"].get("activation", node["type"])
    return str(given.get("class", "") if isinstance(given, dict) else given).lower()


async def affected(
    client: Client, model: str, layer: Layer, numbers: Sequence[int], context: Context
) -> Numbers:
    """Return the share (checkpoint, unit) of a unit's values that are 0, or near a bound."""
    whole = Unit(f"{model}/{layer.id}", "layer", layer.id)
    uoas = [at(f"{model}/{layer.id}/{ACTIVATIONS}", number) for number in numbers]
    found = await client.values(
        uoas, [*class_selection(whole, context), *_pipeline(layer, several=len(uoas) > 1)]
    )
    if "checkpoint" not in found.dims:
        found = found.expand_dims("checkpoint")
    shares = found if layer.state == "dead" else _near_bounds(found)
    return shares.transpose("checkpoint", layer.dim).values.astype(float)


def _pipeline(layer: Layer, *, several: bool) -> list[Json]:
    if layer.state == "dead":
        return [{"op": "fraction_zero", "over": [dim for dim in layer.dims if dim != layer.dim]}]
    by = ["checkpoint", layer.dim] if several else [layer.dim]
    slices = round(1 / layer.near)
    return [{"op": "histogram", "bins": slices, "range": list(layer.bounds), "by": by}]


def _near_bounds(counts: xr.DataArray) -> xr.DataArray:
    return counts.isel(bin=[0, -1]).sum("bin") / counts.sum("bin")


def is_affected(layer: Layer, shares: Numbers) -> NDArray[np.bool_]:
    """Tell which units are dead or saturated."""
    return shares == 1 if layer.state == "dead" else shares >= NEARLY_ALL
