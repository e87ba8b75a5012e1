"""From the view to two models side by side: asks the server for both and for what is different."""

from inspectree.dashboard.client import Client, ServerError
from inspectree.dashboard.graphs.architecture import Architecture
from inspectree.dashboard.graphs.beside import Shown
from inspectree.dashboard.graphs.compared import draw_compared
from inspectree.dashboard.graphs.drawing import Drawing
from inspectree.dashboard.graphs.layers import draw_layers
from inspectree.dashboard.index import Index
from inspectree.dashboard.tools import fitting
from inspectree.dashboard.uoa import parse
from inspectree.dashboard.view import View


async def draw_beside(client: Client, view: View, index: Index) -> Drawing:
    """Return the model in focus beside the other; alone, with the reason, where it cannot be."""
    after, other = await _shown(client, view.focus, index), index.model(view.compared)
    if other is None:
        return _alone(
            after, view, f"this store holds no model {parse(view.compared).model!r} to compare with"
        )
    if other["id"] == after.model["id"]:
        return _alone(after, view, f"{after.model['label']} is the same beside itself: choose another model")
    try:
        before = await _shown(client, view.compared, index)
        found = await client.comparison(other["id"], after.model["id"])
    except ServerError as error:
        return _alone(after, view, f"{other['label']} cannot be compared with: {error}")
    return draw_compared(before, after, found, fitting, view.unfolded)


async def _shown(client: Client, uoa: str, index: Index) -> Shown:
    path = parse(uoa)
    architecture = Architecture(await client.architecture(path.model))
    group = path.inside if path.inside in architecture.by_id else None
    return Shown(index.models[path.model], architecture, group, index.colors[path.model])


def _alone(shown: Shown, view: View, why: str) -> Drawing:
    drawing = draw_layers(shown.model, shown.architecture, shown.group, shown.color, fitting, view.unfolded)
    drawing["hint"] = why
    return drawing
