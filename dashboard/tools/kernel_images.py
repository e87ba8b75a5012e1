"""The filters of a convolution as images."""

import xarray as xr

from inspectree.dashboard.client import Client
from inspectree.dashboard.images import SIGNED, symmetric, uri
from inspectree.dashboard.tools.base import Content, Context, Picture, Tool
from inspectree.dashboard.tools.charts.captions import some_of
from inspectree.dashboard.tools.questions.axes import units_of
from inspectree.dashboard.tools.questions.statistics import stacked
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
    uoa, (target, inputs, filters) = at(unit.uoa, number), _sizes(unit)
    ends = await client.values(uoa, stacked(["minimum", "maximum"]))
    shown = {"in": min(inputs, MOST), target: min(filters, -(-MOST // inputs))}
    only = {"op": "select", "slice": {dim: [0, count] for dim, count in shown.items()}}
    kernel = (await client.values(uoa, [only])).transpose("y", "x", "in", ...)
    limits = symmetric(ends.values)
    images = pictures(kernel, limits, f"{path.model}/{path.inside.rpartition('/')[0]}", unit)
    low, high = limits
    each = "filters for each of" if target == "multiplier" else "filters ×"
    first, some = (
        "the first " if len(images) < inputs * filters else "",
        some_of(len(images), inputs * filters),
    )
    return {
        "caption": f"{first}{some} images ({filters} {each} {inputs} inputs)"
        f" · {low:.2g} blue … {high:.2g} red",
        "pictures": images,
    }


def _sizes(unit: Unit) -> tuple[str, int, int]:
    """Return the dim of the filters, how many inputs there are and how many filters."""
    sizes = dict(zip(unit.dims, unit.shape, strict=True))
    target = next(dim for dim in unit.dims if dim not in {"y", "x", "in"})
    return target, sizes["in"] or 1, sizes[target] or 1


def pictures(kernel: xr.DataArray, limits: tuple[float, float], layer: str, unit: Unit) -> list[Picture]:
    """Return the images of a kernel (y, x, in, out) or (y, x, in, multiplier), filter by filter."""
    dim, inputs, filters = _sizes(unit)
    depthwise, units = dim == "multiplier", units_of(unit, dim) or filters
    shown = (range(kernel.sizes[dim]), range(kernel.sizes["in"]))
    pairs = [(source, target) for target in shown[0] for source in shown[1]][:MOST]
    return [
        Picture(
            src=uri(kernel.values[:, :, source, target], SIGNED, limits),
            label=str(target) if inputs == 1 else f"{source}→{target}",
            uoa=f"{layer}#{source * filters + target if depthwise else target % units}",
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
