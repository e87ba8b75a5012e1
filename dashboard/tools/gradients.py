"""How the gradients of a variable, or of a layer's output, are distributed while a model learns."""

from inspectree.dashboard.client import Client
from inspectree.dashboard.tools.base import Content, Context, Setting, Tool, ToolError
from inspectree.dashboard.tools.charts.traces import thinned
from inspectree.dashboard.tools.histogram_over_checkpoints import MOST_RIDGES, outlines
from inspectree.dashboard.tools.questions.over_training import chosen_of, numbers_of
from inspectree.dashboard.tools.questions.source import ACTIVATIONS, class_selection, has_values
from inspectree.dashboard.tools.questions.trained import held
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import Path, at, parse


async def draw(client: Client, unit: Unit, context: Context) -> Content:
    """Draw the counts of bins that are the same at every checkpoint."""
    model, path = parse(unit.uoa).model, gradient_path(unit)
    numbers = numbers_of(context, model)
    known = await held(client, model, numbers[-1])
    if path.inside not in known:
        raise ToolError(_missing(unit, any("/gradients/" in each for each in known)))
    shown = [numbers[index] for index in thinned(len(numbers), MOST_RIDGES)]
    histogram = {"op": "histogram", "bins": context.settings["bins"], "by": ["checkpoint"]}
    uoas = [at(str(path), number) for number in shown]
    counts = await client.values(uoas, [*class_selection(unit, context), histogram])
    if "checkpoint" not in counts.dims:
        counts = counts.expand_dims(checkpoint=shown)
    return {
        "caption": "gradient of the mean loss over the samples · "
        f"{chosen_of(context, model, shown)}, the last in front",
        "figure": outlines(counts, "gradient"),
    }


def gradient_path(unit: Unit) -> Path:
    """Return the path of the gradient that belongs to a variable, a layer's output or one of its units."""
    path = parse(unit.uoa)
    layer, name = path.inside.rpartition("/")[::2] if unit.kind == "weights" else (path.inside, ACTIVATIONS)
    return Path(path.model, f"{layer}/gradients/{name}", path.unit)


def _missing(unit: Unit, others: bool) -> str:
    if others:
        return f"{unit.name} has no gradients, other than the rest: the loss does not go through it"
    return f"no gradients of {unit.name} were recorded: log with TreeLogger(…, gradients=True)"


GRADIENTS = Tool(
    name="gradients",
    title="Gradients over checkpoints",
    icon="trending-down",
    description="How the gradients of a kernel, a bias or a layer's output are spread at each checkpoint. "
    "All near 0: they vanish; ever wider: they explode.",
    fits=has_values,
    draw=draw,
    follows=("training", "classes", "filter"),
    settings=(Setting("bins", "Bins", "number", 48, least=2, most=256),),
    family="training",
)
