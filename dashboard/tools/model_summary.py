"""The layers of a model as Keras' ``model.summary()`` lists them."""

from math import prod

from inspectree.dashboard.client import Client
from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.drawing import shape_text
from inspectree.dashboard.tools.base import Content, Context, Json, Setting, Tool
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """List the layers in the order of the calls, with the totals."""
    model = parse(unit.uoa).model
    architecture = Architecture(await client.architecture(model))
    nested = context.settings["nested"]
    nodes = layers_of(architecture, None, nested=nested)
    about = context.models[model]
    total, trainable = about["parameters"], about["trainable_parameters"]
    flops = architecture.flops()
    work = "" if flops is None else f" · {flops:,} FLOPs per sample"
    return {
        "caption": f"{total:,} parameters: {trainable:,} trainable, {total - trainable:,} not{work}",
        "table": {
            "columns": [
                {"name": "layer", "title": "layer", "kind": "text"},
                {"name": "type", "title": "type", "kind": "text"},
                {"name": "shape", "title": "output shape", "kind": "text"},
                {"name": "parameters", "title": "parameters", "kind": "number"},
                {"name": "flops", "title": "FLOPs", "kind": "number"},
                {"name": "from", "title": "connected to", "kind": "text"},
            ],
            "rows": [_row(architecture, node, nested=nested) for node in nodes],
            "uoas": [f"{model}/{node['id']}" for node in nodes],
        },
        "merge": "table",
    }


def layers_of(architecture: Architecture, parent: str | None, *, nested: bool) -> list[Json]:
    """Return the layers in the order of the calls; where wanted, each nested model's own below it."""
    found = []
    for node in architecture.layers(parent):
        found += [node, *(layers_of(architecture, node["id"], nested=True) if nested else [])]
    return found


def _row(architecture: Architecture, node: Json, *, nested: bool) -> list[str | int | None]:
    """Return name, type, shape, parameters, FLOPs and sources; not what a nested model's own rows tell."""
    shapes = [f"({shape_text(output['shape'][1:])})" for output in node["outputs"]]
    inside = nested and architecture.is_group(node["id"])
    own = sum(prod(variable["shape"]) for variable in node["variables"])
    parameters = own if inside else architecture.parameters(node["id"])
    sources = ", ".join(source["name"] for source in architecture.sources(node["id"]))
    flops = None if inside else node["flops"]
    return [node["id"].replace("/", " › "), node["type"], ", ".join(shapes), parameters, flops, sources]


MODEL_SUMMARY = Tool(
    name="model_summary",
    title="Model summary",
    icon="list-numbers",
    description="Every layer with its type, output shape, parameters, floating-point operations and what "
    "feeds it, and the totals: what model.summary() prints, and more.",
    fits=lambda unit: unit.kind == "model",
    draw=draw,
    follows=("training",),
    settings=(Setting("nested", "Inside nested models", "switch", False),),
    family="functions",
)
