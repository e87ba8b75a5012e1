"""Which values stand for a unit, and under which classes."""

from inspectree.dashboard.tools.base import Context, Json
from inspectree.dashboard.unit import Unit
from inspectree.dashboard.uoa import Path, at, parse

ACTIVATIONS = "activations"
CLASS_MEANS = "mean_class_activations"


def has_values(unit: Unit) -> bool:
    """Tell whether a unit stands for numbers of its own."""
    return unit.kind in {"weights", "unit"} or (unit.kind == "layer" and len(unit.shape) > 1)


def variable_uoa(unit: Unit, variable: str, checkpoint: int) -> str:
    """Return the path of a layer's (or unit's) variable at a checkpoint."""
    path = parse(unit.uoa)
    return at(str(Path(path.model, f"{path.inside}/{variable}", path.unit)), checkpoint)


def values_uoa(unit: Unit, checkpoint: int) -> str:
    """Return the path of the values that a unit stands for: a layer's are its activations."""
    return at(unit.uoa, checkpoint) if unit.kind == "weights" else variable_uoa(unit, ACTIVATIONS, checkpoint)


def noun_of(unit: Unit) -> str:
    """Return what the values that a unit stands for are: those of kernels and biases are weights."""
    return "weights" if unit.kind == "weights" else "activations"


def class_selection(unit: Unit, context: Context) -> list[Json]:
    """Return the steps that keep the selected samples of the classes that are on; none for weights."""
    if unit.kind == "weights":
        return []
    model = parse(unit.uoa).model
    samples, chosen = context.filtered(model), context.classes(model)
    steps: list[Json] = [] if samples is None else [{"op": "select", "label": {"sample": samples}}]
    if chosen != context.all_classes(model):
        steps.append({"op": "select", "class": chosen})
    return steps
