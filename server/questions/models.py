"""What the files of one model hold."""

from inspectree.server.description import catalogue, costs, moment
from inspectree.server.questions.body import Body
from inspectree.server.questions.context import Context
from inspectree.server.updates import MEASURED
from inspectree.server.updates import updates as recorded


def architecture(context: Context, *, model: str) -> Body:
    """Return the model graph: layers, operations, variables, edges."""
    return Body.of(context.store[model].architecture)


def checkpoints(context: Context, *, model: str, variables: bool) -> Body:
    """List the checkpoints that can be read: their costs, and what each of them holds if ``variables``."""
    about, known = catalogue if variables else moment, context.store[model]
    found = known.checkpoints
    pairs = zip(found, costs(known, found), strict=True)
    return Body.of([about(checkpoint) | cost for checkpoint, cost in pairs])


def checkpoint(context: Context, *, model: str, number: int) -> Body:
    """Tell of one checkpoint when it was taken, its metrics, size and costs, and the variables it holds."""
    known = context.store[model]
    checkpoint = known.checkpoint(number)
    (cost,) = costs(known, [checkpoint])
    return Body.of(catalogue(checkpoint) | cost)


def updates(context: Context, *, model: str, below: str, points: int) -> Body:
    """Tell what the recorded training steps did to each variable; of many steps some, evenly chosen."""
    found = recorded(context.store[model], below, points)
    names = [str(name) for name in found["variable"].values] if found.sizes else []
    elements = len(MEASURED) * len(names) * found.sizes.get("step", 0)
    context.limits.check("elements", elements, "this answer holds", "ask below a layer, or for fewer points")
    values = {name: found[name].values.T.tolist() if found.sizes else [] for name in MEASURED}
    steps = found["step"].values.tolist() if found.sizes else []
    return Body.of({"total": found.attrs["total"], "steps": steps, "variables": names, **values})
