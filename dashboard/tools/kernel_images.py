"""The filters of a convolution as images."""

import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.images import SIGNED, symmetric, uri
from inspectree.dashboard.tools.base import Content, Context, Picture, Tool
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import at, parse

MOST = 96
"""Images that one widget shows."""


def fits(unit: Unit) -> bool:
    """Tell whether a unit is a kernel with a window: (y, x, in, out), or of depthwise convolutions."""
    return unit.kind == "weights" and len(unit.dims) == 4 and set(unit.dims[:2]) == {"y", "x"}


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw one image per filter and input channel; blue is negative, red positive, the scale is shared."""
    path = parse(unit.uoa)
    number = context.number(path.model)
    kernel = (await client.values(at(unit.uoa, number))).transpose("y", "x", "in", ...)
    images = pictures(kernel, path.model, path.inside.rpartition("/")[0])
    total = kernel.shape[2] * kernel.shape[3]
    kept = f"the first {len(images)} of {total}" if total > len(images) else f"{total}"
    low, high = symmetric(kernel.values)
    inputs, filters = kernel.shape[2:]
    each = "filters for each of" if kernel.dims[3] == "multiplier" else "filters ×"
    caption = f"{kept} images ({filters} {each} {inputs} inputs) · {low:.2g} blue … {high:.2g} red"
    return {"caption": caption, "pictures": images}


def pictures(kernel: xr.DataArray, model: str, layer: str) -> list[Picture]:
    """Return the images of a kernel (y, x, in, out) or (y, x, in, multiplier), filter by filter."""
    limits = symmetric(kernel.values)
    inputs, outputs = kernel.shape[2], kernel.shape[3]
    depthwise = kernel.dims[3] == "multiplier"
    pairs = [(source, target) for target in range(outputs) for source in range(inputs)][:MOST]
    return [
        Picture(
            src=uri(kernel.values[:, :, source, target], SIGNED, limits),
            label=str(target) if inputs == 1 else f"{source}→{target}",
            uoa=f"{model}/{layer}#{source * outputs + target if depthwise else target}",
            tip=f"filter {target}" + (f", input {source}" if inputs > 1 else ""),
        )
        for source, target in pairs
    ]


KERNEL_IMAGES = Tool(
    name="kernel_images",
    title="Kernel images",
    icon="grid-dots",
    description="The filters of a convolution as images, all on one scale: blue negative, red positive.",
    fits=fits,
    draw=draw,
    follows=("training", "checkpoint"),
)
