"""What every channel of a layer makes of one sample."""

import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.images import ACTIVATION, extremes, uri
from inspectree.dashboard.tools.base import Content, Context, Picture, Setting, Tool, ToolError
from inspectree.dashboard.tools.sample_images import image_of
from inspectree.dashboard.tools.source import ACTIVATIONS, class_selection, variable_uoa
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

MOST = 64


def fits(unit: Unit) -> bool:
    """Tell whether a unit is a layer with maps (sample, y, x, channel)."""
    return unit.kind == "layer" and unit.dims == ("sample", "y", "x", "channel")


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the maps of one sample of the classes that are on, all on one scale."""
    path = parse(unit.uoa)
    uoa = variable_uoa(unit, ACTIVATIONS, context.number(path.model))
    position = int(context.settings["sample"])
    chosen = [*class_selection(unit, context), {"op": "select", "position": {"sample": position}}]
    maps = await client.values(uoa, chosen)
    if not maps.size:
        raise ToolError("no sample of the selected classes")
    sample = int(maps["sample"])
    own = await image_of(client, path.model, sample)
    first = [Picture(src=own, label="input", sample=sample, mark="on")] if own else []
    return {"caption": _caption(maps, sample), "pictures": [*first, *pictures(maps, unit.uoa)]}


def pictures(maps: xr.DataArray, layer: str) -> list[Picture]:
    """Return the maps (y, x, channel) of one sample as images."""
    maps = maps.transpose("y", "x", "channel")
    limits = extremes(maps.values)
    return [
        Picture(
            src=uri(maps.values[:, :, channel], ACTIVATION, limits),
            label=str(channel),
            uoa=f"{layer}#{channel}",
            tip=f"channel {channel}, mean {float(maps.values[:, :, channel].mean()):.3g}",
        )
        for channel in range(min(maps.sizes["channel"], MOST))
    ]


def _caption(maps: xr.DataArray, sample: int) -> str:
    parts = [f"sample {sample}"]
    if "class" in maps.coords:
        parts.append(f"class {maps['class'].item()}")
    if "predicted" in maps.coords and maps["predicted"].item():
        parts.append(f"predicted {maps['predicted'].item()}")
    if maps.sizes["channel"] > MOST:
        parts.append(f"the first {MOST} of {maps.sizes['channel']} channels")
    return " · ".join(parts)


FEATURE_MAPS = Tool(
    name="feature_maps",
    title="Feature maps",
    icon="photo",
    description="What each channel of a layer makes of one sample: dark is low, bright is high activation.",
    fits=fits,
    draw=draw,
    settings=(Setting("sample", "Sample, in order", "number", 0, least=0),),
)
