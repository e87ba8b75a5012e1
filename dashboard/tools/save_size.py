"""How much room models take: their logs on disk, and their weights."""

import asyncio

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import class_color
from inspectree.dashboard.sizes import THOUSAND, UNITS, bytes_text, unit_of
from inspectree.dashboard.tools.base import Column, Content, Context, Json, Setting, Table, Tool, ToolError
from inspectree.dashboard.tools.charts.captions import first_of
from inspectree.dashboard.tools.charts.named_bars import Series, named_bars
from inspectree.dashboard.tools.questions.statistics import chosen
from inspectree.dashboard.tools.questions.weights_of import Weights, weights_of
from inspectree.dashboard.unit import Unit

SIZES = ("weights", "log on disk", "log per checkpoint")
HEADS = ("weights", "log", "checkpoint")
BYTES = "%{x:,} B"

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
    cut = first_of(len(shown), len(models), "models")
    return {
        "caption": f"{wanted} of {len(shown)} models{cut}",
        "table": _table(names, sizes, shown),
        "figure": named_bars(names, [drawn], template=BYTES, uoas=shown, unit=UNITS[0]),
        "merge": "bars",
    }


def _table(names: list[str], sizes: list[list[float | None]], uoas: list[str]) -> Table:
    """Return a row per model, each column in the unit of its largest size."""
    columns, cells = [Column(name="model", title="model", kind="text")], []
    for place, (size, head) in enumerate(zip(SIZES, HEADS, strict=True)):
        unit = unit_of(max(each[place] or 0 for each in sizes))
        columns.append(Column(name=size, title=f"{head} ({unit})", kind="number"))
        cells.append([_in(each[place], unit) for each in sizes])
    return Table(
        columns=columns, rows=[list(row) for row in zip(names, *cells, strict=True)], uoas=list(uoas)
    )


def _in(size: float | None, unit: str) -> float | None:
    return None if size is None else round(size / THOUSAND ** UNITS.index(unit), 2)


def _sizes(model: Json, weights: list[Weights]) -> list[float | None]:
    """Return the bytes in the order of `SIZES`; None per checkpoint where there is none."""
    checkpoints = len(model["checkpoints"])
    each = model["bytes"] / checkpoints if checkpoints else None
    return [sum(part.nbytes for part in weights), model["bytes"], each]


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
    cut = first_of(len(shown), len(found), "layers", "largest")
    return {
        "caption": f"{bytes_text(total)} of weights, {bytes_text(log)} of log on disk{cut}",
        "series": [{"name": each.name, "color": each.color, "uoa": ""} for each in series],
        "figure": named_bars(
            [part.layer for part in shown], series, template=BYTES, unit=UNITS[0],
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
    settings=(Setting("size", "Bars of", "choice", SIZES[0], choices=SIZES, of=("experiment",)),),
)
