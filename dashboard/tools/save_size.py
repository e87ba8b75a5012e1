"""How much room models take: their logs on disk, and their weights."""

import asyncio

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import class_color
from inspectree.dashboard.tools.base import Column, Content, Context, Json, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.named_bars import Series, named_bars
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.tools.questions.weights_of import Weights, weights_of
from inspectree.dashboard.unit import Unit

SIZES = ("weights", "log on disk", "log per checkpoint")
HEADS = ("weights (kB)", "log (kB)", "checkpoint (kB)")
MOST = 60
"""Models, or layers, of one widget."""


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the sizes of an experiment's models, or of a model's layers by types."""
    return await (_models if unit.kind == "experiment" else _layers)(client, unit, context)


async def _models(client: Client, unit: Unit, context: Context) -> Content:
    models = context.models_of(unit)
    shown = models[:MOST]
    graphs = await asyncio.gather(*(client.architecture(model) for model in shown))
    sizes = [
        _sizes(context.models[model], weights_of(graph)) for model, graph in zip(shown, graphs, strict=True)
    ]
    wanted = chosen(context.settings["size"], SIZES)
    place = SIZES.index(wanted)
    names = [context.title(model) for model in shown]
    colors = [context.colors[model] for model in shown]
    drawn = Series(wanted, [size[place] or 0 for size in sizes], colors)
    cut = (
        f"the first {len(shown)} of {len(models)} models"
        if len(shown) < len(models)
        else f"{len(shown)} models"
    )
    return {
        "caption": f"{wanted} of {cut}, in bytes",
        "table": {
            "columns": [
                Column(name="model", title="model", kind="text"),
                *(
                    Column(name=size, title=head, kind="number")
                    for size, head in zip(SIZES, HEADS, strict=True)
                ),
            ],
            "rows": [[name, *map(_kilobytes, size)] for name, size in zip(names, sizes, strict=True)],
            "uoas": shown,
        },
        "figure": named_bars(names, [drawn], template="%{x:,} bytes", uoas=shown),
        "merge": "bars",
    }


def _sizes(model: Json, weights: list[Weights]) -> list[float | None]:
    """Return the bytes in the order of `SIZES`; None per checkpoint where there is none."""
    checkpoints = len(model["checkpoints"])
    each = model["bytes"] / checkpoints if checkpoints else None
    return [sum(part.nbytes for part in weights), model["bytes"], each]


def _kilobytes(size: float | None) -> float | None:
    return None if size is None else round(size / 1000, 1)


async def _layers(client: Client, unit: Unit, context: Context) -> Content:
    """Return the bytes of each layer's weights, those of a type in one colour."""
    found = weights_of(await client.architecture(unit.uoa))
    if not found:
        raise ToolError(f"{context.title(unit.uoa)} has no weights")
    shown = sorted(found, key=lambda part: -part.nbytes)[:MOST]
    types = list(dict.fromkeys(dtype for part in found for dtype in part.bytes))
    series = [
        Series(dtype, [part.bytes.get(dtype, 0) for part in shown], class_color(place))
        for place, dtype in enumerate(types)
    ]
    total, log = sum(part.nbytes for part in found), context.models[unit.uoa]["bytes"]
    cut = f" · the {len(shown)} largest of {len(found)} layers" if len(shown) < len(found) else ""
    return {
        "caption": f"{total:,} bytes of weights, {log:,} bytes of log on disk{cut}",
        "series": [{"name": each.name, "color": each.color, "uoa": ""} for each in series],
        "figure": named_bars(
            [part.layer for part in shown], series, template="%{x:,} bytes",
            uoas=[f"{unit.uoa}/{part.layer}" for part in shown],
        ),
        "merge": "bars",
    }  # fmt: skip


SAVE_SIZE = Tool(
    name="save_size",
    title="Size on disk",
    icon="device-floppy",
    description="How much room models take: their weights by type, and what was logged of them.",
    fits=lambda unit: unit.kind in {"experiment", "model"},
    draw=draw,
    follows=("training",),
    family="models",
    settings=(Setting("size", "Bars of", "choice", SIZES[0], choices=SIZES, help="On an experiment."),),
)
