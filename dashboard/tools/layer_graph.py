"""The layers of a model and what flows between them, as a picture that stays while one looks elsewhere."""

from inspectree.dashboard.client import Client
from inspectree.dashboard.colors import GREY, class_color
from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.drawing import shape_text, text_width
from inspectree.dashboard.graphs.layered import layered
from inspectree.dashboard.graphs.pictograms import kind
from inspectree.dashboard.tools.base import Content, Context, Json, Tool, ToolError
from inspectree.dashboard.tools.charts.figures import figure
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import parse

Point = tuple[float, float]

ROW, MARGIN, DOT = 30, 16, 12
"""Height of a layer, the space around all of them, and around a dot, in pixels."""

TALLEST = 640
"""Pixels of the picture of a deep model; its layers are nearer to each other then, and without names."""

WIDTH = 300
"""Pixels that a widget has at least: names that need more are told when the pointer is over a layer."""

KINDS = (
    "convolution", "pooling", "dense", "normalisation", "recurrent", "merge", "attention", "activation",
)  # fmt: skip
NESTED = {"Functional", "Sequential"}


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw a dot per layer, from the input (above) to the output, in colours by kind."""
    path = parse(unit.uoa)
    architecture = Architecture(await client.architecture(path.model))
    nodes = architecture.layers(path.inside or None)
    if not nodes:
        raise ToolError(f"{unit.name} has no layers inside")
    kinds = {kind(node["type"]) for node in nodes}
    where = f" in {context.title(path.model)}" if path.inside else ""
    return {
        "caption": f"{len(nodes)} layers of {unit.name}{where}",
        "series": [
            {"name": name, "color": _color(name), "uoa": ""} for name in (*KINDS, "other") if name in kinds
        ],
        "figure": picture(path.model, architecture, path.inside or None, nodes),
    }


def picture(model: str, architecture: Architecture, group: str | None, nodes: list[Json]) -> Json:
    """Return dots at the layers' places, lines along the data flow, and names where there is room."""
    ids = {node["id"] for node in nodes}
    links = [link for link in architecture.links(group) if ids.issuperset(link)]
    sizes = {node["id"]: (text_width(node["name"], 11) + 40, float(ROW)) for node in nodes}
    placement = layered(sizes, links)
    places = placement.centres
    routes = [
        [places[source], *placement.bends.get(index, []), places[target]]
        for index, (source, target) in enumerate(links)
    ]
    across = [x for route in routes for x, _ in route]
    left = min(*across, *(x - DOT for x, _ in places.values()))
    right = max(*across, *(x + sizes[id_][0] for id_, (x, _) in places.items()))
    low, high = (pick(y for _, y in places.values()) for pick in (min, max))
    height = min(TALLEST, ROW * len({y for _, y in places.values()}) + 2 * MARGIN)
    roomy = right - left <= WIDTH and height < TALLEST
    return figure(
        [_lines(routes), _dots(model, nodes, places, named=roomy)],
        height=round(height),
        x={"visible": False, "range": [left, right]},
        margin={"t": MARGIN, "b": MARGIN},
        y={"visible": False, "range": [high, low]},
    )


def _lines(routes: list[list[Point]]) -> Json:
    """Return all edges as one trace, with a gap after each."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for route in routes for x in (*(x for x, _ in route), None)],
        "y": [y for route in routes for y in (*(y for _, y in route), None)],
        "line": {"color": GREY, "width": 1.3},
        "hoverinfo": "skip",
    }


def _dots(model: str, nodes: list[Json], places: dict[str, Point], *, named: bool) -> Json:
    shapes = [shape_text(node["outputs"][0]["shape"][1:]) if node["outputs"] else "" for node in nodes]
    return {
        "type": "scatter",
        "mode": "markers+text" if named else "markers",
        "x": [places[node["id"]][0] for node in nodes],
        "y": [places[node["id"]][1] for node in nodes],
        "text": [node["name"] for node in nodes],
        "textposition": "middle right",
        "cliponaxis": False,
        "marker": {
            "symbol": ["square" if node["type"] in NESTED else "circle" for node in nodes],
            "size": 10,
            "color": [_color(kind(node["type"])) for node in nodes],
        },
        "customdata": [f"{node['type']} · {shape}" for node, shape in zip(nodes, shapes, strict=True)],
        "hovertemplate": "%{text}<br>%{customdata}<extra></extra>",
        "meta": {"uoas": [f"{model}/{node['id']}" for node in nodes]},
    }


def _color(name: str) -> str:
    return class_color(KINDS.index(name)) if name in KINDS else GREY


LAYER_GRAPH = Tool(
    name="layer_graph",
    title="Layer graph",
    icon="sitemap",
    description="A small picture of a model's layers and the data flow between them. It stays while you look "
    "at something else, and lights the layer that you point at.",
    fits=lambda unit: unit.kind == "model" or (unit.kind == "layer" and unit.type in NESTED),
    draw=draw,
    follows=("training",),
    family="functions",
)
